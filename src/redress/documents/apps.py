"""The Django app that holds documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents and their scans."""

    name = "redress.documents"
    label = "documents"
