"""What does somebody see who opens the one-use link that was made for them? A page on which they choose a password.

Looking at it uses nothing up. Once the password is chosen they are signed in with it, and the way leads on to the
second factor, without which they see nothing else.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import Login, perform_password_login
from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.casework import first_sign_in
from redress.plumbing import moment
from redress.server import accounts, front

DESK = "/desk/"


class ChoosePassword(forms.Form):
    """The password, twice."""

    password1 = forms.CharField(
        label="Password",
        widget=forms.PasswordInput,
        strip=False,
        max_length=200,
        help_text=accounts.GOOD_WORDS,
        error_messages={"required": "Choose a password."},
    )
    password2 = forms.CharField(
        label="Password again",
        widget=forms.PasswordInput,
        strip=False,
        max_length=200,
        error_messages={"required": "Type the password once more."},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever holds the link choose their password, and sign them in with it."""
    at = moment.now()
    try:
        link = first_sign_in.find(token, at)
    except first_sign_in.LinkNotValid as refusal:
        return _over(request, refusal)
    form = ChoosePassword(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, link, form)
    by = Actor.newcomer(officer_id=link.officer_id, name=link.officer.name)
    password, again = form.cleaned_data["password1"], form.cleaned_data["password2"]
    try:
        officer = first_sign_in.choose_password(link=link, password=password, again=again, by=by, at=at)
    except first_sign_in.LinkNotValid as refusal:
        return _over(request, refusal)
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return _page(request, link, form)
    logout(request)  # somebody else may be signed in on this machine
    answer: HttpResponse = perform_password_login(
        request, {"email": officer.email}, Login(user=officer, redirect_url=DESK)
    )
    return answer


def _page(request: HttpRequest, link: Any, form: forms.Form) -> HttpResponse:
    context = {"frame": front.frame(request, "Choose a password"), "form": form, "link": link}
    return render(request, "account/first_sign_in.html", context, status=422 if form.is_bound else 200)


def _over(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"frame": front.frame(request, "This link does not work"), "refusal": refusal}
    return render(request, "account/first_sign_in_over.html", context, status=410)
