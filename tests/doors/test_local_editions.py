"""A council's own edition at the desk: drafted with the law beside each field, tried, approved; and what if?"""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from doors.desk_client import desk, page, press
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.roles import Role
from redress.casework import local_editions
from redress.council.models import LocalEdition
from redress.plumbing import moment
from redress.rulebook import local, procedures
from redress.rulebook.local import Choices

pytestmark = pytest.mark.django_db
CODE = "corporate-complaint"
WHERE = ("northmere", CODE)
SOON = TODAY + dt.timedelta(days=7)
LIMIT = "limit_stage-1-response"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


def helen(cast: Cast) -> Any:
    return desk(cast.officers[Role.TEAM_LEADER])


def typed(**more: Any) -> dict[str, Any]:
    """Give what a person fills in; what is left out stays as it was released."""
    base = procedures.current(CODE)
    names = {f"stage_{stage.key}": "" for stage in base.stages} | {f"sign_{n}": "" for n in range(len(base.sign_off))}
    when = {"in_force_from_day": SOON.day, "in_force_from_month": SOON.month, "in_force_from_year": SOON.year}
    return {"title": "", "retention": "", "why": "Cabinet, 3 November", **names, **when, LIMIT: "7", **more}


def drafted(cast: Cast, **more: Any) -> LocalEdition:
    answer = press(helen(cast), "draft-edition", *WHERE, **typed(**more))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return LocalEdition.objects.latest("pk")


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# ---------------------------------------------------------------------------------------------------------- procedures


def test_the_list_shows_each_councils_procedures_with_their_editions(cast: Cast) -> None:
    text = page(desk(cast.asha), "procedures")
    assert "Northmere Borough Council" in text
    assert "LGSCO Code, February 2024" in text
    assert "Westholt" not in text
    drafted(cast)
    assert "Draft of Helen Marsh, for 30 November 2026" in page(desk(cast.asha), "procedures")


@pytest.mark.parametrize("code", procedures.codes())
def test_every_procedure_can_be_read_with_its_authorities(cast: Cast, code: str) -> None:
    edition = procedures.current(code)
    text = html.unescape(page(desk(cast.asha), "procedure", "northmere", code, query=f"?edition={edition.id}"))
    assert edition.short in text
    for rule in edition.clocks:
        assert rule.title in text
        assert rule.authority.cite in text


@pytest.mark.parametrize(
    ("council", "code", "query"),
    [
        ("westholt", CODE, ""),
        ("northmere", "no-such", ""),
        ("northmere", CODE, f"?edition={CODE}@1999-01-01"),
    ],
)
def test_what_is_not_there_is_not_found(cast: Cast, council: str, code: str, query: str) -> None:
    page(desk(cast.asha), "procedure", council, code, query=query, status=404)


def test_an_officer_reads_but_may_not_draft(cast: Cast) -> None:
    assert "Make our own edition" not in page(desk(cast.asha), "procedure", *WHERE)
    page(desk(cast.asha), "draft-edition", *WHERE, status=403)
    assert press(desk(cast.asha), "draft-edition", *WHERE, **typed()).status_code == 403
    assert not LocalEdition.objects.exists()


# ------------------------------------------------------------------------------------------------------------ drafting


def test_the_form_shows_the_hard_limit_with_its_authority_beside_each_field(cast: Cast) -> None:
    text = " ".join(page(helen(cast), "draft-edition", *WHERE).split())
    assert "Never more than 10 working days (LGSCO Complaint Handling Code (February 2024), paragraph 6.3)" in text
    assert "Released with 6 years from the closing of the case" in text


def test_a_hard_limit_is_refused_beside_its_field_and_nothing_is_lost(cast: Cast) -> None:
    answer = press(helen(cast), "draft-edition", *WHERE, **typed(**{LIMIT: "12", "title": "Our complaints"}))
    assert answer.status_code == 422
    text = text_of(answer)
    assert "12 working days is too long. At most 10 working days, by LGSCO Complaint Handling Code" in text
    assert f'href="#id_{LIMIT}"' in text
    assert 'value="12"' in text
    assert 'value="Our complaints"' in text
    assert 'value="Cabinet, 3 November"' in text
    assert not LocalEdition.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {LIMIT: "9" * 5000},
        {LIMIT: "-1"},
        {LIMIT: "ten"},
        {"retention": "0"},
        {"title": "x\u202ey"},
        {"title": "x" * 5000},
        {"in_force_from_year": "2020"},
        {"in_force_from_year": ""},
        {"in_force_from_day": "31", "in_force_from_month": "2"},
        {LIMIT: ""},
    ],
)
def test_what_can_not_stand_comes_back_with_words(cast: Cast, more: dict[str, str]) -> None:
    answer = press(helen(cast), "draft-edition", *WHERE, **typed(**more))
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert not LocalEdition.objects.exists()


