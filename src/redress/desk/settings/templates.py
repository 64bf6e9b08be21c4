"""What our letters say: look, change, try on a real case, publish; earlier versions stay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.cases import queries as case_queries
from redress.casework import templates
from redress.correspondence import queries, texts, writing
from redress.council import queries as council_queries
from redress.desk import entry
from redress.desk.responses import letters
from redress.plumbing import moment
from redress.plumbing.look import said


class TextForm(forms.Form):
    """The heading and the body of a letter."""

    heading = forms.CharField(label="Heading", max_length=200)
    body = forms.CharField(
        label="Text", max_length=templates.LONGEST, widget=forms.Textarea(attrs={"rows": 24}),
        help_text="An empty line between paragraphs. ## begins a heading, * begins a line of a list.",
    )  # fmt: skip
    reference = forms.CharField(
        label="Try it on this case", required=False, max_length=30, help_text="A reference, such as NMR-2026-0437."
    )


@require_GET
def texts_page(request: HttpRequest) -> HttpResponse:
    """List the texts of every council of the viewer."""
    by = entry.viewer(request)
    page = {
        "councils": [
            {
                "council": council,
                "rows": queries.texts_of(by, council),
                "allowed": can(templates.publish, by, council=council),
            }
            for council in council_queries.councils(by)
        ]
    }
    return entry.page(request, "desk/settings/templates.html", title="Letters", current="settings", page=page)


def _found(by: Actor, code: str, key: str) -> tuple[Any, texts.Text]:
    council = council_queries.council(by, code)
    if council is None or key not in texts.every():
        raise Http404
    return council, texts.shipped(key)


@require_http_methods(["GET", "POST"])
def text_page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show a text; try a change on a real case; publish it."""
    by = entry.viewer(request)
    council, shipped = _found(by, code, key)
    versions = queries.versions_of(by, council, key)
    newest = versions[0] if versions else None
    shown = _shown(request, versions)
    start = (
        {"heading": shown.heading, "body": shown.body} if shown else {"heading": shipped.heading, "body": shipped.body}
    )
    form = TextForm(request.POST or None, initial=start)
    refusal: Refusal | None = None
    draft: writing.Draft | None = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if request.POST.get("do") == "publish":
                template = templates.publish(
                    council=council, kind=key, heading=typed["heading"], body=typed["body"],
                    seen=_number(request.POST.get("seen")), by=by, at=moment.now(), key=entry.form_key(request),
                )  # fmt: skip
                said.done(request, f"Published: {shipped.title}, version {template.version}.")
                return redirect(reverse("desk:template", args=[code, key]))
            templates.check(key, typed["heading"], typed["body"])
            draft = _try(by, council, key, typed)
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
    page = {
        "council": council,
        "text": shipped,
        "versions": versions,
        "seen": newest.version if newest else 0,
        "shown": shown,
        "draft": draft,
        "allowed": can(templates.publish, by, council=council),
        "fields": sorted(texts.FIELDS.items()),
        "places": sorted(texts.PLACES.items()),
        "must": texts.MUST_USE.get(key, ()),
        "locked": _locked(council, key),
    }
    return entry.page(
        request, "desk/settings/template.html", title=shipped.title, current="settings", page=page, form=form,
        refusal=refusal,
    )  # fmt: skip


def _locked(council: Any, key: str) -> list[tuple[str, Any]]:
    """List the parts of a letter that the procedures of a council lock, each with its procedure's name."""
    found = []
    adopted = council_queries.procedures_on(council.pk, moment.today())
    for edition in council_queries.editions_for(council.pk, adopted, moment.today()):
        for letter in edition.letters:
            if letter.kind == key:
                names = dict.fromkeys(part.block for part in letter.parts if part.block)
                found += [(edition.name, edition.block(name)) for name in names]
    return found


def _number(value: object) -> int:
    given = str(value or "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _shown(request: HttpRequest, versions: list[Any]) -> Any:
    asked = _number(request.GET.get("version"))
    if asked:
        chosen = next((one for one in versions if one.version == asked), None)
        if chosen is None:
            raise Http404
        return chosen
    return versions[0] if versions else None


def _try(by: Actor, council: Any, key: str, typed: dict[str, Any]) -> writing.Draft | None:
    case = case_queries.case(by, typed["reference"]) if typed["reference"] else None
    if case is None or case.council_id != council.pk:
        raise letters.NoSuchCase
    return templates.try_out(
        case=case, stage=case_queries.open_stage(case), kind=key, heading=typed["heading"], body=typed["body"],
        today=moment.today(), by=by,
    )  # fmt: skip
