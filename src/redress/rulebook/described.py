"""What does an edition say, section by section, for a reader who knows the law and no Python?

The sections come out as blocks (a heading, a sentence, a list, a table), which `reference` writes as Markdown pages and
`listing` as plain text, so that the two can't differ. Words between backticks are names that the procedure files use.

Example: `length(edition.clock("response"))` is "20 working days, the day after is day 1".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from redress.rulebook import dates
from redress.rulebook.calendar import CALENDARS
from redress.rulebook.editions import Authority, ClockRule, Edition, ExtensionRule, Force, Kept, Stage
from redress.rulebook.happenings import KINDS
from redress.rulebook.lines import span

Say = Callable[[Authority], str]
"""How an authority is said: with its mark, in letters or in words."""


class Heading(NamedTuple):
    """The title of a section; `level` 1 is the highest within an edition."""

    text: str
    level: int = 1


class Sentence(NamedTuple):
    """One paragraph."""

    text: str


class Points(NamedTuple):
    """A list."""

    items: tuple[str, ...]


class Table(NamedTuple):
    """Rows under heads; the first cell names the row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Sentence | Points | Table

FORCE_WORDS: dict[Force, str] = {
    "must": "must",
    "should": "should",
    "good-practice": "good practice",
    "norm": "norm of councils",
}

MARKS: tuple[tuple[str, str], ...] = (
    ("P", "seen on a page of the authority itself"),
    ("S", "seen on a secondary page only"),
    ("K", "not seen by anybody yet: check before relying on it"),
)


def edition(one: Edition, say: Say) -> Iterator[Block]:
    """Describe an edition from its head to its documents; the worked examples are not among it."""
    yield from head(one, say)
    yield from people(one, say)
    yield from stages(one, say)
    yield from clocks(one, say)
    yield from rules(one, say)
    yield from refusals(one, say)
    yield from letters(one, say)
    yield from onwards(one, say)
    yield from kept(one, say)
    yield from words(one, say)
    yield from texts(one, say)
    yield from documents(one, say)


def head(one: Edition, say: Say) -> Iterator[Block]:
    """Describe what an edition is, from when it holds, and for what."""
    first, *others = (f"`{kind}`" for kind in one.selected_by)
    more = f" (where there is none: {', else '.join(others)})" if others else ""
    yield Sentence(
        f"In force from {dates.plain(one.in_force_from)} ({say(one.in_force_authority)}). It holds for a matter whose "
        f"{first}{more} lies on that day or later."
    )
    yield Sentence(one.between)
    if one.local_to is not None:
        yield Sentence(f"A council's own edition ({one.local_to}), made from `{one.based_on}`.")
    yield Sentence(one.scope + (f" Afterwards: {one.ombudsman}." if one.ombudsman else ""))
    if one.not_for:
        yield Sentence("Not for:")
        yield Points(one.not_for)


def people(one: Edition, say: Say) -> Iterator[Block]:
    """Describe who may use the procedure and whose authority is wanted."""
    yield Heading("Who may use it")
    yield Table(("Who", "What it means", "Authority"), tuple((w.who, w.says, say(w.authority)) for w in one.who))
    if one.acting_for:
        waits = {"keeps-running": "keeps running", "starts-with-it": "starts when it is shown"}
        yield Heading("Acting for somebody else")
        yield Table(
            ("Who", "What is wanted", "The clock meanwhile", "Authority"),
            tuple((a.who, a.wanted, waits[a.clock], say(a.authority)) for a in one.acting_for),
        )


def stages(one: Edition, say: Say) -> Iterator[Block]:
    """Describe the stages, who acts in them and who may not."""
    yield Heading("Stages")
    yield Table(
        ("Stage", "Opened by", "Answered by", "Final", "Authority"),
        tuple((_stage_name(one, s), _opened(s), f"`{s.answered_by}`", _final(s), say(s.authority)) for s in one.stages),
    )
    for stage in one.stages:
        said = [stage.says] if stage.says else []
        said += [f"It needs {role.who}: {role.does} ({say(role.authority)})" for role in stage.roles]
        said += [f"May not act: {barred.who}. {barred.why} ({say(barred.authority)})" for barred in stage.may_not_act]
        if stage.steps:
            said.append(f"In this order: {', '.join(f'`{kind}`' for kind in stage.steps)}.")
        if stage.ended_by:
            said.append(f"Ends without an answer with {dates.joined((f'`{kind}`' for kind in stage.ended_by), 'or')}.")
        if said:
            yield Heading(stage.title, 2)
            yield Points(tuple(said))


