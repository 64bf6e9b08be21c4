"""The Django app that holds checks."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Checks of responses by another person."""

    name = "redress.quality"
    label = "quality"
