"""What do the answers of a form say: to the person who checks them, and to the office?

Example: ``rows(answers, files, housing=True, change=…)`` are the lines of the page "Check your answers".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redress.casework.portal import Complaint, Person
from redress.plumbing.look.frame import Row
from redress.portal import questions
from redress.portal.questions import QUESTIONS, Answers

_NEEDS = {
    "large-print": ("large-print", "Letters in large print"),
    "easy-read": ("adjustment", "Letters in Easy Read"),
    "audio": ("adjustment", "Letters as a recording, or in Braille"),
    "time": ("adjustment", "More time to answer when we ask for something"),
    "person": ("contact", "Speaking with somebody in person"),
}
_NEVER = {"email": "Never by e-mail", "post": "Never by post", "telephone": "Never by telephone"}
_NOTHING = "Nothing"


def _label(key: str, name: str, value: Any) -> str:
    """Say a chosen answer in the words of its question."""
    choices: Any = getattr(QUESTIONS[key].base_fields[name], "choices", ())
    return str(dict(choices).get(value, value))


def _of(answers: Answers, key: str, name: str) -> str:
    return str(answers.get(key, {}).get(name) or "").strip()


def points(answers: Answers) -> tuple[str, ...]:
    """Give the points: those that were listed one by one, else what went wrong as it was told."""
    listed = [str(one).strip() for one in answers.get("points", {}).get("points", ()) if str(one).strip()]
    if _of(answers, "wrong", "more") == "yes" and listed:
        return tuple(listed)
    told = _of(answers, "wrong", "wrong")
    return (told,) if told else ()


def rows(answers: Answers, files: Sequence[str], *, housing: bool, change: Callable[[str], str]) -> list[Row]:
    """Give the lines of the page that checks the answers, each with where to change it."""
    found = []
    for key in questions.order(answers, housing=housing):
        for name, lines in _lines(key, answers, files):
            found.append(Row(key=name, value="", change=change(key), lines=tuple(lines) or (_NOTHING,)))
    return found


def _lines(key: str, answers: Answers, files: Sequence[str]) -> list[tuple[str, list[str]]]:
    short = QUESTIONS[key].short
    given: Mapping[str, Any] = answers.get(key, {})
    if key == "files":
        return [(short, list(files))]
    if key == "points":
        return [(short, [f"{at}. {words}" for at, words in enumerate(given.get("points", ()), 1)])]
    if key == "wrong":
        return [(short, _of(answers, key, "wrong").splitlines())]
    if key in ("who", "home"):
        return [(short, [_label(key, key, given.get(key))] if given.get(key) else [])]
    if key in ("effect", "right"):
        return [(short, _of(answers, key, key).splitlines())]
    if key == "them":
        told = [_of(answers, key, "name"), f"You are: {_of(answers, key, 'relation')}"]
        told += [_label(key, "may_talk", given.get("may_talk"))] if given.get("may_talk") else []
        told += [_of(answers, key, name) for name in ("email", "telephone")]
        return [(short, [one for one in (*told, *_of(answers, key, "address").splitlines()) if one])]
    if key == "you":
        return [
            ("Your name", [_of(answers, key, "name")] if given.get("name") else []),
            ("How you hear from us", [_label(key, "prefers", given["prefers"])] if given.get("prefers") else []),
            ("Email", [_of(answers, key, "email")] if given.get("email") else []),
            ("Telephone", [_of(answers, key, "telephone")] if given.get("telephone") else []),
            ("Address", _of(answers, key, "address").splitlines()),
        ]
    return [(short, _deal_lines(given))]


def _deal_lines(given: Mapping[str, Any]) -> list[str]:
    told = [_label("deal", "needs", one) for one in given.get("needs", ())]
    told += [str(given.get("other") or "").strip()]
    told += [f"Language: {given['language']}"] if given.get("language") else []
    told += [_label("deal", "never", one) for one in given.get("never", ())]
    return [one for one in told if one]


def as_words(answers: Answers, files: Sequence[str], *, housing: bool) -> str:
    """Write the whole form out, question by question, as the office reads it and as it is kept."""
    parts = []
    for key in questions.order(answers, housing=housing):
        for name, lines in _lines(key, answers, files):
            if lines:
                parts.append(f"{name}:\n" + "\n".join(lines))
    return "\n\n".join(parts)


def complaint_of(answers: Answers, files: Sequence[str], *, housing: bool) -> Complaint:
    """Read the answers as the complaint that they are."""
    you = _person(answers, "you", prefers=_of(answers, "you", "prefers"))
    other = answers.get("who", {}).get("who") == "other"
    talk = _of(answers, "them", "may_talk")
    return Complaint(
        person=_person(answers, "them") if other else you,
        representative=you if other else None,
        relation=_of(answers, "them", "relation") if other else "",
        authority_kind=talk if talk and talk != "ask" else "written",
        points=points(answers),
        story=_of(answers, "wrong", "wrong"),
        effect=_of(answers, "effect", "effect"),
        outcome_sought=_of(answers, "right", "right"),
        housing=_of(answers, "home", "home"),
        adjustments=_adjustments(answers),
        as_words=as_words(answers, files, housing=housing),
        answers=dict(answers),
    )


def _person(answers: Answers, key: str, prefers: str = "") -> Person:
    return Person(
        name=_of(answers, key, "name"),
        email=_of(answers, key, "email"),
        telephone=_of(answers, key, "telephone"),
        address=_of(answers, key, "address"),
        prefers=prefers,
    )


def _adjustments(answers: Answers) -> tuple[tuple[str, str], ...]:
    given: Mapping[str, Any] = answers.get("deal", {})
    found = [(f"safe-contact:{one}", _NEVER[one]) for one in given.get("never", ()) if one in _NEVER]
    found += [_NEEDS[one] for one in given.get("needs", ()) if one in _NEEDS]
    if _of(answers, "deal", "other"):
        found.append(("adjustment", _of(answers, "deal", "other")))
    if _of(answers, "deal", "language"):
        found.append(("language", _of(answers, "deal", "language")))
    wish = {"telephone": "Prefers to be rung", "none": "Does not want to hear from us"}.get(
        _of(answers, "you", "prefers")
    )
    if wish:
        found.append(("contact", wish))
    return tuple(found)
