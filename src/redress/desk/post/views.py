"""What waits for the post, what may have gone, and what went."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.casework import delivery
from redress.correspondence import queries
from redress.desk import entry
from redress.desk.post.forms import RunForm, SettleForm
from redress.documents import queries as document_queries
from redress.plumbing import filetype, moment
from redress.plumbing.look import said


@require_http_methods(["GET", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """List the letters to be printed and posted, and record the post run."""
    by = entry.viewer(request)
    waiting = queries.to_post(by)
    form = RunForm(request.POST or None, letters=[one.pk for one in waiting], initial={"on": moment.today()})
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in waiting if one.pk in form.cleaned_data["letters"]]
        try:
            count = delivery.record_posted(
                cases=[one.case for one in chosen],
                letters=chosen,
                taken_by=form.cleaned_data["taken_by"],
                on=form.cleaned_data["on"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
        else:
            said.done(request, f"Recorded: {count} {'letter' if count == 1 else 'letters'} posted.")
            return redirect(reverse("desk:post"))
    ticked = (
        {str(one) for one in (form["letters"].value() or [])} if form.is_bound else {str(one.pk) for one in waiting}
    )
    page = {
        "waiting": waiting,
        "ticked": ticked,
        "look": queries.to_look_at(by),
        "on_their_way": queries.on_their_way(by),
        "sent": queries.sent_lately(by),
        "may_record": by.may_somewhere(Permission.POST_RECORD),
    }
    return entry.page(
        request, "desk/post/post.html", title="Post", current="post", page=page, form=form, refusal=refusal
    )


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Settle what became of a letter that may have gone, or could not be sent."""
    by = entry.viewer(request)
    letter = queries.letter(by, letter_id)
    if letter is None:
        raise Http404
    form = SettleForm(request.POST or None, initial={"on": moment.today()})
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        given = {"case": letter.case, "letter": letter, "reason": typed["reason"], "by": by, "at": moment.now()}
        try:
            if typed["what"] == "went":
                delivery.settle_it_went(**given, on=typed["on"] or moment.today(), key=entry.form_key(request))
            else:
                delivery.settle_send_again(**given, by_post=typed["what"] == "post", key=entry.form_key(request))
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
        else:
            said.done(request, "Settled. What you wrote is in the trail.")
            return redirect(reverse("desk:post"))
    page = {"letter": letter, "allowed": can(delivery.settle_it_went, by, case=letter.case, letter=letter)}
    return entry.page(
        request, "desk/post/settle.html", title="What became of this letter?", current="post", page=page, form=form,
        refusal=refusal,
    )  # fmt: skip


@require_GET
def letter_pdf(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Give the PDF of a letter exactly as it was released."""
    by = entry.viewer(request)
    letter = queries.letter(by, letter_id)
    if letter is None or letter.document is None or not by.may(Permission.DOCUMENT_READ, letter.council_id):
        raise Http404
    response = HttpResponse(document_queries.read_bytes(letter.document), content_type="application/pdf")
    response["Content-Disposition"] = filetype.content_disposition(letter.document.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
