"""The Django app that holds officers."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Officers, roles, absence and cover."""

    name = "redress.staff"
    label = "staff"
