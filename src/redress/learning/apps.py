"""The Django app that holds remedies."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Remedies and promises, open until they are done."""

    name = "redress.learning"
    label = "learning"
