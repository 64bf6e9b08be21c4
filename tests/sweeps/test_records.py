"""Is there a table that could hold what must never be, or a column that nobody has thought about?"""

import ast
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import models
from django.db.models import ForeignKey

from redress.plumbing.keeping import WAYS, Keep
from redress.plumbing.same_council import SameCouncil
from sweeps import source

MODELS = sorted(source.models(), key=lambda model: model._meta.label)


def folder_of(model) -> str:
    return str(model.__module__.split(".")[1])


# ---------------------------------------------------------------------------------------------------------- retention


@pytest.mark.parametrize("folder", sorted({folder_of(model) for model in MODELS}))
def test_every_column_is_in_the_schedule(folder) -> None:
    schedule = import_module(f"redress.{folder}.retention").FIELDS
    there = {
        f"{model.__name__}.{field.name}"
        for model in MODELS
        if folder_of(model) == folder
        for field in model._meta.concrete_fields
    }
    assert there - set(schedule) == set(), "columns that nobody has thought about"
    assert set(schedule) - there == set(), "columns that are no more"
    for name, keep in schedule.items():
        assert isinstance(keep, Keep)
        assert keep.after.strip(), name
        assert keep.blank in WAYS, name
        assert not keep.personal or keep.blank != "stays", name


def test_words_that_people_write_count_as_personal() -> None:
    """Free text holds names sooner or later; only what is named here is known to hold none."""
    said_by_the_council = {
        "Council", "Service", "Directorate", "Category", "Closure", "BankHoliday", "Mailbox", "LetterTemplate",
        "LocalEdition",
        "Installation", "Entry", "Seal", "Stream",
    }  # fmt: skip
    for model in MODELS:
        if model.__name__ in said_by_the_council:
            continue
        schedule = import_module(f"redress.{folder_of(model)}.retention").FIELDS
        for field in model._meta.concrete_fields:
            if isinstance(field, models.TextField) and not field.choices:
                assert schedule[f"{model.__name__}.{field.name}"].personal, f"{model.__name__}.{field.name}"


# ------------------------------------------------------------------------------------------------- when, and by whom

# A moment whose partner says it under another name, or that nobody brings about. Each with its reason.
MOMENTS_WITHOUT_A_NAME = {
    "Answer.answered_at": "the actor stands beside it",
    "AutomaticAcknowledgement.sent_at": "the timetable sends it",
    "Case.received_at": "the council had it then; the arrival says through whom",
    "Case.logged_at": "the trail's first entry of the case says who",
    "Case.held_since": "holder",
    "Case.started_at": "the trail says who took the first action",
    "Check.asked_at": "author",
    "Check.ended_at": "checker; a check that the author takes back has none",
    "Clock.worked_out_at": "the program works it out",
    "Contact.added_at": "the trail's first entry of the person says who",
    "Finding.fixed_at": "the dispatch of the response fixes it",
    "FormDraft.begun_at": "a resident without a name yet",
    "FormDraft.changed_at": "a resident without a name yet",
    "FormDraft.expires_at": "a date that is set, nothing that somebody does",
    "Happening.at": "recorded_by",
    "Installation.made_at": "the program",
    "Letter.attempted_at": "the timetable attempts it",
    "LinkAsk.asked_at": "somebody unknown, on purpose",
    "LinkAsk.answered_at": "the timetable answers",
    "Mailbox.last_success_at": "the timetable reads it",
    "Mailbox.last_failure_at": "the timetable reads it",
    "Message.claimed_at": "claimed_by, an officer",
    "Message.received_at": "the council had it then",
    "Message.written_at": "the sender says so",
    "Notice.mailed_at": "the timetable mails it",
    "Notice.read_at": "officer",
    "Notice.told_at": "the timetable tells",
    "Placement.placed_at": "placed_by",
    "Point.added_at": "the trail's entry says who",
    "PortalMail.made_at": "the timetable makes it",
    "PortalLink.ended_at": "the timetable, or the person's newer link",
    "PortalLink.expires_at": "a date that is set, nothing that somebody does",
    "PortalLink.made_at": "the timetable makes it, for contact",
    "Receipt.received_at": "the mailbox",
    "Remedy.promised_at": "the dispatch of the response promises it",
    "ReplyToken.made_at": "the program",
    "Response.begun_at": "author",
    "Scan.scanned_at": "the timetable scans",
    "Seal.at": "the timetable seals",
    "SignInLink.ended_at": "whoever made the newer link",
    "SignInLink.expires_at": "a date that is set, nothing that somebody does",
    "SignInLink.used_at": "officer",
    "Stage.opened_at": "the trail's entry says who",
}


