"""The form, question by question: kept as one goes, checked, sent once, confirmed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from redress.access.refusals import Refusal
from redress.cases import queries as case_queries
from redress.casework import documents, links
from redress.casework import portal as steps
from redress.correspondence import queries_portal
from redress.council import queries as council_queries
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.uploads import limited_uploads
from redress.portal import answers as told
from redress.portal import entry, questions
from redress.portal.questions import QUESTIONS, Points, Question, SaveForm

SAVE = "save"


def _housing(council: Any) -> bool:
    """Say whether the council lets homes, as far as its procedures say."""
    return steps.HOUSING in council_queries.procedures_on(council.pk, moment.today())


def _draft(request: HttpRequest, council: Any) -> Any:
    return steps.draft_of(council, entry.secret(request), moment.now())


def _keep(request: HttpRequest, council: Any, key: str, kept: dict[str, Any]) -> str:
    """Keep the answer of a question, and begin the form with it where none was begun; answers the secret."""
    by, at, secret = entry.anybody(council), moment.now(), entry.secret(request)
    draft = _draft(request, council)
    if draft is not None and draft.sent_case_id is None:
        steps.keep_answers(council=council, secret=secret, answers={key: kept}, by=by, at=at)
        return secret
    secret = links.new_token()
    steps.begin_form(council=council, secret=secret, answers={key: kept}, by=by, at=at)
    return secret


@require_GET
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the first question; a form that was begun and not sent is offered again."""
    council = entry.council_of(code)
    draft = _draft(request, council)
    if draft is None or draft.sent_case_id is not None or not draft.answers:
        return redirect("portal:question", code, "who")
    wanting = questions.missing(draft.answers, housing=_housing(council))
    return entry.page(
        request,
        council,
        "portal/carry_on.html",
        title="Carry on with your complaint",
        more={
            "next": reverse("portal:question", args=[code, wanting[0]])
            if wanting
            else reverse("portal:check", args=[code])
        },
    )


@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Forget the form that this browser began, and begin anew."""
    council = entry.council_of(code)
    response = redirect("portal:question", code, "who")
    entry.forget_secret(response, council)
    return response


def _too_large(request: HttpRequest, sentence: str, code: str, key: str = "files") -> HttpResponse:
    """Draw the page of the files again, with the limit; what was kept before is still there."""
    council = entry.council_of(code)
    refusal = documents.FileNotTaken(sentence)
    return _draw(request, council, "files", QUESTIONS["files"](), refusal=refusal, status=413)


@limited_uploads(_too_large)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Ask one question."""
    council = entry.council_of(code)
    if key not in QUESTIONS or (key == "home" and not _housing(council)):
        raise Http404
    if request.method == "POST":
        return _files(request, council) if key == "files" else _answer(request, council, key)
    draft = _draft(request, council)
    if draft is not None and draft.sent_case_id is not None:
        if key != "who":
            return redirect("portal:sent", code)
        draft = None
    kept = draft.answers.get(key, {}) if draft is not None else {}
    return _draw(request, council, key, _form(request, key, initial=QUESTIONS[key].data_of(kept)))


def _form(request: HttpRequest, key: str, **given: Any) -> Question:
    if key == "points":
        boxes = request.GET.get("boxes", "")
        return Points(boxes=int(boxes) if boxes.isdecimal() and len(boxes) < 3 else 0, **given)
    return QUESTIONS[key](**given)


def _answer(request: HttpRequest, council: Any, key: str) -> HttpResponse:
    """Keep an answer and go on; with "Save and come back later" also one that is half given."""
    form = _form(request, key, data=request.POST)
    wish = request.POST.get("do", "")
    if wish in (SAVE, "more"):
        where = reverse("portal:save", args=[council.code])
        if wish == "more":
            boxes = sum(1 for name in request.POST if name.startswith("point_")) + 1
            here = reverse("portal:question", args=[council.code, key])
            where = f"{here}?boxes={boxes}{_back_to_check(request, '&')}#id_point_{boxes}"
        secret = _keep(request, council, key, form.as_typed())
        return _with_secret(redirect(where), council, secret)
    if not form.is_valid():
        return _draw(request, council, key, form)
    secret = _keep(request, council, key, form.to_keep())
    return _with_secret(redirect(_next(request, council, key, secret)), council, secret)


