"""The Django app that holds tasks."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Work asked of services."""

    name = "redress.tasks"
    label = "tasks"
