"""How do people sign in? E-mail address and password, then a code from their telephone; allauth does it, in our words.

Nobody makes an account for themselves. Tries that fail again and again are slowed, with the time from which the next
one counts. What the second factor is worked out from lies encrypted in the database; its key does not.

    encrypted = SecondFactor().encrypt("JBSWY3DPEHPK3PXP")
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp import forms as totp_forms
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from redress.plumbing import moment
from redress.plumbing.look import words
from redress.plumbing.moment import local

WRONG = "The e-mail address or the password is wrong."
"""One sentence for both fields, so that nobody learns which addresses exist."""

GOOD_WORDS = "At least 12 characters. Three words that have nothing to do with each other are easy to remember."
ASK = "or ask your administrator"
FAILED = "login_failed"
_APP = "allauth.account"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks of us about accounts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": WRONG,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "enter_current_password": "That is not your present password.",
        "incorrect_password": "That is not your password.",
        "incorrect_code": "That code is wrong, or was used already. Wait for the next one and type it.",
        "too_many_login_attempts": f"Too many tries. Wait five minutes, {ASK}.",
        "rate_limited": f"Too many tries. Wait five minutes, {ASK}.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves: an administrator adds people."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow down somebody who fails again and again, and say from when the next try counts."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(request, app=_APP, action=FAILED, key=key)
        if not self._login_failed_rl_usage:
            raise ValidationError(too_many(request, key), code="too_many_login_attempts")

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Check once more that it is the same person: their own password, slowed like the first."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask for the password once more before something that matters, but not of whoever has just given it."""
        records = self.request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
        given = max((record.get("at", 0) for record in records), default=0)
        return bool(moment.now().timestamp() - given > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After a change of password, go back to the page about one's sign-in."""
        return "/accounts/2fa/"


def too_many(request: HttpRequest, key: str) -> str:
    """Say that there were too many tries, and at what time the next one counts: "Try again at 10:52am"."""
    frees = [
        history[-1] + rate.duration
        for rate in ratelimit.get_rates(app=_APP, action=FAILED)
        if len(history := cache.get(ratelimit.get_cache_key(request, app=_APP, action=FAILED, rate=rate, key=key), []))
        >= rate.amount
    ]
    if not frees:
        return f"Too many tries. Wait a minute, {ASK}."
    # The next full minute: a try in the same minute would be refused again.
    again = local(datetime.fromtimestamp(max(frees) + 60, UTC))
    return f"Too many tries. Try again at {words.clock_time(again)}, {ASK}."


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks of us about the second factor: above all, that its secrets are not kept readable."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Accounts.error_messages["incorrect_code"],
        "cannot_delete_authenticator": "Your second factor can’t be taken away.",
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret. Raises ``WrongKey`` when the folder of keys is not the one it was encrypted with."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as wrong:
            raise WrongKey(
                "A second factor in the database was encrypted with another key; put back keys/field.key from the"
                " backup that belongs to this database."
            ) from wrong


class WrongKey(RuntimeError):
    """The keys and the database don't belong together."""


def cipher(*keys: bytes) -> MultiFernet:
    """Give what encrypts with the first of these keys, and decrypts with any."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _cipher() -> MultiFernet:
    following: bytes | None = settings.REDRESS_NEXT_FIELD_KEY
    return cipher(settings.REDRESS_FIELD_KEY, *([following] if following else []))


def must_set_up_second_factor(request: HttpRequest) -> bool:
    """Tell whether this person has to set up a second factor before they can work: always, but in a demonstration."""
    return not settings.REDRESS_DEMONSTRATION and not SecondFactor().is_mfa_enabled(request.user, ["totp"])


SET_UP_HERE = "redress_second_factor_set_up"


def must_come_in_again(request: HttpRequest) -> bool:
    """Tell whether this session began without the second factor that the person has: another's, perhaps."""
    return not settings.REDRESS_DEMONSTRATION and not came_in_by_second_factor(request)


def came_in_by_second_factor(request: HttpRequest) -> bool:
    """Tell whether the second factor was used when this session began, or was set up in it."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    return SET_UP_HERE in request.session or any(record.get("method") == "mfa" for record in records)


# --------------------------------------------------------------------------------------------------------------- forms


class SignIn(account_forms.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, login="E-mail address", password="Password")  # noqa: S106
        self.fields["login"].error_messages["invalid"] = WRONG


class ChangePassword(account_forms.ChangePasswordForm):  # type: ignore[misc]
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, oldpassword="Your present password", password1="New password", password2="New password again")
        self.fields["password1"].help_text = GOOD_WORDS


class Again(account_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password="Password")  # noqa: S106


class Code(code_forms.AuthenticateForm):  # type: ignore[misc]
    """The six figures, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code="Code")


class CodeAgain(code_forms.ReauthenticateForm):  # type: ignore[misc]
    """The six figures once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code="Code")


class SetUp(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code, which shows that the telephone was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code="The six figures that your telephone shows now")


def _plain(form: Any, **labels: str) -> None:
    """Give the fields our own labels and no words inside them."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)
