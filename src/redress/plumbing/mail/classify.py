"""Is this message a person's, and is it new, an answer, an automatic reply or a returned one?

The evidence is what machines write for machines (RFC 3834 Auto-Submitted, RFC 3464 delivery reports, the headers of
mailing lists). Words in a subject only ever support such evidence: a resident may well complain about an "automatic
reply", and a complaint taken for a machine's would be lost.

Example: ``kind(parse(raw))`` is ``"auto-reply"``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from redress.plumbing.mail import headers, tokens
from redress.plumbing.mail.message import ParsedMessage

Kind = Literal["new", "reply", "auto-reply", "bounce"]

_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
_NO_REPLY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|noreply|nicht[-_.]?antworten|auto(?:mated|matic)?[-_.]\w*)"
    r"(?:[-_.+]\S*)?@|@(?:no-?reply|nomail)\.",
    re.IGNORECASE,
)
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|sv)\s*:\s*)?(?:automatic reply|auto[- ]?reply|autoreply|auto(?:matic)? response"
    r"|out of (?:the )?office|away from|on (?:annual )?leave|automatische antwort|abwesenheit"
    r"|(?:e-mail )?(?:empfangs|eingangs)best"
    r"|réponse automatique|respuesta automática)"
    r"|acknowledge?ment of receipt|we have received your|read: |delivery receipt",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|problem)|mail delivery (?:failed|system)"
    r"|returned mail|returned to sender|failure notice|unzustellbar|non remis|no se puede entregar",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i)\s*:", re.IGNORECASE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45]\d\d)\b")
_TEXT_ADDRESS = re.compile(r"<([^<>\s@]{1,128}@[^<>\s@]{1,255})>")
_ACTION = re.compile(r"^action:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_ID_IN_HEAD = re.compile(r"^message-id:\s*<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a returned message says: who did not get it, why, and which message of ours it was.

    ``permanent`` is False for a status beginning with 4 (the server will try again) and for a full mailbox.
    """

    recipients: tuple[str, ...]
    status: str
    diagnostic: str
    permanent: bool
    original_message_id: str
    token: str


def kind(parsed: ParsedMessage, *, token: str = "") -> Kind:
    """Say what a message is; ``token`` is our own reply token, when one was found in it."""
    if parsed.kind == "unreadable":
        return "new"
    if is_bounce(parsed):
        return "bounce"
    if is_automatic(parsed):
        return "auto-reply"
    if token or tokens.candidates(parsed):
        return "reply"
    if (parsed.in_reply_to or parsed.references) and not is_forward(parsed):
        return "reply"
    return "new"


def is_forward(parsed: ParsedMessage) -> bool:
    """Say whether someone passes on another's message: mail programs give it the references of a reply."""
    forwarded = headers.message_ids(parsed.header("X-Forwarded-Message-Id").encode("utf-8", "replace"))
    if forwarded:
        return parsed.in_reply_to in (*forwarded, "")
    return not parsed.in_reply_to and bool(_FORWARD_SUBJECT.match(parsed.subject))


def is_bounce(parsed: ParsedMessage) -> bool:
    """Say whether a mail server returns a message that could not be delivered, or tells of a delay."""
    if parsed.content_type == "multipart/report":
        actions = set(_ACTION.findall("\n".join(parsed.delivery_reports)))
        if actions and {one.casefold() for one in actions} <= {"delivered", "relayed", "expanded"}:
            return False  # good news: an automatic receipt
        reported = _parameter(parsed, "report-type")
        return reported == "delivery-status" or (not reported and bool(parsed.delivery_reports))
    if parsed.header("X-Failed-Recipients") and (_from_daemon(parsed) or has_null_return_path(parsed)):
        return True
    if parsed.delivery_reports and _from_daemon(parsed):
        return True
    return _from_daemon(parsed) and bool(_BOUNCE_SUBJECT.search(parsed.subject))


