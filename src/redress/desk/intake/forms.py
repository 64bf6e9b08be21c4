"""What does an officer fill in when a contact is logged, passed on, set aside or refused?

The form only checks shapes; the rules are the steps' own, and their refusals come back to these fields by name.

Example: ``LogForm(request.POST, council=council, viewer=by, matches=matches)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms

from redress.access.actor import Actor
from redress.council import queries as council_queries
from redress.council.queries import edition_for, editions_for, procedures_on
from redress.people.queries import Match
from redress.plumbing import moment
from redress.plumbing.look.fields import DayField
from redress.rulebook import procedures
from redress.rulebook.editions import Edition
from redress.staff import queries as staff_queries

FIRST_POINTS = 3
MOST_POINTS = 40
FIRST_LINES = 2
MOST_LINES = 12
NEW = "new"

HONOUR_KINDS = (
    ("adjustment", "Adjustment"),
    ("large-print", "Large print"),
    ("language", "Language or interpreter"),
    ("contact", "How and when to contact"),
    ("safe-contact", "Safe contact: who must not be told"),
    ("safe-contact:email", "Safe contact: never by e-mail"),
    ("safe-contact:post", "Safe contact: never by post"),
    ("safe-contact:telephone", "Safe contact: never by telephone"),
    ("vulnerability", "Vulnerability"),
    ("danger", "Danger"),
    ("restriction", "Contact restriction"),
)
CONTACT_KINDS = (
    ("resident", "Resident"),
    ("tenant", "Council tenant"),
    ("leaseholder", "Leaseholder"),
    ("business", "Business"),
    ("councillor", "Councillor"),
    ("mp", "Member of Parliament"),
    ("advocate", "Advocate"),
    ("solicitor", "Solicitor"),
    ("relative", "Relative or friend"),
    ("anonymous", "Anonymous"),
)
AUTHORITY_KINDS = (
    ("written", "Written confirmation"),
    ("power-of-attorney", "Power of attorney or court order"),
    ("parental", "Parental responsibility"),
    ("elected", "Elected representative"),
    ("legal", "Legal representative"),
    ("spoken", "The person’s own words by telephone, then confirmed"),
)
CHANNELS = (("telephone", "Telephone"), ("letter", "Letter"), ("visit", "Visit"), ("email", "E-mail"))
KINDS = (
    ("complaint", "Complaint"),
    ("service-request", "Service request"),
    ("compliment", "Compliment"),
    ("comment", "Comment"),
)


def area(rows: int = 2) -> forms.Textarea:
    """Make a text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