def _stage_name(one: Edition, stage: Stage) -> str:
    return stage.title if stage.after is None else f"{stage.title}, after {one.stage(stage.after).title}"


def _opened(stage: Stage) -> str:
    return f"`{stage.opened_by}`" + (f", acknowledged by `{stage.acknowledged_by}`" if stage.acknowledged_by else "")


def _final(stage: Stage) -> str:
    reasons = "; reasons are wanted" if stage.reasons_needed else ""
    return ("yes" if stage.final else "no") + reasons


def clocks(one: Edition, say: Say) -> Iterator[Block]:
    """Describe every limit with its authority and how sure it is, then what may change each."""
    yield Heading("Clocks")
    if not one.clocks:
        yield Sentence("There is no clock.")
    else:
        yield Table(
            ("Clock", "Name", "Starts with", "Limit", "Ends with", "Force", "Authority"),
            tuple(
                (
                    rule.title,
                    f"`{rule.name}`",
                    start(one, rule),
                    length(rule),
                    end(rule),
                    FORCE_WORDS[rule.force],
                    say(rule.authority),
                )
                for rule in one.clocks
            ),
        )
    for rule in one.clocks:
        yield Heading(rule.title, 2)
        yield Points(tuple(changes(one, rule, say)))
    for view in one.advice:
        yield Heading(view.title, 2)
        yield Sentence(f"{span(view.weeks, 'weeks')} from `{view.starts_with}`. {view.says} ({say(view.authority)})")


def start(one: Edition, rule: ClockRule) -> str:
    """Say what starts a clock: "`acknowledged`, at the latest 5 working days after `received`"."""
    said = dates.joined((f"`{kind}`" for kind in rule.starts_with), "or")
    if rule.bounded_by is None:
        return said
    bound = one.clock(rule.bounded_by)
    first = dates.joined((f"`{kind}`" for kind in bound.starts_with), "or")
    limit = span(bound.limit, bound.unit) if bound.limit is not None else "the limit"
    return f"{said}, at the latest {limit} after {first}"


def length(rule: ClockRule) -> str:
    """Say how long a clock runs: "20 working days, the day after is day 1"."""
    if rule.limit is None:
        return "the date that the letter states"
    said = span(rule.limit, rule.unit)
    if rule.unit == "calendar-months":
        said = said.replace("month", "calendar month")
    elif rule.unit == "calendar-days":
        said = said.replace("day", "calendar day")
    if rule.unit == "hours":
        said += " that pass, from the instant itself"
    elif rule.first_day == "same-day":
        said += " commencing on the day of the start, which is counted"
    elif rule.unit == "calendar-months":
        said += ", to the corresponding date"
    else:
        said += ", the day after is day 1"
    if rule.roll == "next-working-day":
        said += "; a date that is no working day moves to the next"
    return said + (", unless the letter states a date" if rule.stated else "")


def end(rule: ClockRule) -> str:
    """Say what ends a clock."""
    return dates.joined((f"`{kind}`" for kind in (rule.ends_with, *rule.also_ends_with)), "or")


