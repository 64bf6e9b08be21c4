"""How is a thing done, so that it is allowed, whole and recorded?

A step is a keyword-only function of casework under ``@step``::

    @step(needs=Permission.CASE_ACKNOWLEDGE, on="case")
    def acknowledge(*, case: Case, wording: str, by: Actor, at: datetime) -> Letter:
        "Send the acknowledgement and start the stage clock."

It checks the permission, opens the one transaction, locks and re-reads its subjects, runs the body, writes what was
noted to the trail and commits; or it raises, and nothing happened.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, overload

from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.models import Model

from redress.access import trail
from redress.access.actor import Actor
from redress.access.append_only import APPEND_ONLY_TABLES
from redress.access.chain import canonical
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import AlreadyUsed, NotVisible, Refusal, SomeoneElseIsWorkingOnThis
from redress.access.roles import ROLES, Role

P = ParamSpec("P")
R = TypeVar("R")

LOCK_WAIT_SECONDS = 4
"""How long a step waits for another's lock before it says so to the person."""

LONGEST_KEY = 200
"""Characters of a key."""

_BUSY = ("55P03", "40P01")  # lock_not_available, deadlock_detected


class StepMisused(RuntimeError):
    """A step was called in a way that steps aren't called: a mistake in the program, not in what a person did."""


class NestedStep(StepMisused):
    """A step was called from inside another step; what two steps share is a plain function."""


class NothingRecorded(StepMisused):
    """A step changed things and left nothing in the trail, so it wasn't allowed to commit."""


@dataclass(frozen=True, slots=True)
class StepInfo:
    """What the registry knows of a step."""

    name: str
    needs: Permission
    on: tuple[str, ...]
    function: Callable[..., Any]
    doc: str


STEPS: dict[str, StepInfo] = {}
"""Every step that there is, by name: ``acknowledgement.acknowledge``."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whether a button may be pressed, and why not."""

    allowed: bool
    why: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class Step(Generic[P, R]):
    """A function wrapped in permission, transaction, locks and trail."""

    def __init__(self, function: Callable[P, R], needs: Permission, on: tuple[str, ...]) -> None:
        self.signature = inspect.signature(function)
        _check_shape(function, self.signature, on)
        self.function = function
        name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__qualname__}"
        self.info = StepInfo(name, needs, on, function, inspect.getdoc(function) or "")
        update_wrapper(self, function)

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...

    @overload
    def __call__(self, *, key: str | None, **kwargs: Any) -> R: ...

    def __call__(self, *args: Any, **kwargs: Any) -> R:
        """Do the step.

        The same ``key`` from the same actor gives the same answer, and does nothing twice.
        Raises ``NotVisible``, ``NotPermitted``, ``SomeoneElseIsWorkingOnThis``, ``AlreadyUsed`` and whatever the body
        refuses; ``StepMisused``, ``TypeError`` and ``ValueError`` for mistakes of the program.
        """
        if args:
            raise TypeError(f"{self.info.name} takes its arguments by name only.")
        key = kwargs.pop("key", None)
        bound = self.signature.bind(**kwargs).arguments
        by, at = _by_and_at(self.info.name, bound)
        if trail.OPEN.get() is not None:
            raise NestedStep(f"{self.info.name} was called from inside another step.")
        self._check_permission(by, bound)
        notebook = trail.Notebook(self.info.name, by, at)
        token = trail.OPEN.set(notebook)
        try:
            with _busy_is_a_refusal(), transaction.atomic(durable=True):
                _wait_at_most(LOCK_WAIT_SECONDS)
                return self._do(bound, notebook, key)
        finally:
            trail.OPEN.reset(token)

    def _do(self, bound: dict[str, Any], notebook: trail.Notebook, key: str | None) -> R:
        """Run the body between the locks and the trail, inside the open transaction."""
        if key is not None:
            given = _Given(notebook, key, _about(self.info, bound))
            if not given.take():
                answer: R = given.answer()
                return answer
        _lock(self.info, bound)
        self._check_permission(notebook.by, bound)
        result = self.function(**bound)  # type: ignore[call-arg]
        if not notebook.notes:
            raise NothingRecorded(f"{self.info.name} left nothing in the trail.")
        if key is not None:
            given.keep(result)
        trail.write(notebook)
        return result

    def _check_permission(self, by: Actor, bound: Mapping[str, Any]) -> None:
        check_permission(by, self.info.needs, _subjects(self.info, bound))
        _check_same_council(self.info, by, bound)


