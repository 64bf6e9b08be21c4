"""What can this role set, and how do mailboxes, people and the system stand?

Example: ``/desk/settings/`` shows a system administrator the mailboxes, the people and their roles; a complaints
manager finds the letters, the calendar and the absences beside them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from redress.access import standing
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import Refusal
from redress.access.roles import ROLES, Role
from redress.casework import setting_up
from redress.council import queries as council_queries
from redress.council.queries import Mailbox
from redress.desk import entry
from redress.plumbing import malware, malware_setting, moment
from redress.plumbing.look import said
from redress.staff import queries as staff_queries

PLACES: tuple[tuple[Permission, str, str, str], ...] = (
    (Permission.CASE_READ, "procedures", "Procedures", "Every limit with its authority; the council’s own editions"),
    (Permission.CASE_READ, "what-if", "What if", "All dates that would follow if it came in today"),
    (Permission.COUNCIL_CHANGE, "shape", "Services and council", "Services, categories, contact, working settings"),
    (Permission.TEMPLATE_PUBLISH, "templates", "Letters", "What our letters say, for each council"),
    (Permission.CALENDAR_CHANGE, "calendar", "Working days", "Closures, and bank holidays that were added"),
    (Permission.ABSENCE_RECORD, "absences", "Absences", "Who is away, and who covers"),
    (Permission.TRAIL_READ, "trail", "Trail", "What was done, with the proof that nobody altered it"),
)


@dataclass(frozen=True)
class Place:
    """Somewhere to go on to."""

    label: str
    href: str
    text: str


@dataclass(frozen=True)
class Person:
    """Somebody who works here, with their roles in words."""

    name: str
    email: str
    job_title: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One thing about the system: whether it is well, and in which words."""

    well: bool
    sentence: str


@dataclass(frozen=True)
class SettingsPage:
    """What this viewer can see and set."""

    places: tuple[Place, ...]
    mailboxes: tuple[Mailbox, ...]
    may_switch: bool
    people: tuple[Person, ...]
    system: tuple[Finding, ...]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what this role can set, and how things stand."""
    by = entry.viewer(request)
    looks_after = by.may_somewhere(Permission.SETTINGS_CHANGE) or by.may_somewhere(Permission.STAFF_CHANGE)
    places = tuple(_places(by))
    if not places and not looks_after:
        raise PermissionDenied from NotPermitted(Permission.SETTINGS_CHANGE)
    page = SettingsPage(
        places=places,
        mailboxes=tuple(council_queries.mailboxes(by)),
        may_switch=by.may_somewhere(Permission.MAILBOX_CHANGE),
        people=tuple(_people(by)),
        system=tuple(_system()) if looks_after else (),
    )
    return entry.page(request, "desk/settings/home.html", title="Settings", current="settings", page=page)


@require_POST
def switch(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Have a mailbox read, or leave it alone."""
    by = entry.viewer(request)
    mailbox = council_queries.mailboxes(by).filter(pk=mailbox_id).first()
    if mailbox is None:
        raise Http404
    active = request.POST.get("active") == "yes"
    try:
        setting_up.switch_mailbox(mailbox=mailbox, active=active, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}")
    else:
        said.done(request, f"{mailbox.address} is {'read from now on' if active else 'not read any more'}.")
    return redirect("desk:settings")


def _places(by: Actor) -> list[Place]:
    found = []
    for needs, name, label, words in PLACES:
        if by.may_somewhere(needs):
            try:
                found.append(Place(label, reverse(f"desk:{name}"), words))
            except NoReverseMatch:
                continue
    return found


def _people(by: Actor) -> list[Person]:
    """List everybody who works for the viewer's councils, each once, with what they are and where."""
    roles: dict[int, list[str]] = defaultdict(list)
    people = {}
    for council in council_queries.councils(by):
        for role in Role:
            for officer in staff_queries.officers(by, council.pk, moment.today(), frozenset({role})):
                people[officer.pk] = officer
                roles[officer.pk].append(f"{ROLES[role].title}, {council.short_name}")
    ordered = sorted(people.values(), key=lambda one: (one.name, one.pk))
    return [Person(one.name, one.email, one.job_title, tuple(roles[one.pk])) for one in ordered]


def _system() -> list[Finding]:
    """Say how the system stands, as far as a page can see it; ``redress doctor`` sees more."""
    unsealed = standing.unsealed()
    seals = standing.latest_seals(1)
    sealed = Finding(True, f"The trail was sealed at seal {seals[0].number}.") if seals else Finding(
        False, "The trail was never sealed: the worker does it every few minutes."
    )  # fmt: skip
    address = malware_setting.scanner_address()
    scans = malware.ping(address) is not None if address else False
    return [
        sealed,
        Finding(unsealed < 5_000, f"{unsealed} entries of the trail wait for their seal."),
        Finding(
            scans,
            "Uploads are scanned." if scans
            else "The virus scanner does not answer: uploads can’t be opened." if address
            else "No virus scanner is set: uploads are plainly marked as not scanned.",
        ),
    ]  # fmt: skip
