"""What has `redress init` to know, and is what it is told good enough? One table, from which the rest follows.

The questions, the options, the lines of a file of answers and the sentences for wrong answers all come from QUESTIONS.

    read({"nation": "England", "council": "Northmere Borough Council", …})    # Answers, or Unanswered
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from redress.plumbing import text
from redress.server import environment


class WrongAnswer(Exception):
    """An answer can't be used; the sentence says what would do."""


class Unanswered(Exception):
    """A question has no answer, or a wrong one; the sentence names it and the option that gives it."""


ELSEWHERE = {
    "scotland": (
        "Scotland has its own Ombudsman (the Scottish Public Services Ombudsman), its own model complaints handling "
        "procedures and its own freedom of information law"
    ),
    "wales": (
        "Wales has its own Ombudsman (the Public Services Ombudsman for Wales), its own complaints standards and its "
        "own social services law"
    ),
    "northern ireland": (
        "Northern Ireland has its own Ombudsman (the Northern Ireland Public Services Ombudsman), its own complaints "
        "standards and councils with other duties"
    ),
}
"""Why the rules that come with Redress would be wrong there."""


def nation(given: str) -> str:
    """Read the nation: England, or a refusal with its reason. Raises WrongAnswer."""
    name = " ".join(given.lower().split())
    if name == "england":
        return "England"
    if name in ELSEWHERE:
        raise WrongAnswer(
            f"Redress serves councils in England only. {ELSEWHERE[name]}: its dates, letters and signposts would be "
            "wrong there."
        )
    raise WrongAnswer("It must be England; Scotland, Wales and Northern Ireland have other laws and Ombudsmen.")


def _words(given: str, *, most: int) -> str:
    try:
        text.check_clean(given)
    except text.HasNul:
        raise WrongAnswer("It holds a character that can't be stored (a NUL character).") from None
    told = text.one_line(text.clean(given).text)
    if not told:
        raise WrongAnswer("It must not be empty.")
    if len(told) > most:
        raise WrongAnswer(f"It must have at most {most} characters.")
    return told


def _name(given: str) -> str:
    return _words(given, most=120)


def _short(given: str) -> str:
    return _words(given, most=60)


def _code(given: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,38}", given):
        raise WrongAnswer("It must be small letters, figures and hyphens, such as northmere: it stands in addresses.")
    if given in ("accounts", "desk", "health", "static"):
        raise WrongAnswer(f"“{given}” is an address of Redress itself; take another.")
    return given


def _prefix(given: str) -> str:
    if not re.fullmatch(r"[A-Z]{2,5}", given.upper()):
        raise WrongAnswer("It must be two to five letters, such as NMR: references begin with it.")
    return given.upper()


def day(given: str) -> date:
    """Read a date: 1 April 1974, 1/4/1974 or 1974-04-01. Raises WrongAnswer."""
    told = " ".join(given.split())
    for form in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(told, form).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
    raise WrongAnswer("It must be a date, such as 1 April 1974 or 1974-04-01.")


def _postal(given: str) -> str:
    parts = [_words(part, most=120) for part in re.split(r"[\n,]", given) if part.strip()]
    if not parts:
        raise WrongAnswer("It must not be empty.")
    return "\n".join(parts)


def _telephone(given: str) -> str:
    told = _words(given, most=40)
    if len(re.sub(r"\D", "", told)) < 5:
        raise WrongAnswer("It must be a telephone number.")
    return told


