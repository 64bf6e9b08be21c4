"""The Django app that holds cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases and everything that feeds their clocks."""

    name = "redress.cases"
    label = "cases"
