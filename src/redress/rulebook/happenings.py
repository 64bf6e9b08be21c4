"""What has happened in a case, as the clocks see it: dated facts, corrections, and an order within each day.

Example: `Happening("acknowledged", on=date(2026, 11, 24), seq=2)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from redress.rulebook import dates

# In the natural order of a day: where two stand on one day with the same `seq`, the earlier here comes first.
KINDS: dict[str, str] = {
    "aware": "The council became aware of it.",
    "letter-of-notification-received": "The letter of notification reached the council.",
    "letter-of-claim-posted": "The letter of claim was posted.",
    "disrepair-letter-received": "A letter of claim about the condition of a council home reached the council.",
    "received": "It reached any part of the council.",
    "turned-into-complaint": "What had been treated as a service request goes on as a complaint.",
    "accepted": "It was accepted as a complaint.",
    "identity-asked": "Proof of who the person is was asked for.",
    "identity-proved": "The person proved who they are.",
    "authority-asked": "Proof that somebody may act for the person was asked for.",
    "authority-shown": "It was shown that somebody may act for the person.",
    "notification-acknowledged": "The letter of notification was acknowledged.",
    "acknowledged": "The acknowledgement went out.",
    "resolved-orally": "It was put right by word of mouth, and the person is satisfied.",
    "clarification-asked": "Something was asked of the person.",
    "clarification-answered": "The person answered what was asked.",
    "fee-notice-given": "The person was told what has to be paid first.",
    "fee-paid": "The person paid.",
    "response-period-set": "The time for the answer was agreed, or set and told.",
    "extended": "More time was taken and the person was told.",
    "date-agreed": "A later date was agreed.",
    "not-emergency": "It was judged to be no emergency.",
    "works-identified": "It was found which works an emergency needs.",
    "investigated": "The investigation ended.",
    "no-hazard": "No significant or emergency hazard was found.",
    "summary-given": "The written summary was given.",
    "made-safe": "It was made safe.",
    "accommodation-offered": "Somewhere else to live was offered.",
    "works-started": "The further works began.",
    "works-finished": "The works were finished.",
    "not-notifiable": "It was decided that the Commissioner need not be told: a risk to people is unlikely.",
    "commissioner-notified": "The Information Commissioner was told.",
    "people-told": "The people affected were told.",
    "transferred": "It was passed to the body that holds the information.",
    "thanked": "The person was thanked.",
    "passed-on": "It was passed on to those whom it praises or concerns.",
    "considered": "It was considered.",
    "done": "What was asked for was done.",
    "responded": "The answer went out.",
    "review-requested": "The person asked for a review.",
    "review-responded": "The outcome of the review went out.",
    "escalated": "The person asked for the next stage.",
    "escalation-acknowledged": "The request for the next stage was acknowledged.",
    "escalation-refused": "The request for the next stage was refused.",
    "statement-agreed": "The statement of complaint was agreed.",
    "stage-2-started": "Stage 2 began: it was asked for in writing, or the statement of complaint was agreed.",
    "escalation-responded": "The answer of the next stage went out.",
    "stage-2-adjudicated": "The adjudication and the reports of Stage 2 went out.",
    "panel-requested": "The person asked for a review panel.",
    "panel-met": "The review panel met.",
    "panel-reported": "The review panel's report went out.",
    "panel-responded": "The council's answer to the panel's report went out.",
    "documents-asked": "The Ombudsman asked for documents.",
    "documents-sent": "The documents went to the Ombudsman.",
    "enquiries-received": "Enquiries came in.",
    "enquiries-answered": "The enquiries were answered.",
    "evidence-asked": "The Ombudsman asked for evidence.",
    "evidence-sent": "The evidence went to the Ombudsman.",
    "draft-decision-received": "The draft decision came in.",
    "draft-decision-answered": "The comments on the draft decision were sent.",
    "decision-received": "The decision came in.",
    "decision-review-requested": "A review of the decision was asked for.",
    "remedy-agreed": "A recommendation was agreed, or an order was made.",
    "remedy-carried-out": "The recommendation or order was carried out and the evidence sent.",
    "public-report-received": "A public report came in.",
    "public-report-announced": "The public report was announced.",
    "public-report-shown": "Copies of the public report were put out for everybody to see.",
    "public-report-replied": "The Ombudsman was told what the council has done about the report.",
    "decision-notice-received": "The Commissioner's decision notice came in.",
    "appealed": "An appeal was made.",
    "liability-decided": "The decision on liability went out.",
    "left-portal": "The claim left the portal.",
    "offer-received": "An offer came in.",
    "offer-answered": "The offer was answered.",
    "proceedings-served": "Court papers were served.",
    "defence-filed": "The defence was filed.",
    "warned": "The person was warned.",
    "restricted": "Contact was restricted, and the person was told how and why.",
    "restriction-reviewed": "The restriction was reviewed, and the person was told the outcome.",
    "review-set": "The date of the next review was set.",
    "appeal-requested": "The person appealed.",
    "appeal-answered": "The appeal was decided, and the person was told.",
    "restriction-ended": "The restriction ended.",
    "refused": "It was not taken on; the refusal letter went out.",
    "treated-as-request": "It was treated as a service request.",
    "referred-elsewhere": "It belongs elsewhere and was passed on.",
    "merged": "It became part of another case.",
    "withdrawn": "The person withdrew it.",
    "abandoned": "It could not go on, because the person could not be reached.",
    "closed": "The case, or the stage, was closed.",
    "reopened": "What had been closed goes on.",
    "recorded-in-error": "The happening that this one replaces never took place.",
}
RANK = {kind: place for place, kind in enumerate(KINDS)}

REVIVING = frozenset({"reopened", "turned-into-complaint"})
PAUSING = frozenset({"paused", "resumed", "clock-stopped", "clock-started"})

# What may happen in a case of any procedure; the rest only where the edition names it.
GENERAL = frozenset(
    {
        "received",
        "turned-into-complaint",
        "accepted",
        "clarification-asked",
        "clarification-answered",
        "extended",
        "date-agreed",
        "refused",
        "treated-as-request",
        "referred-elsewhere",
        "merged",
        "withdrawn",
        "abandoned",
        "closed",
        "reopened",
        "recorded-in-error",
    }
)


@dataclass(frozen=True)
class Happening:
    """A dated fact about a case.

    `on` is the day when it was true, or `at` the instant; a naive instant is London time. Where both stand, `on` rules.
    `seq` orders the happenings of one day. `replaces` names the `id` of the happening that this one corrects.
    `recorded` is the day on which it was put on record, where that is known. `day` is the day in London on which it was
    true, or None when it carries no date.
    """

    kind: str
    on: date | None = None
    at: datetime | None = None
    seq: int = 0
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)
    id: object = None
    replaces: object = None
    recorded: date | None = field(default=None, compare=False)
    day: date | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out the day once: the clocks ask for it again and again."""
        day = self.on
        if day is None and self.at is not None:
            try:
                day = dates.london_day(self.at)
            except (OverflowError, ValueError):
                day = None
        elif isinstance(day, datetime):
            day = day.date()
        object.__setattr__(self, "day", day)

    @property
    def told_on(self) -> date | None:
        """Give the day on which the person was told of an extension, where it is recorded."""
        return _as_day(self.data.get("told_on"))

    @property
    def received_on(self) -> date | None:
        """Give the day on which the dissatisfaction reached the council, where a request became a complaint."""
        return _as_day(self.data.get("received_on")) or self.day

    @property
    def by(self) -> date | None:
        """Give the date that the happening itself states: "answer by 4 December"."""
        return _as_day(self.data.get("by"))

    @property
    def until(self) -> date | None:
        """Give the later date that was agreed, or to which more time was taken."""
        return _as_day(self.data.get("until"))

    @property
    def working_days(self) -> int | None:
        """Give the working days of an extension, or None when they are missing or not a positive whole number."""
        return self.amount("working-days")

    def amount(self, unit: str) -> int | None:
        """Give what an extension adds in a unit, or None when it is missing or not a positive whole number."""
        value = self.data.get(AMOUNTS[unit])
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