def test_every_moment_has_its_person() -> None:
    """An ``…_at`` stands beside an ``…_by``, or in the list above with its reason."""
    wrong, used = [], set()
    for model in MODELS:
        if model.__name__ in ("Entry", "Look"):
            continue  # their by_kind, by_id and by_name are what this is about
        names = {field.name for field in model._meta.concrete_fields}
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.DateTimeField) or not field.name.endswith("_at"):
                continue
            label = f"{model.__name__}.{field.name}"
            partner = f"{field.name.removesuffix('_at')}_by"
            if partner in names:
                wrong += _unpaired(model, field, partner)
            elif label in MOMENTS_WITHOUT_A_NAME:
                used.add(label)
            else:
                wrong.append(f"{label} has no {partner}")
    assert not wrong, "\n".join(wrong)


def _unpaired(model, moment: models.Field, partner: str) -> list[str]:
    """Say when a moment and its person may stand apart: where either may be missing a constraint ties them."""
    if not moment.null:
        return []
    tied = any(
        isinstance(constraint, models.CheckConstraint) and {moment.name, partner} <= _names_in(constraint.condition)
        for constraint in model._meta.constraints
    )
    return (
        []
        if tied or f"{model.__name__}.{moment.name}" in MOMENTS_WITHOUT_A_NAME
        else [f"{model.__name__}: no constraint ties {moment.name} and {partner}"]
    )


def _names_in(condition) -> set[str]:
    names: set[str] = set()
    for child in getattr(condition, "children", ()):
        if isinstance(child, tuple):
            names.add(str(child[0]).split("__")[0])
        else:
            names |= _names_in(child)
    return names


# ------------------------------------------------------------------------------------------------------ same council


def _of_a_council(model) -> bool:
    return any(field.name == "council" for field in model._meta.concrete_fields)


def test_every_child_belongs_to_the_council_of_its_parent() -> None:
    """A row that carries its council and points at a row that does too is tied to it by both."""
    loose = []
    for model in MODELS:
        if not _of_a_council(model):
            continue
        held = {one.fields for one in model._meta.constraints if isinstance(one, SameCouncil)}
        for field in model._meta.concrete_fields:
            if not isinstance(field, ForeignKey) or field.name == "council" or field.name in held:
                continue
            if _of_a_council(field.remote_field.model):
                loose.append(f"{model.__name__}.{field.name}")
    assert not loose


def test_what_hangs_on_a_council_says_which() -> None:
    """A row below a council's row carries council_id itself, so that every list can be narrowed to it."""
    without = [
        f"{model.__name__} hangs on {field.remote_field.model.__name__}"
        for model in MODELS
        if not _of_a_council(model)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and _of_a_council(field.remote_field.model)
    ]
    assert not without


@pytest.mark.django_db
def test_the_database_holds_each_of_these_keys() -> None:
    """The constraints are not only written down: the database has them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2")
        there = {row[0] for row in cursor.fetchall()}
    wanted = {one.name for model in MODELS for one in model._meta.constraints if isinstance(one, SameCouncil)}
    assert wanted <= there


# ---------------------------------------------------------------------------------------------- foreign keys, layout


def test_foreign_keys_lean_downwards_only() -> None:
    order = {folder: place for place, folder in enumerate(source.RECORD_FOLDERS)}
    upwards = [
        f"{model._meta.label}.{field.name} → {field.remote_field.model._meta.label}"
        for model in MODELS
        if folder_of(model) in order
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and folder_of(field.remote_field.model) in order
        and order[folder_of(field.remote_field.model)] > order[folder_of(model)]
    ]
    assert not upwards


def test_foreign_keys_protect_what_they_point_at() -> None:
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]
    assert not loose


def test_the_trail_points_at_nothing() -> None:
    """An entry outlives its subject."""
    for model in MODELS:
        if folder_of(model) == "access":
            assert not [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)], model


def test_every_table_has_an_order_and_a_name_for_people() -> None:
    for model in MODELS:
        assert model.__str__ is not models.Model.__str__, model
        assert (model.__doc__ or "").strip().endswith("."), model
        if model.__name__ not in ("Detail", "Installation", "ReferenceCounter", "ComplainedAbout"):
            assert model._meta.ordering, model


def test_no_table_overrides_saving_and_nothing_listens() -> None:
    """What happens, happens in a step where it can be read: no ``save()`` of its own, no signals."""
    for module in source.modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                own = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
                if module.path.name == "models.py" or "models" in module.path.parts:
                    assert not own & {"save", "delete", "clean"}, f"{module.place}: {node.name}"
        if not module.name.startswith("redress.server"):
            assert "django.db.models.signals" not in module.text, module.place
            assert "GenericForeignKey" not in module.text, module.place


def test_every_constraint_is_a_sentence_and_unique() -> None:
    names = [one.name for model in MODELS for one in model._meta.constraints]
    assert len(names) == len(set(names))
    for name in names:
        assert "_" in name, name
        assert name == name.lower(), name
        assert len(name) <= 63, f"PostgreSQL cuts {name}"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    ours = sorted({folder_of(model) for model in MODELS})
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=0)
