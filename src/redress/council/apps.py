"""The Django app that holds councils."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Councils and what each decides for itself."""

    name = "redress.council"
    label = "council"