def _email(given: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    told = _words(given, most=254)
    try:
        validate_email(told)
    except ValidationError:
        raise WrongAnswer("It must be an e-mail address, such as name@example.org.") from None
    return told.lower()


def _web(given: str) -> str:
    return _words(given, most=200)


def _public_address(given: str) -> str:
    try:
        return environment.public_address(given)
    except ValueError as wrong:
        raise WrongAnswer(f"It must be {wrong}.") from None


def _short_of(known: Mapping[str, Any]) -> str:
    """Suggest the short name: without the words that every council has in its name."""
    common = r"\b(London|Royal|Borough|City|County|District|Metropolitan|Council|of|the)\b"
    return " ".join(re.sub(common, " ", known["council"], flags=re.IGNORECASE).split())


def _code_of(known: Mapping[str, Any]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.fold(known["short_name"])).strip("-")[:39]


def _prefix_of(known: Mapping[str, Any]) -> str:
    """Suggest three letters: the first, and the consonants that follow."""
    letters = re.sub(r"[^a-z]", "", known["code"])
    rest = re.sub(r"[aeiou]", "", letters[1:]) or letters[1:]
    return (letters[:1] + rest)[:3].upper()


def _host_of(known: Mapping[str, Any]) -> str:
    return f"https://complaints.{known['code']}.gov.uk"


@dataclass(frozen=True)
class Question:
    """One thing to know: what is asked, how an answer is read, what is suggested, and whether it may stay open."""

    key: str
    ask: str
    example: str
    read: Callable[[str], Any]
    suggest: Callable[[Mapping[str, Any]], str] | None = None
    needed: bool = True

    @property
    def option(self) -> str:
        """The option that gives the answer: `--short-name`."""
        return f"--{self.key.replace('_', '-')}"


QUESTIONS: tuple[Question, ...] = (
    Question("nation", "In which nation is the council?", "England", nation, lambda known: "England"),
    Question("council", "What is the council's whole name?", "Northmere Borough Council", _name),
    Question("short_name", "What is it called for short?", "Northmere", _short, _short_of),
    Question("code", "Which word stands for it in addresses?", "northmere", _code, _code_of),
    Question("prefix", "Which letters begin its references?", "NMR", _prefix, _prefix_of),
    Question("exists_from", "Since when does the council exist?", "1 April 1974", day),
    Question("ends_on", "Is its last day known?", "31 March 2028", day, needed=False),
    Question("address", "Where do people write to the complaints team? Commas between the lines.",
             "Town Hall, Market Place, Northmere, NM1 1AA", _postal),
    Question("telephone", "On which number do they ring?", "01632 960100", _telephone),
    Question("email", "To which e-mail address do they write?", "complaints@northmere.example", _email),
    Question("web", "What is the council's web site?", "www.northmere.example", _web, needed=False),
    Question("public_address", "Under which address will people reach Redress?",
             "https://complaints.northmere.example", _public_address, _host_of),
    Question("administrator", "Who looks after the system first?", "Nadia Rahman", _name),
    Question("administrator_email", "With which e-mail address do they sign in?", "nadia.rahman@northmere.example",
             _email),
)  # fmt: skip
"""In the order in which they are asked. What a person says is suggested from what they said before."""

KEYS = tuple(question.key for question in QUESTIONS)


def answer(question: Question, given: str) -> Any:
    """Read one answer. Raises WrongAnswer; None for one that may stay open and does."""
    if not given.strip() and not question.needed:
        return None
    return question.read(given.strip())


def check_together(known: Mapping[str, Any]) -> None:
    """Check what no answer shows by itself. Raises WrongAnswer."""
    if known["ends_on"] is not None and known["ends_on"] <= known["exists_from"]:
        raise WrongAnswer("The council's last day must come after its first.")


def read(given: Mapping[str, str]) -> dict[str, Any]:
    """Read all answers, with suggestions for what can be suggested. Raises Unanswered for the first that is wrong."""
    known: dict[str, Any] = {}
    for question in QUESTIONS:
        told = given.get(question.key, "")
        if not told.strip() and question.suggest is not None and question.key not in ("nation", "public_address"):
            told = question.suggest(known)
        if not told.strip() and question.needed:
            raise Unanswered(
                f"{question.ask} Say it with {question.option} or in the file of answers, for example: "
                f'{question.key} = "{question.example}"'
            )
        try:
            known[question.key] = answer(question, told)
        except WrongAnswer as wrong:
            raise Unanswered(f"{question.option} is “{told}”. {wrong}") from None
    try:
        check_together(known)
    except WrongAnswer as wrong:
        raise Unanswered(f"--ends-on: {wrong}") from None
    return known
