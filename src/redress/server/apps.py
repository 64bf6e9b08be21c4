"""The Django app that holds the mark of an installation."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    """Start-up, settings and the command."""

    name = "redress.server"
    label = "server"
    default_auto_field = "django.db.models.BigAutoField"
