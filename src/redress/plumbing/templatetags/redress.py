"""Which tags and filters may a page use? ``{% load redress %}`` gives them all.

docs/reference/components.md lists them with an example each.

Each tag draws one component from plain values; none reads the database or decides anything.
Example: ``{% field form.email autocomplete="email" %}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from redress.plumbing.look import fields, ribbon, said, severity, words
from redress.plumbing.look.frame import Action, FileRow, Group, Honour, Message, NavItem, Part, Row, Step, Then

register = template.Library()

register.filter("say", words.day)
register.filter("say_day", words.day_in_words)
register.filter("short_date", words.short_day)
register.filter("time_of_day", words.clock_time)
register.filter("moment", words.moment)
register.filter("money", words.money)
register.filter("file_size", words.file_size)
register.filter("possessive", words.possessive)
register.filter("initials", words.initials)


@register.filter
def counted(number: int, nouns: str) -> str:
    """Write ``3|counted:"point"`` as "3 points"; an odd plural goes after a comma: ``"reply,replies"``."""
    one, _, many = nouns.partition(",")
    return words.counted(number, one, many)


def _next_id(context: Context, stem: str) -> str:
    """Give an id that is used once on the page."""
    # The first layer of the render context is shared by every template that takes part in one page.
    shared: dict[str, Any] = context.render_context.dicts[0]  # type: ignore[assignment]
    shared["redress_ids"] = shared.get("redress_ids", 0) + 1
    return f"{stem}-{shared['redress_ids']}"


def _with_token(context: Context, more: dict[str, Any]) -> dict[str, Any]:
    """Hand the anti-forgery token, and the key that makes a second click harmless, on to a component that posts."""
    return {"csrf_token": context.get("csrf_token"), "form_key": context.get("form_key", ""), **more}


# ---------------------------------------------------------------------------------------------------------- forms


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """Draw a form's field: label, hint, error and control, in GOV.UK markup.

    Options of the drawing: heading (the label is the page's h1), hide_label, inline, extra (a style class); the others
    are those of ``fields.draw``.
    """
    drawing = {name: options.pop(name, "") for name in ("heading", "hide_label", "inline", "extra")}
    drawn = fields.draw(bound, **options)
    # Choices that open something stand beneath each other: what they open would tear a row apart.
    drawing["inline"] = drawing["inline"] and not any(one.revealed for one in drawn.choices)
    return {"f": drawn, **drawing}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | None, refusal: Any = None, title: str = "There is a problem") -> dict[str, Any]:
    """Draw the list of what must be put right, from forms and from a refusal (``sentence``, ``do``, ``field``)."""
    items: list[dict[str, str]] = []
    names: dict[str, str] = {}
    for form in forms:
        if not form:
            continue
        for bound in form:
            names[bound.name] = f"#{fields.anchor(bound)}"
        if not form.is_bound:
            continue
        items += [{"href": "", "text": str(error)} for error in form.non_field_errors()]
        items += [{"href": names[bound.name], "text": text} for bound in form for text in fields.error_words(bound)]
    if refusal:
        sentence = str(getattr(refusal, "sentence", refusal))
        href = names.get(str(getattr(refusal, "field", "") or ""), "")
        items.insert(0, {"href": href, "text": sentence, "do": str(getattr(refusal, "do", "") or "")})
    return {"items": items, "title": title}


@register.inclusion_tag("components/action.html", takes_context=True)
def action(context: Context, a: Action | None = None, **given: Any) -> dict[str, Any]:
    """Draw a button or link for an ``Action``, or for one made from the parameters; shown with why when not allowed."""
    made = a if isinstance(a, Action) else Action(**given) if given else None
    return _with_token(context, {"a": made, "id": _next_id(context, "why") if made else ""})


@register.inclusion_tag("components/actions.html", takes_context=True)
def actions(context: Context, listed: Iterable[Action | None], stacked: bool = False) -> dict[str, Any]:
    """Draw several buttons beside each other, or beneath each other as "What you can do now"."""
    drawn = [(one, _next_id(context, "why")) for one in listed if one]
    return _with_token(context, {"actions": drawn, "stacked": stacked})


# ----------------------------------------------------------------------------------------------- severity, clocks


@register.simple_tag
def shape(code: str) -> SafeString:
    """Draw the shape of a severity (decoration: the word stands beside it)."""
    return format_html(
        '<svg class="shape" viewBox="0 0 13 13" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(severity.face(code).shape),  # noqa: S308 - our own constant drawings
    )


@register.simple_tag
def tag(text: str, code: str = "ok", shaped: bool = False) -> SafeString:
    """Draw a small label in the colours of a severity: ``{% tag "Upheld" "done" %}``."""
    face = severity.face(code)
    drawn = shape(face.code) if shaped else ""
    return format_html('<span class="tag sev-{}">{}{}</span>', face.code, drawn, text)


@register.inclusion_tag("components/severity_group.html")
def severity_group(
    code: str, count: int | None = None, title: str = "", meaning: str = "", columns: int = 1
) -> dict[str, Any]:
    """Draw the heading row of a group in a table of class ``list``: shape, words, count, meaning."""
    face = severity.face(code)
    return {
        "face": face,
        "count": count,
        "title": title or face.title,
        "meaning": meaning or face.meaning,
        "columns": columns,
    }


@register.inclusion_tag("components/ticks.html")
def ticks(day: int | None, length: int | None, over: int = 0) -> dict[str, Any]:
    """Draw the ticks of a clock in a list, with "Day 8 of 10" beside them."""
    return {
        "ticks": ribbon.ticks(day, length, over),
        "words": ribbon.tick_words(day, length, over),
        "narrow": bool(length and (length > 14 or length + over > 18)),
    }


@register.inclusion_tag("components/ribbon.html", name="ribbon")
def ribbon_tag(reading: Any, code: str = "") -> dict[str, Any]:
    """Draw the day ribbon of a reading, without its reason."""
    days = ribbon.days_of(reading)
    found = ribbon.drawn(days)
    return {
        "cells": found,
        "spoken": ribbon.spoken(reading),
        "long": ribbon.is_long(found),
        "weeks": ribbon.by_weeks(days),
        "code": code or ribbon.heading(reading)[2],
    }


@register.inclusion_tag("components/clock.html", takes_context=True)
def clock(context: Context, reading: Any, code: str = "", open: bool = False, reasons: Any = None) -> dict[str, Any]:
    """Draw a clock: heading, how long from now, ribbon, reason, every step; a met one folds to a line.

    ``code`` is the severity that the rulebook worked out; without it the nearest by state is taken. ``reasons`` adds
    how sure each line is (``sure``, ``overall``) and what would move the date (``moves``).
    """
    title, word, near = ribbon.heading(reading)
    day, length = ribbon.counted(reading)
    first = ribbon.main_reason(reading)
    cautions = ribbon.left_to_say(reading)
    return {
        "r": reading,
        "title": title,
        "word": word,
        "code": code or near,
        "first": first,
        "day": day,
        "length": length,
        "days": ribbon.days_of(reading),
        "which": ribbon.which(reading),
        "others": ribbon.other_dates(reading),
        "steps": ribbon.steps(reading, getattr(reasons, "sure", None) or {}),
        "cautions": cautions,
        "overall": getattr(reasons, "overall", ""),
        "moves": getattr(reasons, "moves", None),
        "folded": reading.state in {"met", "ended", "not-started"} and not open,
        "id": _next_id(context, "clock"),
        "extended": ribbon.extended_words(reading) if reading.first_due != reading.due else "",
    }


# ------------------------------------------------------------------------------------------------- case components


@register.inclusion_tag("components/honour.html", takes_context=True)
def honour(context: Context, items: Sequence[Honour | str], heading: str, slim: bool = False) -> dict[str, Any]:
    """Draw what must be honoured, headed with the moment ("Before you ring or write to Mrs Okafor")."""
    listed = [one if isinstance(one, Honour) else Honour("", one) for one in items]
    return {"items": listed, "heading": heading, "slim": slim, "id": _next_id(context, "honour")}


@register.simple_tag
def pt(number: int | str, hollow: bool = False) -> SafeString:
    """Draw the chip of a point; hollow for a reference to it from a task or a piece of evidence."""
    return format_html(
        '<span class="pt{}"><span class="vh">Point </span>{}</span>', SafeString(" o") if hollow else "", number
    )


@register.simple_tag
def council_chip(name: str, code: str = "") -> SafeString:
    """Draw the council's chip: its short name in words, its edge in its accent."""
    extra = f" council-{code}" if code else ""
    return format_html('<span class="council{}">{}</span>', extra, name)


@register.inclusion_tag("components/work_list.html")
def work_list(
    groups: Sequence[Group], caption: str, select: bool = False, holder: bool = False, councils: bool = False
) -> dict[str, Any]:
    """Draw a work list, grouped by severity: next action, who and what, due, clock.

    ``select`` adds a box in front of each row (names ``case``), ``holder`` a column with who holds it, ``councils`` the
    council's chip.
    """
    shown = [group for group in groups if group.rows]
    return {
        "groups": [(group, severity.face(group.severity)) for group in shown],
        "caption": caption,
        "select": select,
        "holder": holder,
        "councils": councils,
        "columns": 4 + int(select) + int(holder),
    }


@register.inclusion_tag("components/table.html")
def table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], caption: str, numbers: str = "", show_caption: bool = False
) -> dict[str, Any]:
    """Draw a plain table that becomes labelled lines on a phone; the first cell of a row is its heading.

    Cells are escaped unless they were made with ``format_html``. ``numbers`` lists the columns (from 1) of figures.
    """
    figures = {int(one) for one in numbers.split(",") if one.strip()}
    heads = [(name, at in figures) for at, name in enumerate(columns, 1)]
    drawn = [[(cell, *head) for cell, head in zip(row, heads, strict=False)] for row in rows]
    return {"heads": heads, "rows": drawn, "caption": caption, "show_caption": show_caption}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Row | tuple[str, ...]], plain: bool = False) -> dict[str, Any]:
    """Draw a list of what is known: key, value, "Change". Rows are ``Row`` or (key, value[, change address])."""
    made = [one if isinstance(one, Row) else Row(one[0], one[1], "".join(one[2:3])) for one in rows]
    return {"rows": made, "plain": plain}