def changes(one: Edition, rule: ClockRule, say: Say) -> Iterator[str]:
    """Say, sentence by sentence, what may change a clock, what follows a miss, and what a council may choose."""
    if rule.bounded_by is not None:
        why = f" ({say(rule.bound_authority)})" if rule.bound_authority is not None else ""
        yield (f"Where what starts it comes late or never, it runs from the last day for that: nothing is gained{why}.")
    for restart in rule.restarts:
        yield (
            f"Starts anew: after `{restart.asked_with}` no time runs, and `{restart.answered_with}` is the new start. "
            f"{restart.says} ({say(restart.authority)})"
        )
    for away in rule.disregards:
        lapse = f" It lapses after {span(away.lapses_after, away.lapses_unit)}." if away.lapses_after else ""
        yield (
            f"Days that don't count: from `{away.begins_with}` to `{away.finishes_with}`, both days included. "
            f"{away.says}{lapse} ({say(away.authority)})"
        )
    for fresh in rule.fresh:
        since = f", counted from `{fresh.counted_from}` where that is on record" if fresh.counted_from else ""
        rolls = "; a date that is no working day moves to the next" if fresh.roll == "next-working-day" else ""
        own = span(fresh.limit, fresh.unit)
        yield (
            f"A new time of its own: from `{fresh.begins_with}`, {own}{since}{rolls}. {fresh.says} "
            f"({say(fresh.authority)})"
        )
    if rule.extension is not None:
        yield from extension(rule.extension, say)
    else:
        yield "It can't be extended."
    if rule.agreed is not None:
        yield f"A later date may be agreed (`date-agreed`). {rule.agreed.says} ({say(rule.agreed.authority)})"
    if rule.cautious is not None:
        yield f"A cautious date is shown beside it. {rule.cautious.says} ({say(rule.cautious.authority)})"
    if rule.receipt_may_roll:
        yield "A council may choose to count a receipt on a day that is no working day from the next working day."
    if rule.repeats:
        yield "It begins anew with each new start after an answer."
    yield f"{'When it has run out' if rule.owed_by == 'person' else 'When it is missed'}: {rule.on_miss}"
    if rule.owed_by != "council":
        yield {
            "person": "The time is the person's own: nobody is late when it runs out.",
            "other": "It is owed by somebody else than the council.",
        }[rule.owed_by]
    if rule.limit is not None:
        yield {
            "shorter": "A council may choose a shorter limit, never a longer one.",
            "free": "A council chooses its own limit.",
            "fixed": "A council can't change the limit.",
        }[rule.local]


def extension(rule: ExtensionRule, say: Say) -> Iterator[str]:
    """Say how a clock may be extended."""
    counted = (
        "counted from the date due so far" if rule.counts_from == "due" else "the whole counted anew from the start"
    )
    cap = f"by {span(rule.cap, rule.unit)} in all, {counted}"
    passed = "more only with a good reason" if rule.soft else "never more"
    when = f" Only when: {rule.only_when.rstrip('.')}." if rule.only_when else ""
    reason = " A reason is needed." if rule.needs_reason else ""
    yield f"May be extended {cap}; {passed}.{when}{reason} ({say(rule.authority)})"
    yield f"With an extension the person is told {rule.told.rstrip('.')} ({say(rule.told_authority)})."


def rules(one: Edition, say: Say) -> Iterator[Block]:
    """Describe what holds besides the clocks: working days, pauses, duties without a number, time limits."""
    yield Heading("Rules")
    name = CALENDARS[one.working_days.calendar]
    closures = {
        "never": "A council's closures count as working days.",
        "council-setting": "A council may leave out its closures.",
    }
    rows = [
        (
            "Working days",
            f"{one.working_days.says} Calendar: {name}. {closures[one.working_days.closures]}",
            say(one.working_days.authority),
        ),
        ("Pauses", one.pauses.says, say(one.pauses.authority)),
    ]
    if one.time_limit is not None:
        limit = one.time_limit
        rows.append(
            (
                "Time limit",
                f"{span(limit.months, 'calendar-months')} from {limit.counted_from}. {limit.discretion}",
                say(limit.authority),
            )
        )
    if one.new_points:
        rows.append(("New points", one.new_points, say(one.new_points_authority) if one.new_points_authority else ""))
    if one.triage is not None:
        asks = " ".join(f"{word.word}: {word.meaning}" for word in one.triage.choice_asks)
        rows += [
            ("Service request", one.triage.request, say(one.triage.authority)),
            ("Complaint", f"{one.triage.complaint} {one.triage.word_not_needed}", say(one.triage.authority)),
            (
                "Choice to complain",
                one.triage.without_choice + (f" Recorded: {asks}" if asks else ""),
                say(one.triage.choice_authority),
            ),
            ("While a request is live", one.triage.live_request, say(one.triage.authority)),
            ("Every request", " ".join(one.triage.always), say(one.triage.authority)),
        ]
    yield Table(("Rule", "What it says", "Authority"), tuple(rows))
    if one.duties:
        yield Heading("Duties without a number of days", 2)
        yield Table(
            ("Duty", "What it says", "Force", "Authority"),
            tuple((d.title, d.says, FORCE_WORDS[d.force], say(d.authority)) for d in one.duties),
        )


