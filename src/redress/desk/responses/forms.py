"""What is typed when a stage is answered, checked, extended, closed or taken further?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from redress.casework import answer_letter, closure, extension, response
from redress.plumbing.look.fields import DayField

REMEDY_KINDS = (
    ("apology", "Apology"),
    ("acknowledge", "Acknowledging what went wrong"),
    ("explain", "Explanation, help or reasons"),
    ("act", "Action where there was delay"),
    ("reconsider", "Reconsidering or changing a decision"),
    ("record", "Changing or adding to a record"),
    ("payment", "Payment"),
    ("policy", "Changing policy, procedure or practice"),
)
"""The eight kinds of both Codes (7.1)."""

THROUGH = (
    ("email", "E-mail"),
    ("telephone", "Telephone"),
    ("letter", "Letter"),
    ("visit", "Visit"),
    ("portal", "Web form"),
)


def area(label: str, *, rows: int = 3, hint: str = "", required: bool = False) -> forms.CharField:
    """Make a field for several lines."""
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=20_000, widget=forms.Textarea(attrs={"rows": rows})
    )


class WordsForm(forms.Form):
    """The officer's own words around the points."""

    understanding = area("What you complained about", hint="In the person’s own words where you can.")
    how_looked_into = area("How we looked into it", hint="Records, people, policy.")
    adjustments_considered = area("How what must be honoured was taken into account")
    closing = area("Closing words", rows=2)

    def words(self) -> response.Words:
        """Give what was typed to the step."""
        return response.Words(**{name: self.cleaned_data[name] for name in self.fields})


class PointForm(forms.Form):
    """What was found on a point."""

    decision = forms.ChoiceField(
        label="Finding",
        required=False,
        choices=[
            ("", "Nothing yet"), ("upheld", "Upheld"), ("partly-upheld", "Partly upheld"), ("not-upheld", "Not upheld")
        ],
    )  # fmt: skip
    should = area("What should have happened", rows=2)
    reason = area("What did, and why you think so", rows=4)
    injustice = area("What it meant for the person", rows=2)
    no_remedy_because = area("If nothing is to be put right: why", rows=2)


