"""The Django app that holds the mark of an installation, and puts together what registers itself."""

from importlib import import_module

from django.apps import AppConfig


class ServerConfig(AppConfig):
    """Start-up, settings and the command."""

    name = "redress.server"
    label = "server"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what registers itself, so that the check of the trail asks the records too."""
        import_module("redress.casework.witness")