def _number(given: object) -> int | None:
    """Give the number of what a case has already; whatever a browser sends instead is none."""
    text = str(given or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class MatterForm(forms.Form):
    """What it is, its points, and where it belongs."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=KINDS,
        widget=forms.RadioSelect,
        initial="complaint",
        error_messages={"required": "Say what it is"},
    )
    dissatisfied = forms.BooleanField(label="They express dissatisfaction, whatever word they use", required=False)
    choice_asked = forms.CharField(label="What they were asked", required=False, widget=area())
    choice_how = forms.CharField(
        label="How they were asked, when, and by whom", required=False, max_length=40, widget=forms.TextInput
    )
    choice_answer = forms.CharField(label="Their answer, in their own words", required=False, widget=area())
    chose = forms.ChoiceField(
        label="What they chose",
        required=False,
        choices=(("request", "A service request"), ("complaint", "A complaint")),
        widget=forms.RadioSelect,
    )
    review_on = DayField(label="When the request is looked at again", name="The day of review", required=False)
    reason = forms.CharField(label="If it is not a complaint: why not", required=False, max_length=2000, widget=area())
    matter = forms.CharField(label="In a few words", required=False, max_length=200)
    outcome_sought = forms.CharField(
        label="What would put it right for them?", required=False, max_length=10_000, widget=area()
    )
    service = forms.ChoiceField(label="Service", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    procedure = forms.ChoiceField(label="Procedure", required=False)

    reveals: dict[str, dict[str, tuple[str, ...]]] = {
        "kind": {
            "service-request": ("dissatisfied", "choice_asked", "choice_how", "choice_answer", "chose", "review_on")
        }
    }
    choice_hints: dict[str, dict[str, str]] = {}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        council: Any,
        viewer: Actor,
        day: date,
        more: str = "",
        **kwargs: Any,
    ) -> None:
        """Make the form for a council; ``more`` is "point" or "line" when one more of them was asked for."""
        super().__init__(data, **kwargs)
        self.council, self.viewer, self.day = council, viewer, day
        begun = self.initial or {}
        today = moment.today()
        services = council_queries.services(viewer, council.pk, today, _number(begun.get("service")))
        categories = council_queries.categories(viewer, council.pk, today, _number(begun.get("category")))
        self.services = {str(one.pk): one for one in services}
        self.categories = {str(one.pk): one for one in categories}
        self._choose("service", [("", "Not said yet"), *((key, one.name) for key, one in self.services.items())])
        self._choose("category", [("", "Not said yet"), *((key, one.name) for key, one in self.categories.items())])
        adopted = procedures_on(council.pk, day)
        self.held = {one.procedure: one for one in editions_for(council.pk, adopted, day)}
        titles = [
            (code, self.held.get(code, procedures.current(code)).title)
            for code in adopted
            if code in procedures.codes()
        ]
        self._choose("procedure", [("", "As the service says"), *titles])
        edition = self.edition
        self.choice_hints = (
            {"kind": {"complaint": edition.triage.complaint, "service-request": edition.triage.request}}
            if edition and edition.triage
            else {}
        )
        self.point_names = self._lines("point", FIRST_POINTS, MOST_POINTS, more == "point")
        for number, name in enumerate(self.point_names, 1):
            self.fields[name] = forms.CharField(
                label=f"Point {number}", required=False, max_length=10_000, widget=area()
            )

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _lines(self, stem: str, first: int, most: int, another: bool) -> list[str]:
        """Name as many lines as were shown, one more when it was asked for, and never fewer than hold something."""
        held = {**{str(key): True for key in (self.initial or {})}, **{str(key): True for key in (self.data or {})}}
        highest = max(
            [
                int(key.rpartition("_")[2])
                for key in held
                if key.startswith(f"{stem}_") and key.rpartition("_")[2].isdecimal()
            ],
            default=0,
        )
        return [f"{stem}_{number}" for number in range(1, min(max(first, highest + another), most) + 1)]

    @cached_property
    def edition(self) -> Edition | None:
        """Give the edition that the chosen service and procedure lead to on the day, if one holds."""
        chosen = self.chosen_procedure()
        if chosen in self.held:
            return self.held[chosen]
        try:
            return edition_for(self.council.pk, chosen, self.day)
        except (procedures.NoEdition, procedures.UnknownProcedure):
            return None

    def chosen_procedure(self) -> str:
        """Give the procedure that was chosen, else the one that the service offers."""
        named = str(self.data.get("procedure") or (not self.is_bound and self.initial.get("procedure")) or "")
        if named in procedures.codes():
            return named
        key = str(self.data.get("service") or (not self.is_bound and self.initial.get("service")) or "")
        service = self.services.get(key)
        landlord = service is not None and service.landlord
        adopted = procedures_on(self.council.pk, self.day)
        wanted = "housing-complaint" if landlord else "corporate-complaint"
        return wanted if wanted in adopted or not adopted else adopted[0]

    def points(self) -> tuple[str, ...]:
        """Give the points as they were typed, in their order."""
        return tuple(str(self.cleaned_data.get(name) or "") for name in self.point_names)

    def bound_points(self) -> list[Any]:
        """Give the fields of the points for the page."""
        return [self[name] for name in self.point_names]

    def choice(self) -> dict[str, Any]:
        """Give the resident's own choice as it was typed."""
        given = self.cleaned_data
        return {
            "asked": given["choice_asked"],
            "how": given["choice_how"],
            "answer": given["choice_answer"],
            "complaint": given["chose"] == "complaint",
        }


class LogForm(MatterForm):
    """Everything about a contact that is logged: who, for whom, what must be honoured, and the matter."""

    who = forms.ChoiceField(
        label="Who is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say who it is, or choose someone new"},
    )
    find = forms.CharField(label="Look for somebody else", required=False, max_length=200)
    person_kind = forms.ChoiceField(label="They are a", choices=CONTACT_KINDS, initial="resident", required=False)
    title = forms.CharField(label="Title, as they give it", required=False, max_length=40)
    name = forms.CharField(label="Name", required=False, max_length=200)
    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    telephone = forms.CharField(label="Telephone", required=False, max_length=60)
    address = forms.CharField(label="Address", required=False, max_length=2000, widget=area(3))
    behalf = forms.ChoiceField(
        label="Writing for someone else?",
        choices=(("no", "No, for themselves"), ("yes", "Yes, for another person")),
        widget=forms.RadioSelect,
        initial="no",
    )
    represented = forms.ChoiceField(label="Whom they write for", required=False, widget=forms.RadioSelect)
    represented_title = forms.CharField(label="Title of the person represented", required=False, max_length=40)
    represented_name = forms.CharField(label="Name of the person represented", required=False, max_length=200)
    represented_email = forms.EmailField(label="E-mail of the person represented", required=False, max_length=254)
    represented_telephone = forms.CharField(label="Telephone of the person represented", required=False, max_length=60)
    represented_address = forms.CharField(
        label="Address of the person represented", required=False, max_length=2000, widget=area(3)
    )
    authority_kind = forms.ChoiceField(
        label="What the authority will rest on", choices=AUTHORITY_KINDS, initial="written", required=False
    )
    authority_scope = forms.CharField(label="For what they may speak", required=False, max_length=300)
    received_on = DayField(label="The first day on which any part of the council had it", name="The date of receipt")
    complained_about = forms.MultipleChoiceField(
        label="Officers complained about", required=False, widget=forms.CheckboxSelectMultiple
    )

    reveals = {
        **MatterForm.reveals,
        "who": {NEW: ("person_kind", "title", "name", "email", "telephone", "address")},
        "behalf": {
            "yes": (
                "represented",
                "represented_title",
                "represented_name",
                "represented_email",
                "represented_telephone",
                "represented_address",
                "authority_kind",
                "authority_scope",
            )
        },
    }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        matches: Iterable[Match] = (),
        others: Iterable[Match] = (),
        more: str = "",
        **kwargs: Any,
    ) -> None:
        """Make the form; ``matches`` are whom the sender may be, ``others`` whom they may write for."""
        super().__init__(data, more=more, **kwargs)
        self.matches = {f"c{match.contact.pk}": match for match in matches}
        self.others = {f"c{match.contact.pk}": match for match in others}
        self._choose("who", [*((key, _named(one)) for key, one in self.matches.items()), (NEW, "Someone new")])
        self._choose("represented", [*((key, _named(one)) for key, one in self.others.items()), (NEW, "Someone new")])
        self.choice_hints = {
            **self.choice_hints,
            "who": {key: _why(one) for key, one in self.matches.items()},
            "represented": {key: _why(one) for key, one in self.others.items()},
        }
        self.officers = {str(one.pk): one for one in staff_queries.officers(self.viewer, self.council.pk, self.day)}
        self._choose("complained_about", [(key, one.name) for key, one in self.officers.items()])
        self.line_names = self._lines("honour", FIRST_LINES, MOST_LINES, more == "line")
        for number, name in enumerate(self.line_names, 1):
            self.fields[f"{name}_kind"] = forms.ChoiceField(
                label=f"Kind {number}", choices=HONOUR_KINDS, required=False, initial="adjustment"
            )
            self.fields[name] = forms.CharField(
                label=f"What to do, or not to do {number}", required=False, max_length=300
            )

    def honours(self) -> list[tuple[Any, Any]]:
        """Give the lines of what must be honoured for the page: kind and words."""
        return [(self[f"{name}_kind"], self[name]) for name in self.line_names]

    def adjustments(self) -> tuple[tuple[str, str], ...]:
        """Give what must be honoured as it was typed."""
        return tuple(
            (str(self.cleaned_data.get(f"{name}_kind") or "adjustment"), str(self.cleaned_data.get(name) or ""))
            for name in self.line_names
            if str(self.cleaned_data.get(name) or "").strip()
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a name where somebody new was chosen."""
        given = super().clean() or {}
        if given.get("who") == NEW and not str(given.get("name") or "").strip() and "name" not in self.errors:
            self.add_error("name", "Give their name, or write Anonymous")
        if given.get("behalf") == "yes":
            chosen = given.get("represented") or NEW
            given["represented"] = chosen
            missing = not str(given.get("represented_name") or "").strip() and "represented_name" not in self.errors
            if chosen == NEW and missing:
                self.add_error("represented_name", "Give the name of the person they write for")
        if given.get("kind") not in (None, "complaint") and not str(given.get("reason") or "").strip():
            self.add_error("reason", "Say why it is not a complaint")
        return given


class PadForm(LogForm):
    """The same form for a call, a letter or a visit, with a pad for what was said or written."""

    channel = forms.ChoiceField(label="How it came", choices=CHANNELS, widget=forms.RadioSelect, initial="telephone")
    subject = forms.CharField(label="What it is about", required=False, max_length=200)
    words = forms.CharField(
        label="What they say",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "Write down what they say"},
    )


class TriageForm(MatterForm):
    """What a resident sent by the portal, to be decided; the reason is asked for where it is no complaint."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, point_ids: Sequence[int] = (), **kwargs: Any) -> None:
        """Make the form; ``point_ids`` are the points that exist, in the order in which they are shown."""
        super().__init__(data, **kwargs)
        self.point_ids = list(point_ids)

    def numbered_points(self) -> tuple[tuple[int | None, str], ...]:
        """Give the points with the identity of those that exist already."""
        ids: list[int | None] = [*self.point_ids, *([None] * len(self.point_names))]
        return tuple(zip(ids, self.points(), strict=False))

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where it is not a complaint."""
        given = super().clean() or {}
        if given.get("kind") not in (None, "complaint") and not str(given.get("reason") or "").strip():
            self.add_error("reason", "Say why it is not a complaint")
        return given


class AsideForm(forms.Form):
    """Why a message is set aside."""

    reason = forms.CharField(
        label="Why it is set aside",
        max_length=280,
        widget=area(),
        error_messages={"required": "Say why it is set aside"},
    )


class ElsewhereForm(forms.Form):
    """To whom a message belongs."""

    where = forms.CharField(
        label="Where it belongs", max_length=120, error_messages={"required": "Say where it belongs"}
    )
    reason = forms.CharField(label="Why, and who was told", required=False, max_length=160, widget=area())


class AddForm(forms.Form):
    """To which case a message is added."""

    reference = forms.CharField(
        label="Reference of the case",
        max_length=30,
        error_messages={"required": "Give the reference of the case, like NMR-2026-0437"},
    )


class ReviewForm(forms.Form):
    """What was found when a service request was looked at again."""

    words = forms.CharField(
        label="What you found", max_length=10_000, widget=area(3), error_messages={"required": "Say what you found"}
    )
    done = forms.ChoiceField(
        label="Is the request done?",
        choices=(("yes", "Yes, it is done"), ("no", "No, look at it again")),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is done"},
    )
    again_on = DayField(label="Look at it again on", name="The day of review", required=False)
    reveals = {"done": {"no": ("again_on",)}}


class TurnForm(forms.Form):
    """When the dissatisfaction reached the council."""

    dissatisfaction_on = DayField(
        label="The day on which the dissatisfaction reached the council", name="The day of the dissatisfaction"
    )
    reason = forms.CharField(label="What they said", required=False, max_length=2000, widget=area())


class RefuseForm(forms.Form):
    """The ground of the procedure, with what shows it and what was thought about first."""

    ground = forms.ChoiceField(
        label="On which ground?", widget=forms.RadioSelect, error_messages={"required": "Choose the ground"}
    )
    reason = forms.CharField(
        label="The reason, for this person and this matter",
        max_length=5000,
        widget=area(3),
        error_messages={"required": "Give the reason for this person and this matter"},
    )
    evidence = forms.CharField(
        label="What shows it", max_length=5000, widget=area(2), error_messages={"required": "Say what shows it"}
    )
    discretion = forms.CharField(
        label="What was thought about first, and why it is refused all the same",
        max_length=5000,
        widget=area(3),
        error_messages={"required": "Say what was thought about first"},
    )
    choice_hints: dict[str, dict[str, str]] = {}

    def __init__(self, data: Mapping[str, Any] | None = None, *, edition: Edition, **kwargs: Any) -> None:
        """Make the form with the grounds of the edition."""
        super().__init__(data, **kwargs)
        grounds = edition.grounds(edition.stages[0].key)
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, one.title) for one in grounds]
        self.choice_hints = {"ground": {one.key: f"{one.says} {' '.join(one.discretion)}" for one in grounds}}


class AuthorityForm(forms.Form):
    """The document that shows the authority, since when, until when."""

    document = forms.ChoiceField(
        label="Which document shows it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the document that shows the authority"},
    )
    kind = forms.ChoiceField(label="What it rests on", choices=AUTHORITY_KINDS)
    scope = forms.CharField(label="For what they may speak", required=False, max_length=300)
    confirmed_on = DayField(label="Held since", name="The day since which it is held")
    expires_on = DayField(label="Until, if it says so", name="The day on which it ends", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, files: Sequence[Any] = (), **kwargs: Any) -> None:
        """Make the form with the documents of the case."""
        super().__init__(data, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.id), one.name) for one in files]


def _named(match: Match) -> str:
    where = " ".join(match.contact.address.split("\n")[:1]).strip()
    return f"{match.contact.name}, {where}" if where else match.contact.name


def _why(match: Match) -> str:
    if not match.cases:
        return match.why
    return f"{match.why}. {match.cases} earlier case{'s' if match.cases != 1 else ''}"
