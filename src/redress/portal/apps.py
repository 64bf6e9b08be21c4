"""The Django app of the portal: templates only, no tables."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public's way in."""

    name = "redress.portal"
    label = "portal"