def test_a_title_is_words_and_no_markup(cast: Cast) -> None:
    row = drafted(cast, title="<script>alert(1)</script>")
    for name in ("edition", "change-edition"):
        text = page(helen(cast), name, row.pk)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_draft_that_somebody_changed_meanwhile_is_shown_beside_ones_own(cast: Cast) -> None:
    row = drafted(cast)
    assert press(helen(cast), "change-edition", row.pk, seen="1", **typed(**{LIMIT: "8"})).status_code == 302
    answer = press(desk(cast.carol), "change-edition", row.pk, seen="1", **typed(**{LIMIT: "6"}))
    text = text_of(answer)
    assert answer.status_code == 422
    assert "As it is now, saved by Helen Marsh" in text
    assert "8 working days" in text
    assert re.search(rf'name="{LIMIT}"[^>]*value="6"|value="6"[^>]*name="{LIMIT}"', text)
    assert 'name="seen" value="2"' in text
    assert press(desk(cast.carol), "change-edition", row.pk, seen="2", **typed(**{LIMIT: "6"})).status_code == 302


def upload(cast: Cast, content: bytes) -> Any:
    file = SimpleUploadedFile("edition.toml", content, content_type="text/plain")
    return press(helen(cast), "upload-edition", *WHERE, file=file, file_why="By file")


def test_a_file_is_downloaded_changed_and_brought_back(cast: Cast) -> None:
    client = helen(cast)
    answer = client.get("/desk/settings/procedures/northmere/corporate-complaint/file/")
    assert answer.headers["Content-Disposition"].endswith('.toml"')
    text = answer.content.decode().replace("limit = 10\n", "limit = 7\n", 1)
    assert upload(cast, text.encode()).status_code == 302
    row = LocalEdition.objects.get()
    assert local_editions.read(row).clock("stage-1-response").limit == 7
    assert client.get(f"/desk/settings/editions/{row.pk}/file/").content.decode() == row.text


def test_every_problem_of_a_file_is_listed_with_its_authority(cast: Cast) -> None:
    made = local_editions.worded(
        cast.northmere, CODE, Choices(title="Ours"), SOON
    )  # fmt: skip
    wrong = made.replace("limit = 10\n", "limit = 12\n").replace("exist = false", "exist = true")
    text = text_of(upload(cast, wrong.encode()))
    assert "things to put right" in text
    assert "paragraph 6.3" in text
    assert "pauses › exist" in text


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"x = " + b"[" * 4000, b"#\n" * 299_000, b"#" * 700_000, b"limit = " + b"9" * 4500, b"\x00"],
    ids=["empty", "no text", "brackets", "long", "too large", "digits", "nul"],
)
def test_a_hostile_file_gets_a_clear_answer(cast: Cast, content: bytes) -> None:
    answer = upload(cast, content)
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert not LocalEdition.objects.exists()


# --------------------------------------------------------------------------------------------------- tried and approved


def test_tried_approved_by_another_and_in_the_history(cast: Cast) -> None:
    case = cast.allocated(cast.acknowledged(cast.logged()))
    row = drafted(cast)
    assert "has to be tried before anybody can approve it" in page(helen(cast), "edition", row.pk)
    assert press(helen(cast), "try-edition", row.pk, form_key="k").status_code == 302
    text = page(helen(cast), "trial", row.pk)
    assert "<strong>1 complaint</strong>" in text
    assert case.reference in text
    assert "7 December 2026" in text
    assert "2 December 2026" in text
    text = page(desk(cast.carol), "approve-edition", row.pk)
    assert "Approve it" in text
    assert "Helen Marsh" in text
    assert press(desk(cast.carol), "approve-edition", row.pk, seen="1", form_key="k").status_code == 302
    text = page(desk(cast.carol), "edition", row.pk)
    assert "Approved by Carol Whitfield" in text
    assert "Withdraw it" in text
    assert page(desk(cast.asha), "procedure", *WHERE, query=f"?edition={row.edition_id.replace('+', '%2B')}")
    assert press(desk(cast.carol), "withdraw-edition", row.pk).status_code == 302
    assert "Withdrawn before it took effect" in page(desk(cast.carol), "edition", row.pk)


