"""What is typed about a council's own shape: its parts, its contact details, its working settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from redress.casework.council_shape import CONTACT, MOST_DAYS, SAID, WORKING, ServiceGiven
from redress.council.queries import Council, Directorate, Service
from redress.plumbing.look.fields import DayField
from redress.staff.queries import Officer


class NameForm(forms.Form):
    """What a directorate or a category is called."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give a name"})

    def given(self) -> str:
        """Give the name that was typed."""
        return str(self.cleaned_data["name"])


class ServiceForm(forms.Form):
    """What a service is called, where it belongs and who answers for it."""

    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Give a name"},
        help_text="As the public knows it. It stands in letters and lists.",
    )  # fmt: skip
    directorate = forms.ChoiceField(label="Directorate", error_messages={"required": "Choose a directorate"})
    manager = forms.ChoiceField(
        label="Manager", required=False, help_text="Is told of each question to the service, and answers it."
    )
    deputy = forms.ChoiceField(label="Deputy", required=False, help_text="Is told as well, and may answer.")
    email = forms.EmailField(label="E-mail of the service", required=False, max_length=254)
    lgsl = forms.CharField(
        label="LGSL code", required=False, max_length=10,
        help_text="The number in the Local Government Services List, such as 524.",
    )  # fmt: skip
    landlord = forms.BooleanField(
        label="The council is the landlord here", required=False,
        help_text="New complaints about it are offered the housing procedure.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, places: Iterable[Directorate], people: Iterable[Officer], of: Service | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = [("", "Choose"), *((str(one.pk), one.name) for one in places)]
        who = [("", "Nobody"), *((str(one.pk), one.name) for one in people)]
        for name, choices in (("directorate", chosen), ("manager", who), ("deputy", who)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if of is not None:
            self.initial = {
                "name": of.name,
                "directorate": of.directorate_id,
                "manager": of.manager or "",
                "deputy": of.deputy or "",
                "email": of.email,
                "lgsl": of.lgsl,
                "landlord": of.landlord,
            }

    def given(self) -> ServiceGiven:
        """Give what was typed as the steps take it."""
        typed = self.cleaned_data
        return ServiceGiven(
            name=typed["name"],
            directorate=int(typed["directorate"]),
            email=typed["email"],
            lgsl=typed["lgsl"],
            landlord=typed["landlord"],
            manager=int(typed["manager"]) if typed["manager"] else None,
            deputy=int(typed["deputy"]) if typed["deputy"] else None,
        )


class EndForm(forms.Form):
    """From which day on something is no longer offered."""

    ended_on = DayField(label="First day on which it is no longer offered", name="The day")


class ContactForm(forms.Form):
    """How people reach the council."""

    name = forms.CharField(label=CONTACT["name"], max_length=200)
    short_name = forms.CharField(label=CONTACT["short_name"], max_length=60, help_text="Where there is little room.")
    address = forms.CharField(
        label=CONTACT["address"], max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One line of the address on each line, as on an envelope.",
    )  # fmt: skip
    telephone = forms.CharField(label=CONTACT["telephone"], max_length=40)
    email = forms.EmailField(label=CONTACT["email"])
    web = forms.CharField(label=CONTACT["web"], max_length=200, required=False)
    opening_hours = forms.CharField(label=CONTACT["opening_hours"], max_length=200, required=False)

    def __init__(self, *args: Any, of: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(of, name) for name in CONTACT}

    def given(self) -> dict[str, str]:
        """Give what was typed, by column."""
        return {name: str(self.cleaned_data[name]) for name in CONTACT}


def _either(name: str, hint: str) -> forms.ChoiceField:
    on, off = SAID[name]
    return forms.ChoiceField(
        label=WORKING[name], choices=(("no", off), ("yes", on)), widget=forms.RadioSelect, help_text=hint
    )


class WorkingForm(forms.Form):
    """How the council works within the rules; the cautious choice stands first."""

    due_soon_within = forms.IntegerField(
        label="A case is due soon when its date is within", min_value=0, max_value=MOST_DAYS
    )
    critically_overdue_after = forms.IntegerField(
        label="A case is critically overdue when it is late by more than", min_value=0, max_value=MOST_DAYS
    )
    literal_response_start = _either(
        "literal_response_start",
        "When a complaint was acknowledged late. Both dates are shown on the case either way.",
    )
    closures_count = _either(
        "closures_count", "Days on which the offices are closed, beside weekends and bank holidays."
    )
    receipt_rolls_forward = _either(
        "receipt_rolls_forward",
        "A request under the Freedom of Information Act that arrives on a weekend or bank holiday. The Act and the "
        "Commissioner count from the day of arrival; the 2018 Code of Practice from the next working day.",
    )

    def __init__(self, *args: Any, of: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            name: ("yes" if getattr(of, name) else "no") if name in SAID else getattr(of, name) for name in WORKING
        }

    def given(self) -> dict[str, int | bool]:
        """Give what was chosen, by column."""
        typed = self.cleaned_data
        return {name: typed[name] == "yes" if name in SAID else typed[name] for name in WORKING}