def is_automatic(parsed: ParsedMessage) -> bool:
    """Say whether a machine answered: an absence note, a receipt, a notification.

    An empty header proves nothing (some programs write ``X-Autoreply:`` on every message).
    """
    submitted = parsed.header("Auto-Submitted").partition(";")[0].strip().casefold()
    answers = bool(_AUTOMATIC_SUBJECT.search(parsed.subject))
    by_machine = has_null_return_path(parsed) or bool(_NO_REPLY.search(parsed.from_address)) or _from_daemon(parsed)
    if submitted == "auto-generated":
        # A council's own web forms send residents' complaints with this word: it must answer something to be a reply.
        return answers or by_machine or bool(parsed.in_reply_to or parsed.references)
    if submitted:
        return submitted != "no"
    if any(_says_yes(parsed.header(name)) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From")):
        return True
    if parsed.header("Precedence").strip().casefold() == "auto_reply":
        return True
    if parsed.content_type == "multipart/report":  # read receipts, feedback reports
        return True
    suppressed = _suppressed(parsed) and not is_list(parsed)
    return answers and (by_machine or suppressed)


def is_list(parsed: ParsedMessage) -> bool:
    """Say whether the message came through a mailing list or as bulk mail."""
    names = ("List-Id", "List-Post", "List-Unsubscribe", "List-Help", "List-Archive", "X-Mailman-Version", "X-Loop")
    if any(parsed.header(name).strip() for name in names):
        return True
    return parsed.header("Precedence").strip().casefold() in ("list", "bulk", "junk")


def has_null_return_path(parsed: ParsedMessage) -> bool:
    """Say whether the envelope had no sender: nothing may be sent back (RFC 5321, 4.5.5)."""
    path = parsed.header("Return-Path").strip()
    return path == "<>" or path.strip("<>").casefold() == "mailer-daemon"


def may_auto_acknowledge(parsed: ParsedMessage, *, own_addresses: Collection[str] = ()) -> bool:
    """Say whether an automatic acknowledgement may go back (RFC 3834, section 2).

    Never to lists, automatic mail, no-reply addresses, returned messages, ourselves, or several senders.
    """
    address = parsed.from_address.casefold()
    own = {one.casefold() for one in own_addresses}
    if parsed.kind == "unreadable" or "@" not in address or address in own or tokens.base(address) in own:
        return False
    if kind(parsed) in ("auto-reply", "bounce") or is_list(parsed) or has_null_return_path(parsed):
        return False
    if _NO_REPLY.search(address) or _DAEMON.match(address) or address.split("@")[0].endswith(("-request", "owner")):
        return False
    if parsed.header("Auto-Submitted").partition(";")[0].strip().casefold() not in ("", "no"):
        return False
    marked = any(name.casefold() in ("x-autoreply", "x-autorespond") for name, _ in parsed.headers)
    return not (marked or _suppressed(parsed) or parsed.header("X-Loop"))


def bounce(parsed: ParsedMessage) -> Bounce:
    """Read a returned message: machine-readable report first, the words only where there is none."""
    report = "\n".join(parsed.delivery_reports)
    fields = [line for line in _unfolded(report) if ":" in line]
    finals = [_report_address(line) for line in fields if line.casefold().startswith("final-recipient")]
    originals = [_report_address(line) for line in fields if line.casefold().startswith("original-recipient")]
    stated = [one.strip() for one in parsed.header("X-Failed-Recipients").split(",")]
    recipients = [one for one in (*finals, *originals, *stated) if one]
    if not recipients:
        recipients = list(_TEXT_ADDRESS.findall(parsed.text[:5_000]))[:5]
    diagnostic = _field(fields, "diagnostic-code")
    stated_status = _STATUS.search(_field(fields, "status"))
    status = stated_status[1] if stated_status else ""
    if status in ("", "5.0.0") and (found := _STATUS.search(diagnostic or parsed.text[:5_000])):
        status = found[1]
    if not status and (code := _REPLY_CODE.search(diagnostic)):
        status = f"{code[1][0]}.0.0"
    original = _original_id(parsed)
    return Bounce(
        recipients=tuple(dict.fromkeys(one.casefold() for one in recipients)), status=status,
        diagnostic=(diagnostic or _line_with(parsed.text, status))[:500],
        permanent=not status.startswith(("2", "4")) and status != "5.2.2",
        original_message_id=original, token=tokens.in_message_id(original) or next(iter(tokens.candidates(parsed)), ""),
    )  # fmt: skip


def _original_id(parsed: ParsedMessage) -> str:
    found = _ID_IN_HEAD.search(parsed.returned_headers) or _ID_IN_HEAD.search(parsed.text)
    return found[1] if found else (parsed.in_reply_to or next(iter(parsed.references[-1:]), ""))


def _field(lines: list[str], name: str) -> str:
    return next((line.partition(":")[2].strip() for line in lines if line.casefold().startswith(f"{name}:")), "")


def _unfolded(text: str) -> list[str]:
    return re.sub(r"\n[ \t]+", " ", text).split("\n")


def _report_address(line: str) -> str:
    value = line.partition(":")[2]
    found = re.search(r"[^\s;<>]+@[^\s;<>]+", value)
    return found[0] if found else ""


def _line_with(text: str, status: str) -> str:
    return next((line.strip() for line in text[:5_000].split("\n") if status and status in line), "")


def _parameter(parsed: ParsedMessage, name: str) -> str:
    _, found = headers.parameters(parsed.header("Content-Type").encode("utf-8", "replace"))
    return found.get(name, "").casefold()


def _from_daemon(parsed: ParsedMessage) -> bool:
    return bool(_DAEMON.match(parsed.from_address)) or parsed.from_address.casefold() == "mailer-daemon"


def _says_yes(value: str) -> bool:
    return value.strip().casefold() not in ("", "no", "false", "0")


def _suppressed(parsed: ParsedMessage) -> bool:
    asked = {one.strip().casefold() for one in parsed.header("X-Auto-Response-Suppress").split(",")}
    return bool(asked & {"all", "oof", "autoreply", "dr", "rn", "nrn"})
