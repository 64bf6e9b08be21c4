"""The Django app that holds the trail."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Permissions, roles, the step and the trail."""

    name = "redress.access"
    label = "access"
