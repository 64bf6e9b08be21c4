"""The Django app that holds correspondence."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """Messages in and letters out."""

    name = "redress.correspondence"
    label = "correspondence"
