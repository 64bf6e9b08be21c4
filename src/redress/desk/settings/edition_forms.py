"""What does one fill in to make an edition of one’s own? A field for each choice, with what the law leaves open beside.

Example: ``EditionForm(request.POST, base=base, initial=initial_of(edition, base))``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from redress.desk.settings.procedures import mark
from redress.plumbing.look.fields import DayField
from redress.rulebook import local
from redress.rulebook.editions import Authority, ClockRule, Edition
from redress.rulebook.local import Choices, Room

UNITS = {
    "working-days": "working days", "calendar-days": "days", "weeks": "weeks", "calendar-months": "months",
    "hours": "hours",
}  # fmt: skip

LARGEST_FILE = 600_000
"""Bytes of a file that is taken in."""


@dataclass(frozen=True)
class Choice:
    """A number that may be chosen, or that may not: what the released edition says, and what the law leaves open."""

    title: str
    released: str
    says: str
    authority: Authority
    mark: tuple[str, str]
    unit: str
    bound: BoundField | None


class EditionForm(forms.Form):
    """A council's choices within a released edition; what is left as it is stays as it was released."""

    title = forms.CharField(label="Name of the procedure", max_length=local.LONGEST_NAME, required=False)
    retention = forms.IntegerField(label="Keep the records for", min_value=1, required=False)
    in_force_from = DayField(
        label="In force from",
        name="The day from which it is in force",
        help_text="Today or later. What was received before keeps the edition that it has.",
    )
    why = forms.CharField(
        label="Why, and who decided it",
        max_length=500,
        required=False,
        help_text="For the record, such as the decision of the cabinet and its date.",
    )

    def __init__(self, *args: Any, base: Edition, **kwargs: Any) -> None:
        """Make the form with a field for each choice that the released edition leaves open."""
        super().__init__(*args, **kwargs)
        self.base = base
        for stage in base.stages:
            self.fields[f"stage_{stage.key}"] = forms.CharField(
                label=f"Name of {stage.title}", max_length=local.LONGEST_NAME, required=False
            )
        self._limits = [self._limit(rule) for rule in base.clocks]
        self._caps = [self._cap(rule) for rule in base.clocks]
        for place, rule in enumerate(base.sign_off):
            self.fields[f"sign_{place}"] = forms.CharField(
                label=f"Who signs: {self._letter(rule.letter)}",
                max_length=local.LONGEST_NAME,
                required=False,
                help_text=f"Released with: {rule.by} ({rule.authority.cite}).",
            )
        years = base.retention
        self.fields["retention"].help_text = (
            f"Released with {years.years} years from {years.counted_from} ({years.authority.cite}). "
            "Compare with your retention schedule."
        )

    def _letter(self, kind: str) -> str:
        return next((one.title for one in self.base.letters if one.kind == kind), kind.replace("-", " "))

    def _limit(self, rule: ClockRule) -> tuple[str, ClockRule, Room | None, str]:
        return self._number(f"limit_{rule.name}", rule, local.room_for_limit(rule), rule.unit)

    def _cap(self, rule: ClockRule) -> tuple[str, ClockRule, Room | None, str]:
        unit = rule.extension.unit if rule.extension is not None else rule.unit
        return self._number(f"cap_{rule.name}", rule, local.room_for_cap(rule), unit)

    def _number(
        self, name: str, rule: ClockRule, room: Room | None, unit: str
    ) -> tuple[str, ClockRule, Room | None, str]:
        if room is not None and not room.fixed:
            self.fields[name] = forms.IntegerField(
                label=rule.title,
                required=False,
                help_text=room.says,
                error_messages={"invalid": f"{rule.title}: give a whole number of {UNITS[unit]}"},
            )
        return name, rule, room, unit

    @property
    def names(self) -> list[BoundField]:
        """Give the fields of the names."""
        return [self["title"], *(self[f"stage_{stage.key}"] for stage in self.base.stages)]

    @property
    def limits(self) -> list[Choice]:
        """Give the limits, those that can't be chosen too."""
        return [self._choice(*one) for one in self._limits if one[2] is not None]

    @property
    def caps(self) -> list[Choice]:
        """Give what extensions may add, those that can't be chosen too."""
        return [self._choice(*one) for one in self._caps if one[2] is not None]

    @property
    def signs(self) -> list[BoundField]:
        """Give the fields of who signs."""
        return [self[f"sign_{place}"] for place in range(len(self.base.sign_off))]

    def _choice(self, name: str, rule: ClockRule, room: Room | None, unit: str) -> Choice:
        assert room is not None
        number = rule.limit if name.startswith("limit_") else rule.extension.cap if rule.extension is not None else None
        return Choice(
            title=rule.title,
            released=f"{number} {UNITS[unit]}",
            says=room.says,
            authority=room.authority,
            mark=mark(room.authority),
            unit=UNITS[unit],
            bound=self[name] if name in self.fields else None,
        )

    def choices(self) -> Choices:
        """Give what was chosen, without what is as it was released."""
        given, base = self.cleaned_data, self.base
        return Choices(
            title=_other(given["title"], base.title),
            stages={
                stage.key: chosen
                for stage in base.stages
                if (chosen := _other(given[f"stage_{stage.key}"], stage.title)) is not None
            },
            limits={
                rule.name: number
                for name, rule, _room, _unit in self._limits
                if (number := given.get(name)) is not None and number != rule.limit
            },
            caps={
                rule.name: number
                for name, rule, _room, _unit in self._caps
                if (number := given.get(name)) is not None
                and rule.extension is not None
                and number != rule.extension.cap
            },
            sign_off={
                local.sign_place(rule): chosen
                for place, rule in enumerate(base.sign_off)
                if (chosen := _other(given[f"sign_{place}"], rule.by)) is not None
            },
            retention_years=given["retention"] if given["retention"] != base.retention.years else None,
        )

    def blame(self, problems: tuple[local.Problem, ...]) -> None:
        """Put each problem beside the field that it is about."""
        for problem in problems:
            self.add_error(self._field(problem.field), problem.sentence)

    def _field(self, named: str) -> str | None:
        what, _, which = named.partition(":")
        places = {local.sign_place(rule): f"sign_{place}" for place, rule in enumerate(self.base.sign_off)}
        name = {
            "stage": f"stage_{which}", "limit": f"limit_{which}", "cap": f"cap_{which}",
            "sign": places.get(which, ""), "retention": "retention",
        }.get(what, what)  # fmt: skip
        return name if name in self.fields else None


