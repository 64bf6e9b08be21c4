"""The Django app of the desk: templates only, no tables."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The staff's way in."""

    name = "redress.desk"
    label = "desk"
