"""What can be typed about a case, and what must be?

Each form knows its case, so that only what belongs to the same council can be chosen.
"""

from __future__ import annotations

from typing import Any

from django import forms

from redress.access.actor import Actor
from redress.cases.queries import Case, Note, PointState
from redress.casework.allocation import Candidate
from redress.council import queries as council_queries
from redress.plumbing import moment
from redress.plumbing.look.fields import DayField
from redress.staff import queries as staff_queries

CHANNELS = (("email", "By e-mail"), ("post", "By post"))


def words(label: str, *, rows: int = 3, hint: str = "", required: bool = True, most: int = 20_000) -> forms.CharField:
    """Make a field for several lines."""
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class ChannelForm(forms.Form):
    """How a letter goes."""

    channel = forms.ChoiceField(label="How it goes", choices=CHANNELS, widget=forms.RadioSelect)
    understanding = words("Anything to add in your own words", rows=2, required=False)

    def __init__(self, *args: Any, case: Case, to: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        self.choice_hints = {
            "channel": {
                "email": to.email or "We have no e-mail address",
                "post": ", ".join(to.address.splitlines()) or "We have no postal address",
            }
        }


class AllocateForm(forms.Form):
    """To whom the case goes, how it stands and what is to be done first."""

    officer = forms.ChoiceField(
        label="Who", widget=forms.RadioSelect, error_messages={"required": "Choose who is to have the case"}
    )
    summary = words(
        "How it stands", rows=3, required=False, hint="In two lines. Needed when somebody has worked on it."
    )
    next_action = forms.CharField(label="What is to be done first", max_length=200, required=False)

    def __init__(self, *args: Any, people: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        assert isinstance(field, forms.ChoiceField)
        # Those who can't are offered too, so that the refusal says why: nobody is left wondering where they are.
        field.choices = [(str(one.officer_id), one.name) for one in people]


class NoteForm(forms.Form):
    """A note, a call or a visit."""

    kind = forms.ChoiceField(
        label="What it is", choices=Note.Kind.choices, widget=forms.RadioSelect, initial="internal"
    )
    contact = forms.ChoiceField(label="With whom", required=False, widget=forms.RadioSelect)
    on = DayField(label="On which day", name="The day")
    words = words("What was said or done", rows=6)
    next_action = forms.CharField(
        label="What is to be done next", max_length=200, required=False, help_text="Leave it empty to keep what stands."
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        people = [one for one in (case.complainant, case.representative) if one is not None]
        field.choices = [(str(one.pk), one.name) for one in people]


class AskForm(forms.Form):
    """What is asked of which service, for which points, by when."""

    service = forms.ChoiceField(label="Which service", error_messages={"required": "Choose the service"})
    points = forms.MultipleChoiceField(label="For which points", required=False, widget=forms.CheckboxSelectMultiple)
    question = words("What exactly do you need", rows=4, hint="They see the points in the person’s own words.")
    due_on = DayField(label="By when", name="The day by which they answer")

    def __init__(self, *args: Any, viewer: Actor, case: Case, points: list[PointState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service, chosen = self.fields["service"], self.fields["points"]
        assert isinstance(service, forms.ChoiceField)
        assert isinstance(chosen, forms.ChoiceField)
        rows = council_queries.services(viewer, case.council_id, moment.today())
        service.choices = [("", "Choose"), *((str(one.pk), one.name) for one in rows)]
        chosen.choices = [(str(one.number), f"{one.number}. {one.text}") for one in points if not one.withdrawn]


class AnswerForm(forms.Form):
    """What a service answers."""

    answer = words("What happened, and what should have happened?", rows=7, hint="What the record says, with its date.")


class LaterForm(forms.Form):
    """That a service can't answer by then."""

    later_on = DayField(label="When can you?", name="The day by which you can")
    reason = forms.CharField(label="Why, in a few words", max_length=300)


class NotOursForm(forms.Form):
    """That a question is another service's."""

    whose = forms.CharField(
        label="Whose is it?", max_length=300, help_text="A service or a name, or why it is not yours."
    )


class PointForm(forms.Form):
    """The wording of a point, and when the person agreed to it."""

    wording = words("What went wrong", rows=3, most=4000)
    agreed_on = DayField(
        label="Agreed with the person on", name="The day of agreement", required=False,
        help_text="Leave it empty while they have not agreed to these words.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DetailsForm(forms.Form):
    """What the case says of itself."""

    matter = forms.CharField(label="What it is about", max_length=200)
    outcome_sought = words("What would put it right", rows=3, required=False)
    service = forms.ChoiceField(label="Service", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    next_action = forms.CharField(label="Next action", max_length=200, required=False)
    waiting_for = forms.CharField(
        label="Waiting for",
        max_length=120,
        required=False,
        help_text="Whom the case waits for. The clock keeps running.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Actor, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = council_queries.services(viewer, case.council_id, moment.today(), case.service_id)
        categories = council_queries.categories(viewer, case.council_id, moment.today(), case.category_id)
        for name, rows in (("service", services), ("category", categories)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "None"), *((str(one.pk), one.name) for one in rows)]


class AboutForm(forms.Form):
    """Who is complained about."""

    officer = forms.ChoiceField(label="Which officer", error_messages={"required": "Choose the officer"})

    def __init__(self, *args: Any, viewer: Actor, case: Case, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        assert isinstance(field, forms.ChoiceField)
        people = staff_queries.officers(viewer, case.council_id, today)
        field.choices = [("", "Choose"), *((str(one.pk), one.name) for one in people)]


class LinkForm(forms.Form):
    """Which other case belongs to this one, and why."""

    other = forms.CharField(label="Reference of the other case", max_length=30)
    why = forms.CharField(label="Why they belong together", max_length=200, required=False)


class CorrectForm(forms.Form):
    """On which day something really happened."""

    on = DayField(label="The right day", name="The right day")
    reason = words("Why, and how you know", rows=3)
