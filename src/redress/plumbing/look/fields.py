"""How does a field of a Django form become a GOV.UK field: label, hint, error, control?

The form stays an ordinary Django form. Beside its fields it may say, in attributes of the class:

* ``reveals = {"way": {"telephone": ("number",)}}``: fields shown beneath a choice when it is chosen (and always
  where the browser can't hide them);
* ``choice_hints = {"way": {"post": "It takes two days longer."}}``: a hint beneath a choice.

Example: ``{% field form.way %}`` in a page; ``form["received_on"]`` with ``DayField`` gives three inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from redress.plumbing.look.words import MONTHS

_MONTH_NUMBERS = {name.lower()[:length]: at for at, name in enumerate(MONTHS, 1) for length in (3, len(name))}
_MONTH_NUMBERS["sept"] = 9


class DayWidget(forms.MultiWidget):
    """Three inputs for a day: day, month, year."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(widgets={"day": forms.TextInput(), "month": forms.TextInput(), "year": forms.TextInput()})
        self.attrs.update(attrs or {})

    def decompress(self, value: date | None) -> list[Any]:
        """Take a day apart for the three inputs."""
        return [value.day, value.month, value.year] if value else [None, None, None]


class DayField(forms.MultiValueField):
    """A day given as day, month and year; a month may be its name. Says exactly what is missing or impossible."""

    widget = DayWidget

    def __init__(self, *, name: str = "The date", **kwargs: Any) -> None:
        """Make the field; ``name`` starts its error sentences ("The date you received it")."""
        self.called = name
        parts = tuple(forms.CharField(max_length=12, required=False) for _ in range(3))
        kwargs.setdefault("error_messages", {}).setdefault("required", f"{name} must be given")
        super().__init__(fields=parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[str]) -> date | None:
        """Put the three answers together to a day, or say what is wrong with them."""
        given = [str(part or "").strip() for part in [*data_list, "", "", ""][:3]]
        if not any(given):
            return None
        missing = [what for what, part in zip(("a day", "a month", "a year"), given, strict=True) if not part]
        if missing:
            raise ValidationError(f"{self.called} must include {' and '.join(missing)}", code="incomplete_day")
        month_text = given[1].lower().rstrip(".")
        month = _MONTH_NUMBERS.get(month_text) or (int(month_text) if month_text.isdecimal() else 0)
        if given[2].isdecimal() and len(given[2]) != 4:
            raise ValidationError(f"{self.called} must have a year of 4 figures, like 2026", code="short_year")
        try:
            return date(int(given[2]), month, int(given[0]))
        except (ValueError, OverflowError):
            raise ValidationError(
                f"{self.called} must be a real date, like 22 11 2026", code="impossible_day"
            ) from None


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Several files in one field; its cleaned value is a list, empty when none was given."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check each file by the rules of Django's own file field."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not given:
            super().clean(None, initial)
            return []
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


@dataclass(frozen=True)
class Choice:
    """One radio or checkbox as it is drawn."""

    id: str
    value: str
    label: str
    checked: bool
    hint: str
    revealed: tuple[BoundField, ...]
    disabled: bool = False


@dataclass(frozen=True)
class DayPart:
    """One of the three inputs of a day."""

    id: str
    name: str
    label: str
    value: str
    width: int
    autocomplete: str
    wrong: bool


@dataclass(frozen=True)
class Drawn:
    """All that the field template needs."""

    kind: str
    id: str
    name: str
    label: str
    hint: str
    hint_id: str
    errors: tuple[str, ...]
    error_id: str
    described_by: str
    control: SafeString
    choices: tuple[Choice, ...] = ()
    parts: tuple[DayPart, ...] = ()
    prefix: str = ""
    suffix: str = ""
    limit: int | None = None
    words: bool = False

    @property
    def grouped(self) -> bool:
        """Say whether the control is several inputs under one legend."""
        return self.kind in {"radios", "checkboxes", "day"}


def kind_of(bound: BoundField) -> str:
    """Say which control a field is: input, textarea, select, radios, checkboxes, checkbox, day, file or hidden."""
    widget = bound.field.widget
    order: tuple[tuple[type[forms.Widget] | tuple[type[forms.Widget], ...], str], ...] = (
        (DayWidget, "day"),
        (forms.HiddenInput, "hidden"),
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
    )
    return next((name for kind, name in order if isinstance(widget, kind)), "input")


def anchor(bound: BoundField) -> str:
    """Give the id that an error summary must lead to: the first control of the field."""
    base = bound.auto_id or bound.html_name
    return f"{base}_0" if kind_of(bound) in {"radios", "checkboxes", "day"} else base