def _other(given: str, released: str) -> str | None:
    """Give what was typed where it differs from what was released; an empty field means as released."""
    return given if given.strip() and given.strip() != released else None


def initial_of(edition: Edition, base: Edition) -> Mapping[str, Any]:
    """Give what stands in an edition, for a form on the released one that it changes."""
    found: dict[str, Any] = {"title": edition.title, "retention": edition.retention.years}
    found |= {f"stage_{stage.key}": stage.title for stage in edition.stages}
    for rule in edition.clocks:
        found[f"limit_{rule.name}"] = rule.limit
        found[f"cap_{rule.name}"] = rule.extension.cap if rule.extension is not None else None
    by = {local.sign_place(rule): rule.by for rule in edition.sign_off}
    found |= {f"sign_{place}": by.get(local.sign_place(rule), rule.by) for place, rule in enumerate(base.sign_off)}
    return found


class FileForm(forms.Form):
    """An edition as a file."""

    file = forms.FileField(
        label="The file",
        help_text="One edition in the format of the procedure files. Download one, change it, and bring it back.",
    )
    file_why = forms.CharField(label="Why, and who decided it", max_length=500, required=False)

    def text(self) -> str:
        """Give the words of the file. Raises ``forms.ValidationError`` when it is too large or is no text."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            raise forms.ValidationError(f"The file is larger than {LARGEST_FILE // 1000} kB, so it was not read.")
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is no plain text (UTF-8), so it was not read.") from None
