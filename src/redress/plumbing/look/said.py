"""What was just done, and can it be undone? One sentence that survives the redirect after a form was sent.

Example::

    done(request, "NMR-2026-0437 was handed to Rob Teale.", undo=Action("Undo", post=undo_url))
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.contrib import messages as store
from django.http import HttpRequest

from redress.plumbing.look.frame import Action, Message

_LEVELS = {"done": store.SUCCESS, "note": store.INFO, "problem": store.ERROR}
_KINDS: dict[int, Any] = {store.SUCCESS: "done", store.ERROR: "problem", store.WARNING: "problem"}


def _keep(request: HttpRequest, kind: str, sentence: str, undo: Action | None, detail: str) -> None:
    more = {"undo": asdict(undo) if undo else None, "detail": detail}
    store.add_message(request, _LEVELS[kind], sentence, extra_tags=json.dumps(more))


def done(request: HttpRequest, sentence: str, *, undo: Action | None = None, detail: str = "") -> None:
    """Tell on the next page what was done, with the way to undo it."""
    _keep(request, "done", sentence, undo, detail)


def note(request: HttpRequest, sentence: str, *, undo: Action | None = None, detail: str = "") -> None:
    """Tell on the next page something that is worth knowing."""
    _keep(request, "note", sentence, undo, detail)


def problem(request: HttpRequest, sentence: str, *, detail: str = "") -> None:
    """Tell on the next page that something did not work, and what to do."""
    _keep(request, "problem", sentence, None, detail)


def _undo(kept: Any) -> Action | None:
    if not isinstance(kept, dict):
        return None
    fields = tuple((str(name), str(value)) for name, value in kept.pop("fields", ()))
    return Action(**kept, fields=fields)


def said(request: HttpRequest) -> tuple[Message, ...]:
    """Give what is waiting to be told to this viewer; each is told once."""
    found = []
    for kept in store.get_messages(request):
        try:
            more = json.loads(kept.extra_tags or "{}")
        except ValueError:
            more = {}  # a message that was put there by somebody else, with tags of its own
        if not isinstance(more, dict):
            more = {}
        kind = _KINDS.get(kept.level or 0, "note")
        found.append(Message(str(kept.message), kind, _undo(more.get("undo")), str(more.get("detail", ""))))
    return tuple(found)