def _with_secret(response: HttpResponse, council: Any, secret: str) -> HttpResponse:
    entry.keep_secret(response, council, secret)
    return response


def _back_to_check(request: HttpRequest, sign: str = "?") -> str:
    return f"{sign}check=1" if request.GET.get("check") else ""


def _next(request: HttpRequest, council: Any, key: str, secret: str) -> str:
    """Say what comes after a question: the next one; from "Change", the next that is missing, else the check."""
    draft = steps.draft_of(council, secret, moment.now())
    kept = draft.answers if draft is not None else {}
    housing = _housing(council)
    asked = questions.order(kept, housing=housing)
    check = reverse("portal:check", args=[council.code])
    if request.GET.get("check"):
        wanting = questions.missing(kept, housing=housing)
        return reverse("portal:question", args=[council.code, wanting[0]]) + "?check=1" if wanting else check
    at = asked.index(key) if key in asked else len(asked) - 1
    return reverse("portal:question", args=[council.code, asked[at + 1]]) if at + 1 < len(asked) else check


def _files(request: HttpRequest, council: Any) -> HttpResponse:
    """Add files, take one out, or go on."""
    secret, by, at = entry.secret(request), entry.anybody(council), moment.now()
    here = reverse("portal:question", args=[council.code, "files"]) + _back_to_check(request)
    draft = _draft(request, council)
    if draft is None or draft.sent_case_id is not None:
        return redirect("portal:question", council.code, "who")
    form = QUESTIONS["files"](data=request.POST, files=request.FILES)
    form.is_valid()
    given = list(request.FILES.getlist("files"))
    dropped = getattr(request, "too_large", [])
    try:
        removed = request.POST.get("remove", "")
        if removed.isdecimal() and len(removed) < 18:
            steps.remove_file(council=council, secret=secret, document_id=int(removed), by=by, at=at)
            return redirect(here)
        if given:
            uploads = documents.take_in(council, given, already=len(draft.documents))
            steps.add_files(council=council, secret=secret, uploads=uploads, by=by, at=at, key=entry_key(request))
        if dropped:
            raise documents.FileNotTaken(documents.too_large(dropped[0]))
    except Refusal as refusal:
        return _draw(request, council, "files", QUESTIONS["files"](), refusal=refusal)
    if request.POST.get("do") == SAVE:
        return redirect("portal:save", council.code)
    if given or request.POST.get("do") == "add":
        return redirect(here)
    return redirect(_next(request, council, "files", secret))


def entry_key(request: HttpRequest) -> str | None:
    """Give the key that the form carried, so that a second press adds nothing twice."""
    return request.POST.get("form_key") or None


def _draw(
    request: HttpRequest,
    council: Any,
    key: str,
    form: Question,
    *,
    refusal: Refusal | None = None,
    status: int | None = None,
) -> HttpResponse:
    draft = _draft(request, council)
    kept = draft.answers if draft is not None and draft.sent_case_id is None else {}
    asked = questions.order(kept, housing=_housing(council))
    at = asked.index(key) if key in asked else 0
    before = (
        reverse("portal:question", args=[council.code, asked[at - 1]])
        if at
        else reverse("portal:how-to-complain", args=[council.code])
    )
    if request.GET.get("check"):
        before = reverse("portal:check", args=[council.code])
    return entry.page(
        request,
        council,
        form.template,
        title=form.title,
        form=form,
        refusal=refusal,
        status=status,
        more={
            "key": key,
            # What is kept in the browser belongs to this form: on a shared computer the next person does not find it.
            "keep_for": links.digest_of(entry.secret(request))[:16] if draft is not None else "",
            "number": at + 1,
            "of": len(asked),
            "before": before,
            "files": queries_portal.files_of_form(draft) if key == "files" and draft is not None else [],
            "other": kept.get("who", {}).get("who") == "other",
        },
    )


# ---------------------------------------------------------------------------------------------------- stopping half-way


