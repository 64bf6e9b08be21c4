"""What can be typed about a person?"""

from __future__ import annotations

from django import forms

from redress.people.queries import Adjustment, Contact
from redress.plumbing.look.fields import DayField


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
    review_on = DayField(label="Look at it again on", name="The day of review", required=False)
