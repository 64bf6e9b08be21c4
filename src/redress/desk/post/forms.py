"""What is typed when a letter is written, posted or settled?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from redress.casework import correspondence
from redress.plumbing.look.fields import DayField


class WriteForm(forms.Form):
    """A letter or e-mail in the officer's own words."""

    kind = forms.ChoiceField(
        label="What do you want to send?", widget=forms.RadioSelect, initial="other",
        choices=list(correspondence.KINDS.items()),
    )  # fmt: skip
    to = forms.TypedChoiceField(label="To", coerce=int, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label="How", required=False, widget=forms.RadioSelect,
        choices=(("", "As the person prefers"), ("email", "E-mail"), ("post", "Post")),
    )  # fmt: skip
    subject = forms.CharField(label="Subject", required=False, max_length=200)
    words = forms.CharField(
        label="What do you want to say?", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text="The greeting, the signature and the reference come by themselves.",
    )  # fmt: skip
    reveals = {"kind": {"other": ("subject",)}}

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(people)


class RunForm(forms.Form):
    """Who took the post, and when."""

    taken_by = forms.CharField(label="Who took them?", max_length=120, required=False)
    on = DayField(label="When?", name="The day on which they were taken")
    letters = forms.TypedMultipleChoiceField(
        label="Letters", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick the letters that went"},
    )  # fmt: skip

    def __init__(self, *args: Any, letters: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["letters"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(number, str(number)) for number in letters]


class SettleForm(forms.Form):
    """What became of a letter, and how that is known."""

    what = forms.ChoiceField(
        label="What became of it?", widget=forms.RadioSelect,
        choices=(
            ("went", "It went"), ("again", "It did not go: send it again"), ("post", "It did not go: send it by post"),
        ),
    )  # fmt: skip
    reason = forms.CharField(
        label="How do you know?", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whom you asked, or what you saw in the mail server’s log.",
    )  # fmt: skip
    on = DayField(label="If it went: on which day?", name="The day on which it went", required=False)