@register.inclusion_tag("components/points.html")
def points(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Draw the points of complaint: number, text, state, code, note, href, before (Stage 1's answer), disputed."""
    return {"items": list(items)}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """Draw a timeline of ``Entry``: in is a hollow dot, out a filled one, new a blue one."""
    return {"entries": list(entries)}


@register.inclusion_tag("components/files.html")
def files(listed: Iterable[FileRow]) -> dict[str, Any]:
    """Draw files with size and what the scan found; only a clean one is a link."""
    return {"files": list(listed)}


@register.inclusion_tag("components/compare.html", takes_context=True)
def compare(context: Context, parts: Iterable[Part], who: str, when: str) -> dict[str, Any]:
    """Draw two versions part by part: theirs first, yours beneath, and a choice for each that differs.

    The choice posts as ``keep-<name>`` = ``theirs`` or ``yours``; yours is chosen at first, nothing is lost.
    """
    listed = list(parts)
    return _with_token(
        context,
        {
            "parts": [part for part in listed if part.differs],
            "same": sum(not part.differs for part in listed),
            "who": who,
            "when": when,
        },
    )


@register.inclusion_tag("components/then.html")
def then(dates: Iterable[Then]) -> dict[str, Any]:
    """Draw the dates that would follow from saving."""
    return {"dates": list(dates)}


@register.inclusion_tag("components/remarks.html")
def remarks(items: Iterable[Mapping[str, Any]], code: str, heading: str) -> dict[str, Any]:
    """Draw remarks of the check (point, what, why, href, label) under a band: ``late`` stops, ``soon`` advises."""
    return {"items": list(items), "face": severity.face(code), "heading": heading}


@register.inclusion_tag("components/ticked.html")
def ticked(items: Iterable[str]) -> dict[str, Any]:
    """Draw what is right, each with a tick."""
    return {"items": list(items)}


# ---------------------------------------------------------------------------------------------- frame and portal


@register.inclusion_tag("components/messages.html", takes_context=True, name="messages")
def messages_tag(context: Context) -> dict[str, Any]:
    """Draw what was just done, with the way to undo it. The frames call it; a page need not."""
    told: list[Message] = list(getattr(context.get("frame"), "messages", ()) or ())
    request = context.get("request")
    if request is not None and hasattr(request, "_messages"):
        told += said.said(request)
    return _with_token(context, {"messages": [(one, _next_id(context, "said")) for one in told]})


@register.inclusion_tag("components/message.html", takes_context=True)
def message(context: Context, sentence: str, kind: str = "note", detail: str = "") -> dict[str, Any]:
    """Draw a message in a page: done, note or problem."""
    return _with_token(context, {"m": Message(sentence, kind, None, detail), "id": ""})  # type: ignore[arg-type]


@register.inclusion_tag("components/views.html")
def views(items: Sequence[NavItem], label: str = "Views") -> dict[str, Any]:
    """Draw a row of views, or of links to the headings within a page."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/chips.html")
def chips(items: Sequence[tuple[str, str, str]], label: str = "Filters") -> dict[str, Any]:
    """Draw filters as chips in words: (what, value, address)."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/steps.html")
def steps(listed: Iterable[Step]) -> dict[str, Any]:
    """Draw the steps of a complaint as a resident sees them."""
    return {"steps": list(listed)}


@register.inclusion_tag("components/answer_by.html")
def answer_by(sentence: str, why: str = "", late: bool = False) -> dict[str, Any]:
    """Draw by when, and why; on the portal and on a service manager's page."""
    return {"sentence": sentence, "why": why, "late": late}


@register.inclusion_tag("components/empty.html", takes_context=True)
def empty(context: Context, sentence: str, more: str = "", a: Action | None = None) -> dict[str, Any]:
    """Draw what stands where nothing is: that this is good, or what to do."""
    return _with_token(context, {"sentence": sentence, "more": more, "a": a})


@register.inclusion_tag("components/pages.html")
def pages(shown: str, next_href: str = "", next_label: str = "Next 50", first_href: str = "") -> dict[str, Any]:
    """Draw the foot of a list: what is shown, and the way on (by key, never by number of page)."""
    return {"shown": shown, "next_href": next_href, "next_label": next_label, "first_href": first_href}


@register.inclusion_tag("components/panel.html")
def panel(heading: str, reference: str = "", label: str = "Your reference number") -> dict[str, Any]:
    """Draw the panel of a confirmation page, with the reference in large figures."""
    return {"heading": heading, "reference": reference, "label": label}


@register.inclusion_tag("components/back.html")
def back(href: str, label: str = "Back") -> dict[str, str]:
    """Draw the way back."""
    return {"href": href, "label": label}


@register.inclusion_tag("components/print_head.html")
def print_head(council: str, who: str, when: str, what: str = "") -> dict[str, str]:
    """Draw the line that only paper shows: council, what, who printed it, when."""
    return {"council": council, "who": who, "when": when, "what": what}


# ---------------------------------------------------------------------------------------------- things with insides


@register.simple_block_tag
def card(content: SafeString, title: str, id: str = "", aside: Any = "", bare: bool = False) -> SafeString:
    """Draw a sheet with a heading; ``aside`` stands at its right, ``bare`` leaves out the inner margin."""
    name = id or "card-" + "".join(sign if sign.isalnum() else "-" for sign in title.lower())
    side = format_html('<span class="small muted">{}</span>', aside) if aside else ""
    inside = content if bare else format_html('<div class="in">{}</div>', content)
    return format_html(
        '<section class="card" id="{}" aria-labelledby="{}-h">'
        '<div class="cap"><h2 id="{}-h">{}</h2>{}</div>{}</section>',
        name,
        name,
        name,
        title,
        side,
        inside,
    )


@register.simple_block_tag
def dock(content: SafeString, label: str, tall: bool = False) -> SafeString:
    """Draw the bar at the foot that holds the decision; in the frame's block ``dock``, beneath the page."""
    return format_html(
        '<section class="dock{} no-print" aria-label="{}"><div class="wrap">{}</div></section>',
        SafeString(" tall") if tall else "",
        label,
        content,
    )


@register.simple_block_tag
def details(content: SafeString, summary: str, open: bool = False) -> SafeString:
    """Draw something that can be opened; works without a script."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        SafeString(" open") if open else "",
        summary,
        content,
    )


@register.simple_block_tag
def stopline(content: SafeString) -> SafeString:
    """Draw a white band with a red edge: something here stops the work."""
    return format_html('<div class="stopline">{}</div>', content)


@register.simple_tag
def quoted(text: str) -> SafeString:
    """Draw a person's own words, with their line breaks."""
    lines = format_html_join(SafeString("<br>"), "{}", ((line,) for line in str(text).splitlines()))
    return format_html('<blockquote class="quote">{}</blockquote>', lines)


@register.simple_tag
def kept(form_name: str) -> SafeString:
    """Draw the line that says when what was typed was last kept; goes inside a form with ``data-keep``."""
    return format_html('<p class="small muted kept" data-kept-for="{}" hidden></p>', form_name)
