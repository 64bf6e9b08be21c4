"""How does somebody who works here come in for the first time, without anybody else ever knowing their password?

By a link that works once and for a day. It is printed or handed over by whoever asked for it; only its SHA-256 is kept.
Opening it changes nothing, so that a mail scanner that follows it uses nothing up: it is used up when a password is
chosen. The second factor is set up next, before anything else is shown (``redress.server.doorkeeper``).

Example: ``make_link(officer=nadia, by=Actor.command("redress admin-link"), at=at)`` gives the secret of the link.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.plumbing.look import words
from redress.staff import changes, events, queries
from redress.staff.models import Officer, SignInLink

HOURS = 24
"""How long a link works."""
LONGEST_TOKEN = 100


class LinkNotValid(Refusal):
    """This link does not work: it was used, it is more than a day old, or a newer one was made."""

    do = "Ask whoever sent it to you for a new one. If you chose a password by it already, sign in with that."


class NotWorkingHere(Refusal):
    """This person doesn’t work here any more, so no link is made for them."""


class PasswordsDiffer(Refusal):
    """The two passwords are not the same. Type the one that you chose twice."""

    field = "password2"


class WeakPassword(Refusal):
    """This password is too easy to guess."""

    field = "password1"


@step(needs=Permission.STAFF_CHANGE, on="officer")
def make_link(*, officer: Officer, by: Actor, at: datetime, forget_second_factor: bool = False) -> str:
    """Make the link with which an officer chooses a password; one that was made before opens nothing any more.

    With ``forget_second_factor``, for somebody who lost their telephone, they set up another one as well. Returns the
    secret, which is kept nowhere. Raises ``NotWorkingHere``.
    """
    if not officer.is_active:
        raise NotWorkingHere
    if forget_second_factor:
        _forget_second_factor(officer)
    return new_link(officer=officer, by=by, at=at)


def new_link(*, officer: Officer, by: Actor, at: datetime) -> str:
    """Make a link inside a step, note it in the trail, and return its secret of 256 bits."""
    token = secrets.token_urlsafe(32)
    until = at + timedelta(hours=HOURS)
    changes.add_sign_in_link(officer=officer, digest=digest_of(token), expires_at=until, by=by, at=at)
    trail.note(events.LINK_MADE, on=officer, ids={"until": words.moment(until)})
    return token


def _forget_second_factor(officer: Officer) -> None:
    Authenticator.objects.filter(user_id=officer.pk).delete()
    trail.note(events.SECOND_FACTOR_FORGOTTEN, on=officer)


def find(token: str, at: datetime) -> SignInLink:
    """Find the link that a secret opens. Raises ``LinkNotValid``, alike for one that never was."""
    link = queries.sign_in_link(digest_of(token)) if len(token) <= LONGEST_TOKEN else None
    if link is None:
        raise LinkNotValid
    _check_open(link, at)
    return link


def _check_open(link: SignInLink, at: datetime) -> None:
    if link.used_at is not None or link.ended_at is not None or link.expires_at <= at or not link.officer.is_active:
        raise LinkNotValid


@step(needs=Permission.NEWCOMER_COME_IN, on="link")
def choose_password(*, link: SignInLink, password: str, again: str, by: Actor, at: datetime) -> Officer:
    """Set the officer's password and use the link up; whoever was signed in as them is signed out.

    Raises ``LinkNotValid``, ``PasswordsDiffer`` and ``WeakPassword``.
    """
    _check_open(link, at)
    if password != again:
        raise PasswordsDiffer
    officer = link.officer
    try:
        validate_password(password, user=officer)
    except ValidationError as weak:
        raise WeakPassword(" ".join(weak.messages)) from weak
    changes.set_password(officer=officer, password=password, by=by, at=at)
    changes.use_sign_in_link(link=link, at=at)
    trail.note(events.LINK_USED, on=officer)
    return officer


def digest_of(token: str) -> str:
    """Give what is kept of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
