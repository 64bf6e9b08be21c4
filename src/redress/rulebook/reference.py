"""Write the reference page of the procedures from their files: `python -m redress.rulebook.reference`.

Example: `python -m redress.rulebook.reference docs/reference/procedures.md`; without a name it prints the page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from redress.rulebook import dates, procedures
from redress.rulebook.editions import Authority, ClockRule, Edition, Letter, Word

HEAD = """\
# Procedures

Made from the files in `src/redress/rulebook/procedures` by
`python -m redress.rulebook.reference docs/reference/procedures.md`.
Don't edit it by hand. How dates are worked out stands in [rulebook.md](rulebook.md).

Marks: **P** seen on a page of the authority itself; **S** seen on a secondary page; **K** not seen by anybody yet:
check before relying on it. *(number not confirmed)* means that the substance is known and the paragraph's number is
not.
"""


def page() -> str:
    """Make the whole page as Markdown."""
    parts = [HEAD]
    for code in procedures.codes():
        parts.extend(_edition(edition) for edition in reversed(procedures.editions(code)))
    return "\n".join(parts).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the page to the file named, or print it."""
    if arguments:
        Path(arguments[0]).write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
    return 0


def _edition(edition: Edition) -> str:
    return "\n".join(
        [
            f"## {edition.title}: {edition.short}",
            "",
            f"`{edition.id}`, in force from {dates.plain(edition.in_force_from)}",
            f"({_mark(edition.in_force_authority)}). {edition.in_force_authority.note}".rstrip(),
            f"Selected by the first happening of the kind `{edition.selected_by}`. {edition.between}",
            "",
            f"{edition.scope} Ombudsman: {edition.ombudsman}.",
            "",
            "Not for:",
            "",
            *(f"- {text}" for text in edition.not_for),
            "",
            *_rules(edition),
            *_stages(edition),
            *_clocks(edition),
            *_letters(edition.letters),
            *_grounds(edition),
            *_words("Findings", edition.findings),
            *_words("Outcomes", edition.outcomes),
            *_words("Types of remedy", edition.remedies),
            *_blocks(edition),
            *_documents(edition),
        ]
    )


def _rules(edition: Edition) -> Iterable[str]:
    triage, limit, keep = edition.triage, edition.time_limit, edition.retention
    asks = f" Recorded: {dates.joined(one.word.lower() for one in triage.choice_asks)}." if triage.choice_asks else ""
    yield "### Rules"
    yield ""
    yield from _table(
        ("Rule", "What it says", "Authority"),
        [
            ("Working days", edition.working_days.says, _mark(edition.working_days.authority)),
            ("Pauses", edition.pauses.says, _mark(edition.pauses.authority)),
            ("Service request", triage.request, _mark(triage.authority)),
            ("Complaint", f"{triage.complaint} {triage.word_not_needed}", _mark(triage.authority)),
            ("Choice to complain", triage.without_choice + asks, _mark(triage.choice_authority)),
            ("While a request is live", triage.live_request, _mark(triage.authority)),
            ("Every request", " ".join(triage.always), _mark(triage.authority)),
            (
                "Time limit",
                f"{limit.months} months from {limit.counted_from}. {limit.discretion}",
                _mark(limit.authority),
            ),
            ("New points", edition.new_points, _mark(edition.new_points_authority)),
            ("Keeping", f"{keep.years} years from {keep.counted_from}. {keep.authority.note}", _mark(keep.authority)),
            ("A refusal says", f"{'; '.join(edition.refusal_says)}.", ""),
        ],
    )


def _stages(edition: Edition) -> Iterable[str]:
    yield "### Stages"
    yield ""
    rows = []
    for stage in edition.stages:
        barred = "; ".join(f"{one.who} ({_mark(one.authority)})" for one in stage.may_not_act)
        final = "final" if stage.final else "not final"
        rows.append(
            (stage.title, f"`{stage.opened_by}`", f"`{stage.answered_by}`", final, barred, _mark(stage.authority))
        )
    yield from _table(("Stage", "Opened by", "Answered by", "Final", "Who may not act", "Authority"), rows)


def _clocks(edition: Edition) -> Iterable[str]:
    yield "### Clocks"
    yield ""
    yield from _table(
        ("Clock", "Starts with", "Length", "Ends with", "Extension", "Authority"),
        [
            (rule.title, _start(edition, rule), _length(rule), _end(rule), _extension(rule), _mark(rule.authority))
            for rule in edition.clocks
        ],
    )
    for advice in edition.advice:
        yield f"Advice: {advice.weeks} weeks from `{advice.starts_with}`. {advice.says} ({_mark(advice.authority)})"
        yield ""


def _start(edition: Edition, rule: ClockRule) -> str:
    if rule.bounded_by is None:
        return f"`{rule.starts_with}`"
    limiting = edition.clock(rule.bounded_by)
    return f"`{rule.starts_with}`, at the latest {dates.working_days(limiting.limit)} after `{limiting.starts_with}`"


def _length(rule: ClockRule) -> str:
    return f"{dates.working_days(rule.limit)}, the day after is day 1 ({rule.force})"


def _end(rule: ClockRule) -> str:
    return dates.joined((f"`{kind}`" for kind in (rule.ends_with, *rule.also_ends_with)), "or")


def _extension(rule: ClockRule) -> str:
    if rule.extension is None:
        return "none"
    allowed = rule.extension
    return (
        f"no more than {allowed.cap} working days without good reason ({_mark(allowed.authority)}); the person is told "
        f"{allowed.told} ({_mark(allowed.told_authority)})"
    )


def _letters(letters: tuple[Letter, ...]) -> Iterable[str]:
    yield "### What each letter holds"
    yield ""
    for letter in letters:
        yield f"#### {letter.title} (`{letter.kind}`)"
        yield ""
        yield from _table(
            ("Part", "Key", "Why", "Force", "Authority"),
            [(part.label, f"`{part.key}`", part.why, part.force, _mark(part.authority)) for part in letter.parts],
        )


def _grounds(edition: Edition) -> Iterable[str]:
    yield "### Grounds for refusing"
    yield ""
    yield from _table(
        ("Ground", "What it says", "Think about first", "Evidence", "Authority"),
        [
            (ground.title, ground.says, " ".join(ground.discretion), ground.evidence, _mark(ground.authority))
            for ground in edition.refusal_grounds
        ],
    )


def _words(title: str, words: tuple[Word, ...]) -> Iterable[str]:
    yield f"### {title}"
    yield ""
    yield from _table(
        ("Word", "Key", "Meaning", "Authority"),
        [(one.word, f"`{one.key}`", one.meaning, _mark(one.authority)) for one in words],
    )


def _blocks(edition: Edition) -> Iterable[str]:
    yield "### Texts in letters"
    yield ""
    yield from _table(
        ("Text", "Key", "Wording", "Source", "As of", "Mark"),
        [
            (block.title, f"`{block.key}`", block.text, block.source, dates.plain(block.as_of), block.mark)
            for block in edition.blocks
        ],
    )


def _documents(edition: Edition) -> Iterable[str]:
    yield "### Documents"
    yield ""
    yield from _table(
        ("Document", "Status", "Where"), [(one.title, one.status, one.source) for one in edition.documents]
    )


def _mark(authority: Authority) -> str:
    return f"{authority.cite}, **{authority.confirmed}**"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
