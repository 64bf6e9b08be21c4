"""How is a list narrowed?"""

from __future__ import annotations

from datetime import date

from django import forms

from redress.access.actor import Actor
from redress.cases.queries import Case, Wanted
from redress.council import queries as council_queries
from redress.plumbing import moment


class FilterForm(forms.Form):
    """Narrow a list by council, procedure and service; every choice stands in the address."""

    council = forms.ChoiceField(required=False, label="Council")
    procedure = forms.ChoiceField(required=False, label="Procedure")
    service = forms.ChoiceField(required=False, label="Service")
    kind = forms.ChoiceField(required=False, label="What it is")

    def __init__(self, *args: object, viewer: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        councils = council_queries.councils(viewer)
        services = [
            (str(service.pk), f"{service.name}, {council.short_name}" if len(councils) > 1 else service.name)
            for council in councils
            for service in council_queries.services(viewer, council.pk, moment.today())
        ]
        self.choose("council", [(str(council.pk), council.short_name) for council in councils])
        self.choose(
            "procedure",
            [("corporate-complaint", "Corporate complaints"), ("housing-complaint", "Housing complaints")],
        )
        self.choose("service", services)
        self.choose("kind", list(Case.Kind.choices))

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer these choices, and "any"."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *choices]

    def wanted(self, **more: object) -> Wanted:
        """Give what the list is narrowed to; a choice that does not exist narrows nothing."""
        chosen = self.cleaned_data if self.is_valid() else {}
        asked: dict[str, object] = {
            "council_id": int(chosen["council"]) if chosen.get("council") else None,
            "procedure": chosen.get("procedure", ""),
            "service_id": int(chosen["service"]) if chosen.get("service") else None,
            "kind": chosen.get("kind", ""),
        }
        return Wanted(**{**asked, **more})  # type: ignore[arg-type]

    def query(self) -> dict[str, str]:
        """Give the choices as they stand in the address."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}


def place(value: str) -> tuple[date, int] | None:
    """Read the place from which a page goes on; None for one that cannot be read."""
    day, _dot, number = value.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