def step(*, needs: Permission | str, on: str | Sequence[str]) -> Callable[[Callable[P, R]], Step[P, R]]:
    """Make a function a step that needs a permission, on the subjects that its parameters name.

    ``on`` names parameters that hold a record, a list of records, or nothing; with ``on=()`` the permission is asked
    for at any council. Raises ``ValueError`` for an unknown permission and ``TypeError`` for a badly shaped function,
    both when the program is loaded.
    """
    permission = Permission(needs)
    names = (on,) if isinstance(on, str) else tuple(on)

    def wrap(function: Callable[P, R]) -> Step[P, R]:
        made = Step(function, permission, names)
        if made.info.name in STEPS:
            raise TypeError(f"There are two steps called {made.info.name}.")
        STEPS[made.info.name] = made.info
        return made

    return wrap


def can(step_function: Step[..., Any], by: Actor, **subjects: Any) -> Allowed:
    """Say whether the actor's role allows a step on these subjects, for a button; the rules of the step come later."""
    try:
        check_permission(by, step_function.info.needs, _subjects(step_function.info, subjects))
    except Refusal as refusal:
        return Allowed(False, refusal.sentence)
    return Allowed(True)


def matrix() -> dict[str, dict[Role, bool]]:
    """Return, for every step and every role, whether the role may do the step, for the reference page and its test."""
    return {
        name: {role: info.needs in ROLES[role].permissions for role in Role} for name, info in sorted(STEPS.items())
    }


# ---------------------------------------------------------------------------------------------------------- permission


def check_permission(by: Actor, needs: Permission, subjects: Iterable[Model]) -> None:
    """Check that the actor holds the permission at the council of every subject.

    A subject that belongs to several councils (an officer) is judged by those that it shares with the actor; one that
    belongs to none is judged by the others. Raises ``NotVisible`` for another council's, or another resident's,
    record and ``NotPermitted`` for a role that isn't enough.
    """
    judged = False
    for subject in subjects:
        councils = _councils_of(subject)
        if councils is None:
            continue
        judged = True
        mine = [council_id for council_id in councils if by.belongs_to(council_id)]
        if not mine or not _is_own(by, subject):
            raise NotVisible
        if not any(by.may(needs, council_id) for council_id in mine):
            raise NotPermitted(needs)
    if not judged and not by.may_somewhere(needs):
        raise NotPermitted(needs)


def _councils_of(subject: Model) -> tuple[int, ...] | None:
    council_id = getattr(subject, "council_id", None)
    if council_id is not None:
        return (council_id,)
    councils = getattr(subject, "council_ids", None)
    return None if councils is None else tuple(councils)


def _check_same_council(info: StepInfo, by: Actor, bound: Mapping[str, Any]) -> None:
    """Check that whatever else a step is given belongs to a council of its subjects: a service, a point, a document.

    Each step would otherwise have to remember it for each of its arguments, and the one that forgot would put one
    council's record on another's case. A person who works here may serve several councils, so that the steps ask
    themselves about an officer. Raises ``NotVisible``.
    """
    others = {
        record.council_id
        for name, given in bound.items()
        if name not in info.on and name not in ("by", "at")
        for record in records_in(given)
        if getattr(record, "council_id", None) is not None
    }
    if not others:
        return
    ours = {council_id for subject in _subjects(info, bound) for council_id in _councils_of(subject) or ()}
    if not ours:
        if by.everywhere or by.kind == "newcomer":
            return
        ours = set(by.council_ids) | ({by.council_id} if by.council_id else set())
    if others - ours:
        raise NotVisible


