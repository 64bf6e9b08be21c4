"""Which addresses are there? Walked from the resolver, so that none can be left out.

Example: ``for address in every(): print(address.name, address.wanted)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    """One address: its name with its namespace, and the parameters that it wants."""

    name: str
    route: str
    wanted: tuple[str, ...]
    view: str

    def fill(self, values: dict[str, Any]) -> str:
        """Write the address with these parameters."""
        return reverse(self.name, kwargs=values)


def every() -> list[Address]:
    """Give every address of the program."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda one: one.name)


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, route, inner)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{route} has no name"
            view = f"{entry.callback.__module__}.{getattr(entry.callback, '__name__', '')}"
            yield Address(f"{space}{entry.name}", route, tuple(entry.pattern.converters), view)
