"""Which name does Django know the plumbing by? It brings template tags, frames and static files; no models.

Example: ``INSTALLED_APPS = [..., "redress.plumbing"]``.
"""

from django.apps import AppConfig


class PlumbingConfig(AppConfig):
    """Make the frames, the components and the style sheet findable."""

    name = "redress.plumbing"
    label = "plumbing"