def records_in(given: Any, depth: int = 4) -> Iterator[Any]:
    """Give the records that an argument holds: itself, or in a list, in a dictionary or in a dataclass."""
    if isinstance(given, Model):
        yield given
    elif depth and isinstance(given, list | tuple | set | frozenset):
        for one in given:
            yield from records_in(one, depth - 1)
    elif depth and isinstance(given, Mapping):
        for one in given.values():
            yield from records_in(one, depth - 1)
    elif depth and is_dataclass(given) and not isinstance(given, type):
        for field in fields(given):
            yield from records_in(getattr(given, field.name), depth - 1)


def _is_own(by: Actor, subject: Model) -> bool:
    """Say whether a resident may touch this: their case, themselves, or their council's front door."""
    if by.kind != "resident":
        return True
    own = {f"council:{by.council_id}"}
    if by.case_id is not None:
        own.add(f"case:{by.case_id}")
    if by.contact_id is not None:
        own |= {f"contact:{by.contact_id}", f"person:{by.contact_id}"}
    return trail.stream_of(subject) in own


# ---------------------------------------------------------------------------------------------------- arguments, locks


def _check_shape(function: Callable[..., Any], signature: inspect.Signature, on: tuple[str, ...]) -> None:
    name = f"{function.__module__}.{function.__qualname__}"
    if inspect.iscoroutinefunction(function):
        raise TypeError(f"{name} can't be a step: steps wait for nothing but the database.")
    for parameter in signature.parameters.values():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"{name} can't be a step: {parameter.name} isn't keyword-only.")
    missing = {"by", "at", *on} - set(signature.parameters)
    if missing:
        raise TypeError(f"{name} can't be a step: it takes no {', '.join(sorted(missing))}.")
    if "key" in signature.parameters:
        raise TypeError(f"{name} can't be a step: the key is the step's own and isn't passed on.")
    if not inspect.getdoc(function):
        raise TypeError(f"{name} can't be a step: it has no docstring.")


def _by_and_at(name: str, bound: Mapping[str, Any]) -> tuple[Actor, datetime]:
    by, at = bound["by"], bound["at"]
    if not isinstance(by, Actor):
        raise TypeError(f"{name} needs to know by whom: an Actor, not {type(by).__name__}.")
    if not isinstance(at, datetime):
        raise TypeError(f"{name} needs to know at what moment: a datetime, not {type(at).__name__}.")
    if at.utcoffset() is None:
        raise ValueError(f"{name} was given a moment without a time zone.")
    return by, at


def _subjects(info: StepInfo, bound: Mapping[str, Any]) -> Iterator[Model]:
    for name in info.on:
        given = bound.get(name)
        for subject in given if isinstance(given, list | tuple) else (given,):
            if subject is None:
                continue
            if not isinstance(subject, Model):
                raise TypeError(f"{info.name} needs a record for {name}, not {type(subject).__name__}.")
            yield subject


def _lock(info: StepInfo, bound: dict[str, Any]) -> None:
    """Lock the subjects in (kind, id) order and put the rows as they are now in the place of what was given.

    Raises ``NotVisible`` for one that is gone.
    """
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for subject in _subjects(info, bound):
        wanted[type(subject)._meta.concrete_model or type(subject)].add(subject.pk)
    rows: dict[tuple[type[Model], Any], Model] = {}
    for model in sorted(wanted, key=lambda model: model._meta.label_lower):
        for row in _locked_rows(model, wanted[model]):
            rows[model, row.pk] = row

    def fresh(subject: Model | None) -> Model | None:
        if subject is None:
            return None
        row = rows.get((type(subject)._meta.concrete_model or type(subject), subject.pk))
        if row is None:
            raise NotVisible
        return row

    for name in info.on:
        given = bound.get(name)
        if isinstance(given, list | tuple):
            bound[name] = [fresh(subject) for subject in given]
        elif given is not None:
            bound[name] = fresh(given)


