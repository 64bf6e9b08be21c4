"""The Django app that holds contacts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Contacts, authority to act and adjustments."""

    name = "redress.people"
    label = "people"