def test_whoever_drafted_it_gets_no_button_and_no_way_round(cast: Cast) -> None:
    press(desk(cast.carol), "draft-edition", *WHERE, **typed())
    row = LocalEdition.objects.get()
    press(desk(cast.carol), "try-edition", row.pk)
    assert "Ask another complaints manager" in page(desk(cast.carol), "approve-edition", row.pk)
    answer = press(desk(cast.carol), "approve-edition", row.pk, seen="1")
    assert answer.status_code == 422
    assert "can’t approve it" in text_of(answer)
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_trial_without_cases_says_so_and_pages_with_them_are_turned(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redress.desk.settings import editions

    row = drafted(cast)
    assert "There is nothing to try it on." in page(helen(cast), "trial", row.pk)
    for _ in range(3):
        cast.acknowledged(cast.logged())
    monkeypatch.setattr(editions, "ROWS", 2)
    assert "1 to 2 of 3" in page(helen(cast), "trial", row.pk)
    assert "3 to 3 of 3" in page(helen(cast), "trial", row.pk, query="?after=2")
    assert "No date would be different." in page(helen(cast), "trial", row.pk, query="?only=late")
    for odd in ("?after=-1", "?after=x", "?after=999999999", "?only=%00"):
        page(helen(cast), "trial", row.pk, query=odd)


def test_a_draft_is_discarded(cast: Cast) -> None:
    row = drafted(cast)
    assert press(helen(cast), "discard-edition", row.pk).status_code == 302
    assert "Discarded" in page(helen(cast), "edition", row.pk)
    assert helen(cast).get(f"/desk/settings/editions/{row.pk}/change/").status_code == 302


def test_another_councils_editions_are_not_there(cast: Cast) -> None:
    row = drafted(cast)
    stranger = desk(cast.stranger)
    for name in ("edition", "trial", "approve-edition", "edition-file"):
        page(stranger, name, row.pk, status=404)
    for name in ("try-edition", "discard-edition", "withdraw-edition", "approve-edition"):
        assert press(stranger, name, row.pk).status_code in (403, 404)


# ------------------------------------------------------------------------------------------------- where it has effect


def test_what_residents_read_follows_the_councils_own_edition(cast: Cast, client: Any) -> None:
    row = drafted(cast, in_force_from_day=TODAY.day, in_force_from_month=TODAY.month)
    assert "Within 10 working days" in client.get("/northmere/").content.decode()
    press(helen(cast), "try-edition", row.pk)
    press(desk(cast.carol), "approve-edition", row.pk, seen="1")
    assert "Within 7 working days" in client.get("/northmere/").content.decode()
    assert "Within 10 working days" in client.get("/eastvale/").content.decode()


# -------------------------------------------------------------------------------------------------------------- what if


def test_what_if_gives_every_date_with_its_reasons(cast: Cast) -> None:
    text = page(desk(cast.asha), "what-if", query="?council=northmere&procedure=every&" + DAY.format(23, 11, 2026))
    assert "Monday 30 November 2026" in text
    assert "If you extend on that day by the most that is left, 10 working days: Wednesday 30 December 2026." in text
    assert "If this happened then: The person asked for the next stage." in text
    assert "Tuesday 22 December 2026" in text, "freedom of information, 20 working days"
    assert "Thursday 26 November 2026 at 10:30am" in text, "72 hours after the council became aware of a breach"
    assert "No edition of" in text or "not adopted" not in text


DAY = "day_day={}&day_month={}&day_year={}&hour=10:30"


def test_what_if_follows_the_councils_own_edition(cast: Cast) -> None:
    row = drafted(cast)
    press(helen(cast), "try-edition", row.pk)
    press(desk(cast.carol), "approve-edition", row.pk, seen="1")
    query = f"?council=northmere&procedure={CODE}&" + DAY.format(SOON.day, SOON.month, SOON.year)
    text = page(desk(cast.asha), "what-if", query=query)
    assert "our own edition" in text
    assert "Northmere’s own edition of 30 November 2026" in text


@pytest.mark.parametrize(
    "query",
    [
        "?council=westholt&procedure=every&" + DAY.format(1, 1, 2026),
        "?council=northmere&procedure=every&" + DAY.format(1, 1, "0001"),
        "?council=northmere&procedure=every&" + DAY.format(31, 12, 9999),
        "?council=northmere&procedure=every&" + DAY.format(31, 2, 2026),
        "?council=northmere&procedure=every&day_day=1&day_month=1&day_year=2026&hour=25:99",
        "?council=northmere&procedure=nothing&" + DAY.format(1, 1, 2026),
        "?council=northmere&procedure=every&" + DAY.format(29, 3, 2026).replace("10:30", "01:30"),
        "?council=%00&procedure=%00",
        "?day_day=",
    ],
)
def test_what_if_takes_any_question(cast: Cast, query: str) -> None:
    page(desk(cast.asha), "what-if", query=query)


def test_the_log_page_and_the_settings_lead_there(cast: Cast) -> None:
    assert "/desk/settings/what-if/?council=" in page(desk(cast.officers[Role.ADMINISTRATOR]), "log-blank")
    text = page(desk(cast.carol), "settings")
    assert "/desk/settings/what-if/" in text
    assert "/desk/settings/procedures/" in text
    page(desk(cast.officers[Role.SYSTEM_ADMINISTRATOR]), "what-if", status=403)


def test_a_file_for_every_procedure_reads_back(cast: Cast) -> None:
    client = helen(cast)
    for code in procedures.codes():
        answer = client.get(f"/desk/settings/procedures/northmere/{code}/file/")
        read = local.read(answer.content.decode(), council="northmere", name="Northmere")
        assert read.procedure == code
        page(client, "draft-edition", "northmere", code)