@require_http_methods(["GET", "POST"])
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the form and offer the way back: by e-mail, or as a link to write down."""
    council = entry.council_of(code)
    draft = _draft(request, council)
    if draft is None or draft.sent_case_id is not None:
        return redirect("portal:question", code, "who")
    given = str(draft.answers.get("you", {}).get("email") or "")
    form = SaveForm(request.POST or None, initial={"email": given}, label_suffix="")
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            steps.send_form_link(
                council=council,
                secret=entry.secret(request),
                address=form.cleaned_data["email"],
                site=entry.site(request),
                by=entry.anybody(council),
                at=moment.now(),
                key=entry_key(request),
            )
        except Refusal as caught:
            refusal = caught
        else:
            said.done(request, f"We have sent the link to {form.cleaned_data['email']}.")
            return redirect("portal:save", code)
    back = entry.site(request) + reverse("portal:resume", args=[code, entry.secret(request)])
    return entry.page(
        request,
        council,
        "portal/save.html",
        title="Your answers are kept",
        form=form,
        refusal=refusal,
        more={"draft": draft, "back": back},
    )


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Bring a form back with its link: a page with a button first, so that no machine takes it up."""
    council = entry.council_of(code)
    draft = steps.draft_of(council, token, moment.now())
    if draft is None or draft.sent_case_id is not None:
        return entry.page(
            request, council, "portal/form_gone.html", title="This form is not here any more", status=410,
            more={"was_sent": draft is not None},
        )  # fmt: skip
    if request.method == "GET":
        return entry.page(request, council, "portal/resume.html", title="Carry on with your complaint")
    wanting = questions.missing(draft.answers, housing=_housing(council))
    response = redirect("portal:question", code, wanting[0]) if wanting else redirect("portal:check", code)
    entry.keep_secret(response, council, token)
    return response


# ---------------------------------------------------------------------------------------------------- checking, sending


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Show every answer with "Change", and send it all once."""
    council = entry.council_of(code)
    draft = _draft(request, council)
    if draft is None:
        return redirect("portal:question", code, "who")
    if draft.sent_case_id is not None:
        return redirect("portal:sent", code)
    housing = _housing(council)
    wanting = questions.missing(draft.answers, housing=housing)
    if wanting:
        return redirect(reverse("portal:question", args=[code, wanting[0]]) + "?check=1")
    files = [one.name for one in queries_portal.files_of_form(draft)]
    refusal = None
    if request.method == "POST":
        refusal = _send(request, council, draft, files, housing)
        if refusal is None:
            return redirect("portal:sent", code)
    rows = told.rows(
        draft.answers, files, housing=housing,
        change=lambda key: reverse("portal:question", args=[code, key]) + "?check=1",
    )  # fmt: skip
    home = str(draft.answers.get("home", {}).get("home") or "")
    promised = steps.promise(council, steps.procedure_for(council, home, moment.today()), moment.today())
    return entry.page(
        request,
        council,
        "portal/check.html",
        title="Check your answers",
        refusal=refusal,
        more={"rows": rows, "acknowledged_by": promised["stage-1-acknowledgement"].due, "draft": draft},
    )


def _send(request: HttpRequest, council: Any, draft: Any, files: list[str], housing: bool) -> Refusal | None:
    complaint = told.complaint_of(draft.answers, files, housing=housing)
    writer = complaint.representative or complaint.person
    try:
        steps.submit(
            council=council,
            secret=entry.secret(request),
            complaint=complaint,
            site=entry.site(request),
            by=entry.anybody(council, writer.name),
            at=moment.now(),
            key=f"form-{draft.pk}",
        )
    except Refusal as refusal:
        return refusal
    return None


@require_GET
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm: the reference, by when we write, what comes next."""
    council = entry.council_of(code)
    draft = _draft(request, council)
    if draft is None or draft.sent_case_id is None:
        return redirect("portal:how-to-complain", code)
    case = draft.sent_case
    readings = case_queries.readings_of(case, moment.today())
    writer = case.representative or case.complainant
    mailed = links.was_confirmed(case)
    return entry.page(
        request,
        council,
        "portal/sent.html",
        title="We have your complaint",
        more={
            "case": case,
            "reading": readings.open[0] if readings.open else None,
            "mailed_to": writer.email if mailed else "",
            "represented": case.representative is not None,
        },
    )