def error_words(bound: BoundField) -> tuple[str, ...]:
    """Give a field's errors; Django's general ones ("This field is required.") are put in the field's own words."""
    label = str(bound.label or bound.name).rstrip("?:")
    question = str(bound.label or "").endswith("?")
    kind = kind_of(bound)
    said = []
    for error in bound.errors.as_data():
        for text in error.messages:
            if text == str(forms.Field.default_error_messages["required"]):
                if kind in {"radios", "checkboxes", "select"}:
                    text = f"Choose an answer for “{bound.label}”"
                elif kind == "checkbox":
                    text = f"Tick “{label}” if it is so: we need it to go on"
                elif kind == "file":
                    text = f"Choose a file for “{label}”"
                elif question:
                    text = f"Answer “{bound.label}”"
                else:
                    text = f"Fill in “{label}”"
            elif error.code == "invalid" and isinstance(bound.field, forms.EmailField):
                text = "Give an email address like name@example.org"
            said.append(text)
    return tuple(said)


_CONTROL_CLASS = {
    "input": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}


def _choices(bound: BoundField, form_parts: Mapping[str, Any]) -> tuple[Choice, ...]:
    reveals = form_parts.get("reveals") or {}
    hints = form_parts.get("choice_hints") or {}
    found = []
    for one in bound.subwidgets:
        data: Any = one.data
        value = "" if data["value"] is None else str(data["value"])
        inner = tuple(bound.form[name] for name in reveals.get(value, ()))
        found.append(
            Choice(
                id=str(data["attrs"].get("id", "")),
                value=value,
                label=str(data["label"]),
                checked=bool(data["selected"]),
                hint=str(hints.get(value, "")),
                revealed=inner,
                disabled=bool(data["attrs"].get("disabled")),
            )
        )
    return tuple(found)


def _day_parts(bound: BoundField) -> tuple[DayPart, ...]:
    value = bound.value()
    given = value if isinstance(value, list | tuple) else bound.field.widget.decompress(value)
    birthday = bound.field.widget.attrs.get("autocomplete") == "bday"
    names = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))
    base = bound.auto_id or bound.html_name
    return tuple(
        DayPart(
            id=f"{base}_{at}",
            name=f"{bound.html_name}_{name}",
            label=label,
            value="" if given[at] is None else str(given[at]),
            width=width,
            autocomplete=f"bday-{name}" if birthday else "",
            wrong=bool(bound.errors),
        )
        for at, (name, label, width) in enumerate(names)
    )


def _attributes(bound: BoundField, kind: str, described_by: str, options: Mapping[str, Any]) -> dict[str, Any]:
    own = bound.field.widget.attrs
    classes = [own.get("class", ""), _CONTROL_CLASS[kind]]
    if options.get("width"):
        classes.append(f"govuk-input--width-{options['width']}")
    if bound.errors and kind != "checkbox":
        classes.append(f"{_CONTROL_CLASS[kind]}--error")
    if options.get("auto"):
        classes.append("auto")
    attrs: dict[str, Any] = {"class": " ".join(part for part in classes if part)}
    # Empty rather than absent: Django would otherwise name ids of its own for the hint.
    attrs["aria-describedby"] = described_by or None
    for name in ("rows", "autocomplete", "inputmode", "spellcheck"):
        if options.get(name):
            attrs[name] = options[name]
    if kind == "input" and getattr(bound.field.widget, "input_type", "") == "email":
        attrs.setdefault("spellcheck", "false")
    return {name: value for name, value in attrs.items() if value is not None}


def draw(bound: BoundField, **options: Any) -> Drawn:
    """Work out everything that is drawn for a field.

    Options: label, hint, prefix, suffix, width (2, 3, 4, 5, 10, 20), rows, autocomplete, inputmode, spellcheck,
    auto (a text area that grows), count (show how many characters are left).
    """
    kind = kind_of(bound)
    base = bound.auto_id or bound.html_name
    hint = str(options.get("hint") or bound.help_text or "")
    hint_id = f"{base}_helptext"
    errors = error_words(bound)
    error_id = f"{base}_error"
    limit = getattr(bound.field, "max_length", None) if options.get("count") else None
    described = [hint_id] if hint else []
    described += [error_id] if errors else []
    described += [f"{base}_count"] if limit else []
    described_by = " ".join(described)
    form_parts = {name: getattr(bound.form, name, {}).get(bound.name) for name in ("reveals", "choice_hints")}
    control = SafeString("")
    if kind in _CONTROL_CLASS:
        control = bound.as_widget(attrs=_attributes(bound, kind, described_by, options))
    elif kind == "hidden":
        control = bound.as_hidden()
    return Drawn(
        kind=kind,
        id=base,
        name=bound.html_name,
        label=str(options.get("label") or bound.label or ""),
        hint=hint,
        hint_id=hint_id,
        errors=errors,
        error_id=error_id,
        described_by=described_by,
        control=control,
        choices=_choices(bound, form_parts) if kind in {"radios", "checkboxes"} else (),
        parts=_day_parts(bound) if kind == "day" else (),
        prefix=str(options.get("prefix", "")),
        suffix=str(options.get("suffix", "")),
        limit=limit,
    )
