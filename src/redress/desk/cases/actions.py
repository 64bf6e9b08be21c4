"""What may this viewer do with a case now, and why not the rest?

Each button is data: shown, allowed, why not. The permission is the one that its step declares.

Example: ``actions_for(by, case, stage, points, today)[0].label`` is "Write the response".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.urls import reverse

from redress.access.actor import Actor
from redress.access.step import Step, can
from redress.cases.queries import Case, PointState, Stage
from redress.casework import (
    acknowledgement,
    allocation,
    case_details,
    closure,
    correspondence,
    escalation,
    extension,
    notes,
    response,
    tasks,
    triage,
)
from redress.plumbing.look.frame import Action
from redress.rulebook import dates


@dataclass
class _Buttons:
    """The buttons of one case for one viewer, in the order in which they are added."""

    by: Actor
    case: Case
    found: list[Action] = field(default_factory=list)

    def add(
        self, label: str, name: str, step: Step[..., Any], *args: object, why: str = "", note: str = "", key: str = ""
    ) -> None:
        """Add a button; the role's reason comes before the rule's."""
        role = can(step, self.by, case=self.case)
        self.found.append(
            Action(
                label=label,
                href=reverse(f"desk:{name}", args=[self.case.reference, *args]),
                allowed=bool(role) and not why,
                why=role.why or why,
                note=note,
                key=key,
                wide=True,
            )
        )


def actions_for(
    by: Actor, case: Case, stage: Stage | None, points: Sequence[PointState], today: date
) -> tuple[Action | None, tuple[Action, ...]]:
    """Give the main thing to be done now, where there is one, and everything else."""
    buttons = _Buttons(by, case)
    acknowledged = stage is not None and acknowledgement.acknowledging_letter(case, stage) is not None
    _first_things(buttons, stage, acknowledged=acknowledged)
    if stage is not None:
        _answering(buttons, stage, points, acknowledged=acknowledged)
    _always(buttons, stage)
    _ends(buttons, stage, acknowledged=acknowledged, today=today)
    main = next((one for one in buttons.found if one.allowed and one.label not in _NEVER_MAIN), None)
    rest = tuple(one for one in buttons.found if one is not main)
    return (replace(main, main=True, wide=False, note="") if main is not None else None), rest


_NEVER_MAIN = frozenset({"Close the case", "Log the request for Stage 2", "Change the details", "Ask a service"})


def _first_things(buttons: _Buttons, stage: Stage | None, *, acknowledged: bool) -> None:
    case = buttons.case
    if case.closed_at is None and case.state == Case.State.TO_TRIAGE:
        buttons.add("Decide what it is", "triage", triage.accept)
    if case.closed_at is None and case.kind != Case.Kind.COMPLAINT:
        buttons.add("Turn it into a complaint", "turn-into-complaint", triage.turn_into_complaint)
    if stage is not None and not acknowledged:
        buttons.add("Acknowledge", "acknowledge", acknowledgement.acknowledge, key="A")
    if stage is not None and case.holder_id is None:
        take = can(allocation.allocate, buttons.by, case=case)
        step = allocation.allocate if take else allocation.hand_over
        buttons.add("Allocate it" if take else "Take it yourself", "allocate", step, key="H")


def _answering(buttons: _Buttons, stage: Stage, points: Sequence[PointState], *, acknowledged: bool) -> None:
    missing = [str(point.number) for point in points if not point.withdrawn and not _has_reason(point, stage.number)]
    note = "Every point has a finding and a reason."
    if missing:
        one = len(missing) == 1
        note = f"Point{'' if one else 's'} {dates.joined(missing)} {'has' if one else 'have'} no reason yet."
    why = "" if acknowledged else "Not yet: acknowledge it first."
    buttons.add("Write the response", "response", response.save, stage.number, note=note, key="R", why=why)


def _has_reason(point: PointState, stage: int) -> bool:
    finding = dict(point.findings).get(stage)
    return finding is not None and bool(finding.reason)


def _always(buttons: _Buttons, stage: Stage | None) -> None:
    buttons.add("Add a note or a call", "note", notes.write_note, key="N")
    buttons.add("Write an e-mail or a letter", "write", correspondence.write, key="W")
    if stage is not None:
        buttons.add("Ask a service", "ask", tasks.ask, key="T")
    if buttons.case.closed_at is None:
        buttons.add("Change the details", "details", case_details.change)


def _ends(buttons: _Buttons, stage: Stage | None, *, acknowledged: bool, today: date) -> None:
    case = buttons.case
    if stage is not None:
        why = "" if acknowledged else "Not yet: acknowledge it first."
        buttons.add(
            "Extend the answer date", "extend", extension.extend, why=why, note="Needs a reason and a letter.", key="E"
        )
        if case.holder_id is not None:
            mine = case.holder_id == buttons.by.id and not can(allocation.allocate, buttons.by, case=case)
            label = "Hand over" if case.holder_id == buttons.by.id else "Give it to somebody else"
            buttons.add(label, "allocate", allocation.hand_over if mine else allocation.allocate, key="H")
    if case.kind == Case.Kind.COMPLAINT and case.state != Case.State.TO_TRIAGE:
        why = escalation.why_not(case, today)
        buttons.add("Log the request for Stage 2", "escalate", escalation.escalate, why=why)
    if case.closed_at is None:
        why = "Not yet: decide first what it is." if case.state == Case.State.TO_TRIAGE else ""
        buttons.add("Close the case", "close", closure.close, why=why)
