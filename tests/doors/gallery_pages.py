"""What does every component look like in every state? Pages that show them, made without a database.

`front/gallery.py` writes them to files to be looked at; the tests read them and let a browser judge them.
Example: `pages()["desk"]` is the HTML of the desk's gallery.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.template import Context, Engine
from django.template.loader import get_template

from redress.plumbing.look.fields import DayField, ManyFilesField
from redress.plumbing.look.frame import (
    Action,
    Brand,
    Entry,
    FileRow,
    Frame,
    Group,
    Honour,
    ListRow,
    Message,
    NavItem,
    Part,
    Row,
    Step,
    Then,
)
from redress.rulebook import procedures
from redress.rulebook.calendar import england_and_wales
from redress.rulebook.clock import read
from redress.rulebook.happenings import Happening

FOLDER = Path(__file__).parent / "gallery"
TODAY = date(2026, 11, 23)
LONG_NAME = "Maximiliana-Theodora Featherstonehaugh-Cholmondeley of Upper Wobbleton-on-the-Water"


class Everything(forms.Form):
    """A form with each kind of field."""

    name = forms.CharField(label="Full name", max_length=200, help_text="As it stands on your letters")
    email = forms.EmailField(label="Email address")
    telephone = forms.CharField(label="Telephone number", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    amount = forms.DecimalField(label="What it cost you", required=False)
    wrong = forms.CharField(label="What went wrong?", widget=forms.Textarea, max_length=500)
    received_on = DayField(label="When did it happen?", help_text="For example, 27 3 2026", name="The day it happened")
    service = forms.ChoiceField(label="Service", choices=[("", "Choose a service"), ("waste", "Waste and recycling")])
    way = forms.ChoiceField(
        label="How should we answer?",
        widget=forms.RadioSelect,
        choices=[("email", "By email"), ("telephone", "By telephone"), ("post", "By post")],
    )
    number = forms.CharField(label="Which number?", required=False)
    needs = forms.MultipleChoiceField(
        label="What would help?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("large", "Large print"), ("easy", "Easy Read"), ("other", "Something else")],
        required=False,
    )
    other = forms.CharField(label="What else?", required=False)
    agree = forms.BooleanField(label="I may speak for this person", help_text="We ask them as well")
    files = ManyFilesField(label="Add photographs or documents", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    reveals = {"way": {"telephone": ("number",)}, "needs": {"other": ("other",)}}
    choice_hints = {"way": {"post": "A letter takes two days longer."}}


class Question(forms.Form):
    """One question page: the fields of `Everything` that it asks."""

    wrong = Everything.base_fields["wrong"]
    needs = Everything.base_fields["needs"]
    other = Everything.base_fields["other"]
    reveals = Everything.reveals


class Door(forms.Form):
    """The form to sign in with."""

    email = forms.EmailField(label="Email address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class Refused:
    """A refusal as a step raises it."""

    sentence = "Jo Lindley answered Stage 1. The Code wants somebody else."
    do = "Rob Teale (20 open) and Meera Shah (19) are free."
    field = "service"


def _readings(*happenings: Happening, today: date = TODAY) -> dict[str, Any]:
    edition = procedures.edition("corporate-complaint", date(2026, 11, 10))
    return dict(read(edition, happenings, england_and_wales(), today=today))


def readings() -> dict[str, Any]:
    """Read clocks in each state that the two procedures know."""
    received = Happening("received", on=date(2026, 11, 10))
    acknowledged = Happening("acknowledged", on=date(2026, 11, 11))
    extended = Happening(
        "extended",
        on=date(2026, 11, 20),
        data={"clock": "stage-1-response", "working_days": 5, "reason": "records", "told_on": "2026-11-20"},
    )
    running = _readings(received, acknowledged)
    christmas = _readings(
        Happening("received", on=date(2026, 12, 14)),
        Happening("acknowledged", on=date(2026, 12, 18)),
        today=date(2026, 12, 29),
    )
    return {
        "running": running["stage-1-response"],
        "met": running["stage-1-acknowledgement"],
        "waiting": running["stage-2-response"],
        "extended": _readings(received, acknowledged, extended)["stage-1-response"],
        "missed": _readings(received, acknowledged, today=date(2026, 12, 1))["stage-1-response"],
        "late": _readings(
            received, acknowledged, Happening("responded", on=date(2026, 11, 27)), today=date(2026, 12, 1)
        )["stage-1-response"],
        "cautious": _readings(received, Happening("acknowledged", on=date(2026, 11, 20)))["stage-1-response"],
        "christmas": christmas["stage-1-response"],
    }


def _rows() -> list[Group]:
    def row(following: str, who: str, reference: str, matter: str, **more: Any) -> ListRow:
        return ListRow(next=following, href="#main", who=who, reference=reference, matter=matter, **more)

    return [
        Group(
            "crit",
            [
                row(
                    "Finish the letter: 2 of 4 points answered",
                    "Colin Grainger",
                    "NMR-2026-0391",
                    "Damp and mould in both bedrooms",
                    note="Told of the delay on 12 November 2026",
                    due="7 working days late",
                    due_day="Thu 12 November 2026",
                    day=17,
                    length=10,
                    over=7,
                    clock="Housing, Stage 1",
                    council_name="Northmere",
                    council_code="northmere",
                    holder="Asha Mehta",
                    case_href="#main",
                )
            ],
        ),
        Group(
            "late",
            [
                row(
                    "Ring Planning, then write to Mr Morgan",
                    "Rhys Morgan",
                    "EAS-2026-0156",
                    "Planning enforcement: no reply",
                    hint="Not yet told that it is late",
                    due="3 working days late",
                    due_day="Wed 18 November 2026",
                    day=13,
                    length=10,
                    over=3,
                    clock="Stage 1",
                    council_name="Eastvale",
                    council_code="eastvale",
                    case_href="#main",
                )
            ],
        ),
        Group(
            "soon",
            [
                row(
                    "Give a reason for point 3",
                    LONG_NAME,
                    "NMR-2026-0437",
                    "Assisted bin collections missed",
                    note="Large print.",
                    flag="Linked claim",
                    due="In 2 working days",
                    due_day="Wed 25 November 2026",
                    day=8,
                    length=10,
                    clock="Stage 1",
                    holder="Asha Mehta",
                ),
                row(
                    "Send when Helen Marsh has signed",
                    "Samuel Adeyemi",
                    "NMR-2026-0318",
                    "Council tax refund",
                    due="Today",
                    due_day="Mon 23 November 2026",
                    day=20,
                    length=20,
                    clock="Stage 2",
                ),
            ],
        ),
        Group(
            "ok",
            [
                row(
                    "Chase Housing",
                    "محمد الفاتح",
                    "NMR-2026-0433",
                    "Figures",
                    due="In 11 working days",
                    day=9,
                    length=20,
                )
            ],
        ),
        Group(
            "wait", [row("Waiting for Repairs", "Halina Nowak", "NMR-2026-0441", "Leak", due="In 6 working days")], 12
        ),
        Group("new", [row("Read and make a plan", "Tariq Aziz", "EAS-2026-0164", "Banding", due="In 9 working days")]),
    ]


def bad_form() -> Everything:
    """Give the form as it comes back: most of it missing or wrong."""
    return Everything(
        {
            "name": "",
            "email": "not an address",
            "wrong": "",
            "received_on_day": "31",
            "received_on_month": "2",
            "received_on_year": "2026",
            "way": "telephone",
            "number": "01632 960 114",
            "needs": ["other"],
            "other": "",
        },
        auto_id="bad_%s",
    )


def context() -> dict[str, Any]:
    """Give all that the gallery's pages show."""
    nav = (
        NavItem("My work", "#main", 14, True),
        NavItem("Intake", "#main", 12),
        NavItem("Team", "#main"),
        NavItem("Checks", "#main", 2),
    )
    undo = Action("Undo", post="#main", small=True)
    return {
        "frame": Frame(
            title="Every component",
            nav=nav,
            viewer_name="Asha Mehta",
            demonstration=True,
            search_action="#main",
            messages=(
                Message("NMR-2026-0437 was handed to Rob Teale.", undo=undo, detail="He was told by email."),
                Message("The mailbox could not be read since 10:31am.", "problem"),
                Message("Carol Whitfield is reading this.", "note"),
            ),
            account=(NavItem("Keys", "#main"), NavItem("Absence", "#main")),
            sign_out="#main",
            council_name="Northmere Borough Council",
            person_key="7",
            stylesheets=("councils.css",),
        ),
        "brand": Brand(
            name="Northmere Borough Council",
            short_name="Northmere",
            home="#main",
            stylesheet="northmere.css",
            logo="logo.svg",
            telephone="01632 960 100",
            hours="Monday to Friday, 8:30am to 5pm",
            address="Complaints, Civic Offices, Mere Street, Northmere NM1 1AA",
            in_person="ask at any council counter",
            links=(NavItem("How to complain", "#main"), NavItem("Your privacy", "#main")),
            demonstration=True,
        ),
        "form": Everything(initial={"received_on": TODAY, "name": LONG_NAME, "way": "email"}),
        "bad": bad_form(),
        "question": Question({"wrong": "", "needs": ["other"]}, auto_id="q_%s"),
        "door": Door({"email": "not an address", "password": ""}, auto_id="door_%s"),
        "refusal": Refused(),
        "r": readings(),
        "groups": _rows(),
        "held": [
            Honour("Large print:", "letters at 18 point, by post and email"),
            Honour("Ring before 1pm,", "let it ring"),
        ],
        "actions": [
            Action("Write the response", href="#main", main=True, key="R"),
            Action("Add a note", href="#main", key="N"),
            None,
            Action("Hand over", post="#main", fields=(("case", "7"),)),
        ],
        "can_do": [
            Action("Ask for the check", allowed=False, why="Not yet: point 3 has no reason."),
            Action("Extend the answer date", href="#main", note="At most 10 more working days, to 9 December 2026."),
            Action("Hand over", post="#main", note="The person is told who has it now."),
        ],
        "points": [
            {
                "number": 1,
                "text": "The collection was missed nine times",
                "state": "Upheld",
                "code": "done",
                "note": "3 pieces of evidence.",
            },
            {"number": 2, "text": "Nobody rang back", "before": "Not upheld.", "disputed": "I have the phone bill."},
            {
                "number": 3,
                "text": "The bin was left below the steps",
                "state": "Finding, no reason yet",
                "code": "late",
            },
        ],
        "entries": [
            Entry(
                "Friday 20 November 2026, 4:12pm",
                "Waste operations answered",
                "#main",
                more="A crew statement",
                fresh=True,
                direction="in",
            ),
            Entry("Thursday 12 November 2026", "Points agreed by telephone"),
            Entry("Wednesday 11 November 2026", "Acknowledgement sent", "#main", "to Mrs Okafor", direction="out"),
        ],
        "files": [
            FileRow("statement-march.jpg", 219_136, "#main", "clean"),
            FileRow("statement-july.jpg", 198_000, "#main", "waiting"),
            FileRow("invoice.pdf", None, "#main", "infected", "Sent again on 24 November 2026"),
            FileRow("a-very-long-name-" * 8 + ".docx", 1_500_000, "", "failed"),
        ],
        "parts": [
            Part(
                "Point 2, reason",
                "reason-2",
                "Two of three calls are on record.\nNeither was passed on.",
                "No call is on record.",
            ),
            Part("Point 2, finding", "finding-2", "Upheld", ""),
            Part("Point 2, remedy", "remedy-2", "Apology", "Apology"),
        ],
        "dates": [
            Then("Acknowledge by", "Monday 30 November 2026", "5 working days from today"),
            Then("If you acknowledge today, answer by", "Monday 7 December 2026", "10 working days"),
        ],
        "rows": [
            Row("Name", "Grace Okafor", "#main"),
            Row("Address", "", "#main", lines=("9 Fell Court", "Northmere")),
            ("Email", "g@mail.example"),
        ],
        "columns": ["Asked of", "What", "By", "Days"],
        "cells": [
            ["Waste operations", "Round sheets", "18 November 2026", 3],
            ["Insurance", "What may be said", "24 November 2026", 12],
        ],
        "remarks": [
            {
                "point": 3,
                "what": "No reason given",
                "why": "A finding needs a reason.",
                "href": "#main",
                "label": "Write it",
            }
        ],
        "right": ["The decision on each point", "How to go to Stage 2"],
        "views": [NavItem("Mine", "#main", 14, True), NavItem("My team", "#main", 118), NavItem("Watching", "#main")],
        "chips": [("Council", "both", "#main"), ("Service", "any", "#main")],
        "steps": [
            Step("We have your complaint", "Tuesday 10 November 2026, by email", "done"),
            Step("We told you what we understood", "Wednesday 11 November 2026.", "done", "#main", "Read the letter"),
            Step("We are finding out what happened", "Asha Mehta is looking into it.", "here"),
            Step("Our answer", "By Wednesday 25 November 2026"),
        ],
        "go": Action("Log a call or visit", href="#main"),
        "angry": "You never <b>ring</b> back.\n{{ nobody }} does.",
        "at": datetime(2026, 11, 23, 8, 52, tzinfo=UTC),
        "pounds": Decimal("84.2"),
        "csrf_token": "for-the-gallery",
    }


def render(name: str) -> str:
    """Make one page of the gallery."""
    found = Engine.get_default().from_string((FOLDER / f"{name}.html").read_text("utf-8"))
    return found.render(Context(context()))


def pages() -> dict[str, str]:
    """Make all pages of the gallery, and the error pages."""
    made = {path.stem: render(path.stem) for path in sorted(FOLDER.glob("*.html"))}
    for error in ("400", "403", "403_csrf", "404", "500"):
        made[f"error-{error}"] = get_template(f"{error}.html").render({})
    return made
