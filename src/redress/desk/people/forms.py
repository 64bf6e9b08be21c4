"""What can be typed about a person?"""

from __future__ import annotations

from typing import Any

from django import forms

from redress.people.queries import Adjustment, Contact
from redress.plumbing.look.fields import DayField

NEVER_BY = (("email", "E-mail"), ("post", "Post"), ("telephone", "Telephone"))


class PersonForm(forms.Form):
    """Who somebody is and how to reach them."""

    kind = forms.ChoiceField(label="What they are to us", choices=Contact.Kind.choices)
    title = forms.CharField(label="Title", max_length=40, required=False, help_text="As they gave it: Mrs, Dr, Mx")
    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail", required=False)
    telephone = forms.CharField(label="Telephone", max_length=60, required=False)
    address = forms.CharField(
        label="Address", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    prefers = forms.ChoiceField(
        label="Wants to hear from us by", choices=Contact.Channel.choices, widget=forms.RadioSelect
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AdjustmentForm(forms.Form):
    """Something that must be honoured."""

    kind = forms.ChoiceField(label="What it is", choices=Adjustment.Kind.choices)
    text = forms.CharField(
        label="In a few practical words", max_length=300, help_text="“Ring before 1pm, let it ring”, never a diagnosis"
    )
    never_by = forms.ChoiceField(
        label="Never reach them by",
        required=False,
        choices=[("", "No way is ruled out"), *NEVER_BY],
        help_text="For safe contact: a letter this way is then refused",
    )
    review_on = DayField(label="Look at it again on", name="The day of review", required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the day of review of a restriction."""
        given = super().clean() or {}
        unreviewed = given.get("kind") == Adjustment.Kind.RESTRICTION and not given.get("review_on")
        if unreviewed and "review_on" not in self.errors:
            self.add_error("review_on", "Give the day on which the restriction is looked at again")
        return given