class RemedyForm(forms.Form):
    """One thing that will be done."""

    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Choose"), *REMEDY_KINDS])
    text = forms.CharField(label="What we will do", required=False, max_length=2000)
    owner = forms.TypedChoiceField(label="Who does it", required=False, coerce=int, empty_value=None)
    due_on = DayField(label="By when", name="The date of the remedy", required=False)
    amount = forms.DecimalField(
        label="Amount", required=False, max_digits=10, decimal_places=2, min_value=Decimal("0.01"),
        error_messages={"invalid": "The amount must be a sum of money, like 150.00"},
    )  # fmt: skip
    cost_centre = forms.CharField(label="Cost centre", required=False, max_length=60)
    drop = forms.BooleanField(label="Take this out", required=False)

    def __init__(
        self, *args: Any, people: Sequence[tuple[int, str]], remedy_id: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.remedy_id = remedy_id
        owner = self.fields["owner"]
        assert isinstance(owner, forms.TypedChoiceField)
        owner.choices = [("", "Nobody yet"), *people]
        if remedy_id is None:
            del self.fields["drop"]

    def clean(self) -> dict[str, Any]:
        """See that what was begun says what and of which kind."""
        found = super().clean() or {}
        begun = any(found.get(name) for name in ("text", "owner", "due_on", "amount"))
        if (begun or self.remedy_id is not None) and not found.get("drop"):
            if not (found.get("text") or "").strip():
                self.add_error("text", "Say what we will do")
            if not found.get("kind"):
                self.add_error("kind", "Choose the kind of remedy")
        return found

    def typed(self) -> response.RemedyInput | None:
        """Give the remedy to the step; None for an empty row."""
        found = self.cleaned_data
        if not (found.get("text") or "").strip() and self.remedy_id is None:
            return None
        return response.RemedyInput(
            kind=found.get("kind") or "act",
            text=(found.get("text") or "").strip(),
            owner_id=found.get("owner"),
            due_on=found.get("due_on"),
            amount=found.get("amount"),
            cost_centre=found.get("cost_centre", ""),
            id=self.remedy_id,
            drop=bool(found.get("drop")),
        )


def point_initial(answer: answer_letter.PointAnswer) -> dict[str, Any]:
    """Give what is saved about a point."""
    if answer.finding is None:
        return {}
    return {name: getattr(answer.finding, name) for name in PointForm.base_fields}


class AskForm(forms.Form):
    """Who is to check."""

    asked_of = forms.TypedChoiceField(label="Who is to check it?", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["asked_of"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Anyone who may"), *people]


class CheckForm(forms.Form):
    """What the checker ticks and says; the parts and the points are those of this answer."""

    def __init__(self, *args: Any, parts: Sequence[Any], points: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts, self.points = parts, points
        for part in parts:
            self.fields[f"part-{part.key}"] = forms.BooleanField(label=part.label, help_text=part.why, required=False)
        for number in points:
            self.fields[f"remark-{number}"] = area(f"What to change on point {number}", rows=2)
        self.fields["remark"] = area("A comment, if you return it", rows=3)

    def ticked(self) -> dict[str, bool]:
        """Give which parts were ticked."""
        return {part.key: bool(self.cleaned_data[f"part-{part.key}"]) for part in self.parts}

    def remarks(self) -> list[dict[str, Any]]:
        """Give the remarks on points."""
        said = [{"point": number, "text": self.cleaned_data[f"remark-{number}"]} for number in self.points]
        return [one for one in said if str(one["text"]).strip()]


class ExtendForm(forms.Form):
    """How much more time, and why."""

    working_days = forms.IntegerField(
        label="How many working days more?", min_value=1, max_value=250,
        error_messages={"required": "Say how many working days more are needed", "invalid": "Give a whole number"},
    )  # fmt: skip
    usual = forms.ChoiceField(
        label="Reason", required=False, widget=forms.RadioSelect,
        choices=[*extension.REASONS.items(), ("", "Only my own words")],
    )  # fmt: skip
    words = area("In your own words, for this complaint", rows=3, hint="The person reads this.")
    override_reason = area(
        "Good reason for going beyond what the Code allows", rows=2, hint="Kept on the record, not in the letter."
    )

    def reason(self) -> str:
        """Give the reason as the person reads it."""
        usual = extension.REASONS.get(self.cleaned_data.get("usual", ""), "")
        return "\n\n".join(part for part in (usual, self.cleaned_data.get("words", "").strip()) if part)


class CloseForm(forms.Form):
    """How and why a case ends without an answer."""

    outcome = forms.ChoiceField(
        label="How did it end?", required=False, widget=forms.RadioSelect,
        choices=[(key, word) for key, (word, _) in closure.BY_HAND.items()],
    )  # fmt: skip
    reason = area("Why", rows=4)
    on = DayField(label="On which day?", name="The day on which it ended")
    choice_hints = {"outcome": {key: hint for key, (_, hint) in closure.BY_HAND.items()}}


class EscalateForm(forms.Form):
    """What the person said when they asked for the next stage."""

    asked_through = forms.ChoiceField(label="How did they ask?", widget=forms.RadioSelect, choices=THROUGH)
    asked_on = DayField(label="On which day did it reach us?", name="The day on which they asked")
    which = forms.ChoiceField(
        label="Which points?", widget=forms.RadioSelect, initial="all",
        choices=(("all", "All of them"), ("some", "Some of them")),
    )  # fmt: skip
    points = forms.TypedMultipleChoiceField(
        label="The points that they are not satisfied with",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    disputed_all = area("What are they not satisfied with?", hint="In their words. They need not give reasons.")
    outcome_sought = area("What do they want to happen now?", rows=2)
    reveals = {"which": {"some": ("points",)}}

    def __init__(self, *args: Any, points: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["points"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(points)

    def clean(self) -> dict[str, Any]:
        """See that points were ticked where only some are meant."""
        found = super().clean() or {}
        if found.get("which") == "some" and not found.get("points"):
            self.add_error("points", "Tick at least one point, or choose all of them")
        return found


class DoneForm(forms.Form):
    """How it is known that a promise was kept."""

    on = DayField(label="When was it done?", name="The day on which it was done")
    evidence_text = area("What shows that it was done?", hint="Who did what, and how you know.")
    evidence = forms.TypedChoiceField(
        label="A document of the case that shows it", required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, documents: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "None"), *documents]


class ReplaceForm(forms.Form):
    """What is done in the place of a promise that can't be kept."""

    reason = area("Why can’t it be done?", hint="The person reads this.", required=True)
    text = area("What will we do instead?", rows=2, required=True)
    owner = forms.TypedChoiceField(label="Who does it", coerce=int, empty_value=None)
    due_on = DayField(label="By when", name="The new date")

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Choose"), *people]
