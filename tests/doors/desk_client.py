"""Signing in to the desk on Monday 23 November 2026, for the tests of its pages."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from redress.staff.models import Officer

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def desk(officer: Officer) -> Client:
    """Sign somebody in."""
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def page(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    """Open a page, which must answer so and have one heading."""
    answer = client.get(reverse(f"desk:{name}", args=args) + query)
    assert answer.status_code == status, (name, answer.status_code)
    text = answer.content.decode()
    if status == 200:
        assert text.count("<h1") == 1, name
    return text


def press(client: Client, page_name: str, /, *args: Any, **typed: Any) -> Any:
    """Send a form of a page."""
    return client.post(reverse(f"desk:{page_name}", args=args), typed)