def refusals(one: Edition, say: Say) -> Iterator[Block]:
    """Describe what may be refused, why, and what the refusal has to say."""
    if not one.refusal_grounds and not one.refusal_says:
        return
    yield Heading("Refusing")
    if one.refusal_says:
        yield Sentence("The refusal says:")
        yield Points(one.refusal_says)
    if one.refusal_grounds:
        yield Table(
            ("Ground", "Stages", "What it says", "Think about first", "Evidence", "Authority"),
            tuple(
                (
                    ground.title,
                    ", ".join(one.stage(key).title for key in ground.stages),
                    ground.says,
                    " ".join(ground.discretion),
                    ground.evidence,
                    say(ground.authority),
                )
                for ground in one.refusal_grounds
            ),
        )


def letters(one: Edition, say: Say) -> Iterator[Block]:
    """Describe what each letter has to hold."""
    if not one.letters:
        return
    yield Heading("What each letter holds")
    for letter in one.letters:
        yield Heading(f"{letter.title} (`{letter.kind}`)", 2)
        yield Table(
            ("Part", "Why", "Force", "Authority"),
            tuple((part.label, part.why, FORCE_WORDS[part.force], say(part.authority)) for part in letter.parts),
        )


def onwards(one: Edition, say: Say) -> Iterator[Block]:
    """Describe where a matter can go next, and who signs."""
    if one.next_steps:
        yield Heading("Where it can go next")
        yield Table(
            ("After", "To", "Within", "What it means", "Authority"),
            tuple((one.stage(n.after).title, n.to, n.within, n.says, say(n.authority)) for n in one.next_steps),
        )
    if one.sign_off:
        letter_titles = {letter.kind: letter.title for letter in one.letters}
        yield Heading("Who signs")
        yield Table(
            ("Stage", "Letter", "Signed by", "Authority"),
            tuple(
                (one.stage(s.stage).title, letter_titles.get(s.letter, s.letter), s.by, say(s.authority))
                for s in one.sign_off
            ),
        )


def kept(one: Edition, say: Say) -> Iterator[Block]:
    """Describe which records and figures are wanted, and how long records are kept."""
    for title, things in (("Records", one.records), ("Figures", one.figures)):
        if things:
            yield Heading(title)
            yield _kept(things, say)
    keep = one.retention
    yield Heading("How long it is kept")
    rows = [("The records", _years(keep.years), keep.counted_from, say(keep.authority))]
    rows += [(more.what, _years(more.years), more.counted_from, say(more.authority)) for more in keep.longer]
    yield Table(("What", "How long", "Counted from", "Authority"), tuple(rows))


def _kept(things: Iterable[Kept], say: Say) -> Table:
    return Table(
        ("What", "What it means", "Force", "Authority"),
        tuple((one.what, one.says, FORCE_WORDS[one.force], say(one.authority)) for one in things),
    )


def _years(number: int) -> str:
    return f"{number} year{'' if number == 1 else 's'}"


def words(one: Edition, say: Say) -> Iterator[Block]:
    """Describe the procedure's words for findings, outcomes and remedies."""
    for title, several in (("Findings", one.findings), ("Outcomes", one.outcomes), ("Types of remedy", one.remedies)):
        if several:
            yield Heading(title)
            yield Table(
                ("Word", "Name", "Meaning", "Authority"),
                tuple((word.word, f"`{word.key}`", word.meaning, say(word.authority)) for word in several),
            )


def texts(one: Edition, say: Say) -> Iterator[Block]:
    """Describe the texts that go into letters, with whether anybody has compared them with the official ones."""
    if not one.blocks:
        return
    mark = {"confirmed": "compared with the official text", "check": "check before use"}
    yield Heading("Texts in letters")
    yield Table(
        ("Text", "Wording", "Source", "As of", "How sure"),
        tuple(
            (b.title, b.text, b.source, dates.plain(b.as_of), mark[b.mark] + (f". {b.note}" if b.note else ""))
            for b in one.blocks
        ),
    )


def happenings(one: Edition, say: Say) -> Iterator[Block]:
    """Describe the happenings that the edition names."""
    yield Heading("Happenings")
    yield Table(("Name", "What it means"), tuple((f"`{kind}`", KINDS[kind]) for kind in KINDS if kind in one.kinds))


def documents(one: Edition, say: Say) -> Iterator[Block]:
    """Describe the documents that the edition rests on, and the happenings that it names."""
    yield from happenings(one, say)
    yield Heading("Documents")
    yield Table(
        ("Document", "Cited as", "Status", "Where"),
        tuple((d.title, d.short, d.status, d.source) for d in one.documents),
    )