def _locked_rows(model: type[Model], keys: set[Any]) -> Iterable[Model]:
    if getattr(model, "shared_by_steps", False):
        # Every step of a council would wait for every other if the council's own row were locked in earnest. Held like
        # this it only can't be deleted, or change its key, meanwhile.
        table, column = model._meta.db_table, str(model._meta.pk.column)
        quote = connection.ops.quote_name
        return model._base_manager.raw(
            f"SELECT * FROM {quote(table)} WHERE {quote(column)} = ANY(%s)"  # noqa: S608 (names from the model)
            f" ORDER BY {quote(column)} FOR KEY SHARE",
            [sorted(keys)],
        )
    if model._meta.db_table in APPEND_ONLY_TABLES:
        return model._base_manager.filter(pk__in=keys)  # such a row never changes; nobody need wait for it
    return model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")


def _wait_at_most(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(seconds * 1000)}ms"])


@contextmanager
def _busy_is_a_refusal() -> Iterator[None]:
    """Turn a lock that didn't come, or a deadlock, into the sentence that a person can act on."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) in _BUSY:
            raise SomeoneElseIsWorkingOnThis from error
        raise


# ---------------------------------------------------------------------------------------------------------------- keys


def _about(info: StepInfo, bound: Mapping[str, Any]) -> str:
    """Return a digest that tells one set of subjects from another, so that a key can't answer for other records."""
    words = " ".join(f"{subject._meta.label_lower}:{subject.pk}" for subject in _subjects(info, bound))
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass(slots=True)
class _Given:
    """A key that was given, and the row that holds its answer."""

    notebook: trail.Notebook
    key: str
    about: str

    def take(self) -> bool:
        """Take the key; false when it was answered before. A second call at the same time waits here for the first.

        Raises ``AlreadyUsed`` for a key that no form of ours made.
        """
        if not 0 < len(self.key) <= LONGEST_KEY or not self.key.isprintable():
            raise AlreadyUsed("This form's key is missing or damaged.")
        book = self.notebook
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO access_answer (step, actor, key, about, answer, answered_at)"
                " VALUES (%s, %s, %s, %s, NULL, %s) ON CONFLICT (step, actor, key) DO NOTHING RETURNING id",
                [book.step, book.by.identity, self.key, self.about, book.at],
            )
            return cursor.fetchone() is not None

    def keep(self, answer: Any) -> None:
        """Keep the answer beside the key."""
        book = self.notebook
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE access_answer SET answer = %s::jsonb WHERE step = %s AND actor = %s AND key = %s",
                [canonical(_stored(answer)), book.step, book.by.identity, self.key],
            )

    def answer(self) -> Any:
        """Return what was answered before. Raises ``AlreadyUsed`` when that was about other records."""
        book = self.notebook
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT about, answer::text FROM access_answer WHERE step = %s AND actor = %s AND key = %s",
                [book.step, book.by.identity, self.key],
            )
            about, text = cursor.fetchone()
        if about != self.about:
            raise AlreadyUsed
        return _restored(json.loads(text))


def _stored(answer: Any) -> Any:
    match answer:
        case None | bool() | int() | str():
            return answer
        case Model():
            return {"record": answer._meta.label_lower, "pk": answer.pk}
        case list() | tuple():
            return [_stored(item) for item in answer]
        case _:
            raise StepMisused(
                f"A step that is called with a key answers a record, text, a number or a list of them,"
                f" not {type(answer).__name__}."
            )


def _restored(stored: Any) -> Any:
    if isinstance(stored, list):
        return [_restored(item) for item in stored]
    if isinstance(stored, dict):
        row = apps.get_model(stored["record"])._base_manager.filter(pk=stored["pk"]).first()
        if row is None:
            raise NotVisible
        return row
    return stored