NOTHING: Mapping[str, Any] = MappingProxyType({})

# Under which name an extension carries its amount, by unit.
AMOUNTS: dict[str, str] = {
    "working-days": "working_days",
    "calendar-days": "days",
    "weeks": "weeks",
    "calendar-months": "months",
    "hours": "hours",
}


def _as_day(value: object) -> date | None:
    """Read a day that stands in a happening's data, as a date or as its text; None for anything else."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return dates.london_day(value)
    return value if isinstance(value, date) else None


@dataclass(frozen=True)
class History:
    """Happenings in order, after corrections, with what is wrong about them as a set."""

    dated: tuple[Happening, ...]
    undated: tuple[Happening, ...]
    cautions: tuple[str, ...] = ()
    circular: bool = False

    def all(self, kind: str) -> tuple[Happening, ...]:
        """List the dated happenings of a kind, the earliest first."""
        return tuple(happening for happening in self.dated if happening.kind == kind)

    def first(self, kind: str) -> Happening | None:
        """Give the earliest happening of a kind."""
        return next((happening for happening in self.dated if happening.kind == kind), None)

    def lacks_date(self, kind: str) -> bool:
        """Say whether a happening of this kind has no date, and none with a date stands beside it."""
        return self.first(kind) is None and any(happening.kind == kind for happening in self.undated)


def day_of(happening: Happening) -> date:
    """Give the day of a happening that is known to have one; ValueError otherwise."""
    day = happening.day
    if day is None:
        raise ValueError(f"{happening.kind} has no date")
    return day


def settle(happenings: Iterable[Happening]) -> History:
    """Apply corrections and put what remains in order of day, `seq` and the natural order of a day.

    A correction takes the place within its day of what it corrects. Corrections in a circle are reported, not raised.
    """
    every = tuple(happenings)
    if _in_order(every):
        return History(every, ())
    return _settle(every)


def _in_order(every: tuple[Happening, ...]) -> bool:
    """Say whether there is nothing to settle: every kind known and dated, no correction, each later than the last."""
    last: tuple[date, int] | None = None
    for one in every:
        if one.replaces is not None or one.day is None or one.kind not in RANK or one.kind == "recorded-in-error":
            return False
        here = (one.day, one.seq)
        if last is not None and here <= last:
            return False
        last = here
    return True


def believed(happenings: Iterable[Happening], on: date) -> tuple[Happening, ...]:
    """Give what was on record at the end of a day: with it the clocks read as they were believed then.

    What carries no day of recording is taken to have been on record on the day when it was true.
    """
    return tuple(one for one in happenings if (one.recorded or one.day or on) <= on)


def _settle(every: tuple[Happening, ...]) -> History:
    by_id = {happening.id: happening for happening in every if happening.id is not None}
    replaced = {happening.replaces for happening in every if happening.replaces is not None}
    cautions: list[str] = []
    circular = False
    standing: list[tuple[int, Happening]] = []
    for index, happening in enumerate(every):
        if happening.replaces is not None and happening.replaces not in by_id:
            cautions.append(f"A correction ({happening.kind}) replaces something that is not in the record.")
        seq, circle = _place(happening, by_id)
        circular = circular or circle
        if happening.id is not None and happening.id in replaced:
            continue
        if happening.kind == "recorded-in-error":
            continue
        if happening.kind not in KINDS:
            cautions.append(f"“{happening.kind}” is not a happening that these clocks know; it was left out.")
            continue
        standing.append((index, happening if seq == happening.seq else _with_seq(happening, seq)))
    if circular:
        cautions.append("Corrections replace one another in a circle.")
    dated = [(index, happening) for index, happening in standing if happening.day is not None]
    dated.sort(key=lambda pair: (day_of(pair[1]), pair[1].seq, RANK[pair[1].kind], pair[0]))
    return History(
        dated=tuple(happening for _, happening in dated),
        undated=tuple(happening for _, happening in standing if happening.day is None),
        cautions=tuple(dict.fromkeys(cautions)),
        circular=circular,
    )


def _place(happening: Happening, by_id: Mapping[object, Happening]) -> tuple[int, bool]:
    """Follow corrections back to the first, whose place within the day is kept; say whether they go in a circle."""
    seen = {id(happening)}
    here = happening
    while here.replaces is not None and here.replaces in by_id:
        here = by_id[here.replaces]
        if id(here) in seen:
            return happening.seq, True
        seen.add(id(here))
    return here.seq, False


def _with_seq(happening: Happening, seq: int) -> Happening:
    return replace(happening, seq=seq)
