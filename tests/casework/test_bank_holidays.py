"""The published bank holidays are read from a file or an address: what is new is added once, what is odd is told."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from casework.office_day import QUICK
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.casework import holiday_feed
from redress.council.models import BankHoliday, Council, FeedReading
from redress.jobs import bank_holidays
from redress.plumbing import fetching, moment
from redress.rulebook import calendar
from redress.rulebook import holiday_feed as rules
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db
ROYAL = dt.date(2027, 6, 11)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PASSWORD_HASHERS = QUICK
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


def published(*new: tuple[str, dt.date, str], but: tuple[dt.date, ...] = ()) -> bytes:
    """Give the list as it would be published: what is packaged for 2026 to 2028, with new days and without others."""
    feed: dict[str, Any] = {}
    for name, days in calendar.bank_holidays().items():
        listed = {day: title for day, title in days.items() if 2026 <= day.year <= 2028 and day.weekday() < 5}
        listed |= {day: title for division, day, title in new if division == name}
        feed[name] = {
            "division": name,
            "events": [
                {"title": title, "date": day.isoformat(), "notes": "", "bunting": True}
                for day, title in sorted(listed.items())
                if day not in but
            ],
        }
    return json.dumps(feed).encode()


def everywhere(day: dt.date = ROYAL, title: str = "A royal day") -> bytes:
    return published(*((name, day, title) for name in calendar.DIVISIONS))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], str]:
    def write(held: bytes) -> str:
        written = tmp_path / "bank-holidays.json"
        written.write_bytes(held)
        return str(written)

    return write


def refresh(*words: str) -> int:
    return bank_holidays.main(list(words))


# ------------------------------------------------------------------------------------------------------- the command


def test_what_is_new_is_added_once_and_the_reading_is_kept(
    cast: Cast, file: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(everywhere())
    assert refresh("--file", path) == 0
    assert capsys.readouterr().out.startswith("Added: Friday 11 June 2027, A royal day (England and Wales)\n")
    assert set(BankHoliday.objects.values_list("on", "division", "name", "source")) == {
        (ROYAL, name, "A royal day", "Published list, read on 23 November 2026") for name in calendar.DIVISIONS
    }
    for council in Council.objects.all():
        lines = [(line.kind, line.ids.get("divisions")) for line in trail.read(council)[-2:]]
        assert sorted(lines) == [
            ("council.bank-holiday-added", list(calendar.DIVISIONS)), ("council.feed-read", None),
        ]  # fmt: skip
    notice = Notice.objects.get(officer=cast.carol, council=cast.northmere)
    assert "Friday 11 June 2027 is a bank holiday in England and Wales, Scotland and Northern Ireland" in notice.text
    assert refresh("--file", path) == 0
    assert "no day that was not known" in capsys.readouterr().out
    assert BankHoliday.objects.count() == 3
    readings = FeedReading.objects.order_by("pk")
    assert [(one.added, one.readable, one.source, one.read_by) for one in readings] == [
        (3, True, "bank-holidays.json", "redress bank-holidays refresh"),
        (0, True, "bank-holidays.json", "redress bank-holidays refresh"),
    ]
    assert Notice.objects.filter(officer=cast.carol, council=cast.northmere).count() == 1


def test_checking_says_what_would_be_added_and_changes_nothing(
    cast: Cast, file: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh("--file", file(everywhere()), "--check") == 0
    assert "Would be added: Friday 11 June 2027, A royal day (Scotland)" in capsys.readouterr().out
    assert not BankHoliday.objects.exists()
    assert not FeedReading.objects.exists()


def test_a_list_that_lacks_a_known_day_is_told_and_the_day_stays(
    cast: Cast, file: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh("--file", file(everywhere())) == 0
    lacking = published(but=(dt.date(2026, 6, 15),))
    assert refresh("--file", file(lacking)) == 0
    said = capsys.readouterr().out
    assert "To know: The feed lacks Monday 15 June 2026, Bank holiday for the World Cup (Scotland)" in said
    assert "To know: The feed lacks Friday 11 June 2027, A royal day (England and Wales)" in said
    assert BankHoliday.objects.count() == 3
    assert [one["kind"] for one in FeedReading.objects.latest("pk").told] == ["lacks"] * 4


@pytest.mark.parametrize("held", [b"", b"<html>", b'{"scotland": ', b"[]", everywhere()[:900]])
def test_what_cannot_be_read_is_told_with_status_1_and_kept(
    cast: Cast, file: Callable[[bytes], str], held: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh("--file", file(held)) == 1
    assert "Nothing could be read." in capsys.readouterr().out
    reading = FeedReading.objects.get()
    assert (reading.readable, reading.added, bool(reading.told)) == (False, 0, True)
    assert trail.read(cast.northmere)[-1].kind == "council.feed-not-read"


def test_a_file_that_is_not_there_or_far_too_large_is_told(
    cast: Cast, tmp_path: Path, file: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh("--file", str(tmp_path / "none.json")) == 1
    assert "There is no file none.json." in capsys.readouterr().out
    assert refresh("--file", str(tmp_path)) == 1
    assert "can’t be read" in capsys.readouterr().out
    assert refresh("--file", file(b" " * (fetching.MOST_BYTES + 1))) == 1
    assert "too large" in capsys.readouterr().out


def test_how_the_command_is_used(capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    assert refresh() == 2
    assert "REDRESS_BANK_HOLIDAYS_ADDRESS" in capsys.readouterr().err
    assert refresh("--file", "a", "--address", "b") == 2
    assert refresh("--help") == 0
    settings.REDRESS_DEMONSTRATION = True
    assert refresh("--address", "https://www.gov.uk/bank-holidays.json") == 1
    assert "demonstration" in capsys.readouterr().err


def test_without_a_council_nothing_is_kept_and_it_says_so(
    file: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh("--file", file(everywhere())) == 1
    assert "No council has been set up yet" in capsys.readouterr().err
    assert refresh("--file", file(everywhere()), "--check") == 0


def test_only_the_timetable_and_a_command_take_a_list(cast: Cast) -> None:
    feed = rules.read(everywhere(), calendar.bank_holidays(), today=TODAY)
    for role in Role:
        by = cast.actor(role)
        with pytest.raises(NotPermitted):
            holiday_feed.record(councils=[cast.northmere], feed=feed, source="x", by=by, at=make.at())
    made = holiday_feed.record(
        councils=[cast.northmere], feed=feed, source="x", by=Actor.timetable("Bank holidays"), at=make.at()
    )
    assert made.added == 3


# ------------------------------------------------------------------------------------------------ an address, the job


class Server:
    """A web server on this machine that answers as it is told."""

    def __init__(self) -> None:
        self.body, self.status, self.headers, self.asked = everywhere(), 200, {}, 0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.asked += 1
                self.send_response(owner.status)
                for name, value in {"Content-Length": str(len(owner.body)), **owner.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(owner.body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/bank-holidays.json"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.stop()


def set_address(settings: Any, address: str | None) -> None:
    env = settings.REDRESS_ENVIRONMENT
    settings.REDRESS_ENVIRONMENT = dataclasses.replace(env, values={**env.values, "bank_holidays_address": address})


def test_the_weekly_job_reads_the_address_only_if_one_is_set(cast: Cast, server: Server, settings: Any) -> None:
    set_address(settings, None)
    bank_holidays.refresh()
    assert (server.asked, FeedReading.objects.count()) == (0, 0)
    set_address(settings, server.address)
    for _ in range(2):
        bank_holidays.refresh()
    assert server.asked == 2
    assert [(one.added, one.read_by) for one in FeedReading.objects.order_by("pk")] == [
        (3, "Bank holidays"), (0, "Bank holidays"),
    ]  # fmt: skip


def test_the_command_reads_the_address_that_the_setting_gives(cast: Cast, server: Server, settings: Any) -> None:
    set_address(settings, server.address)
    assert refresh() == 0
    assert FeedReading.objects.get().source == server.address
    set_address(settings, None)
    assert refresh("--address", server.address) == 0
    assert FeedReading.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": 404}, "answered with the status 404"),
        ({"status": 500}, "answered with the status 500"),
        ({"status": 302, "headers": {"Location": "https://elsewhere.example/"}}, "leads on"),
        ({"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "the status 302"),
        ({"body": b" " * (fetching.MOST_BYTES + 10)}, "more than 2,000,000 bytes"),
        ({"body": b"<html>Sorry</html>"}, "web page"),
        ({"body": everywhere()[:2000], "headers": {"Content-Length": "99999"}}, "breaks off"),
    ],
)
def test_an_address_that_fails_is_told_and_the_job_goes_on(
    cast: Cast, server: Server, settings: Any, change: dict[str, Any], words: str
) -> None:
    for name, value in change.items():
        setattr(server, name, value)
    set_address(settings, server.address)
    bank_holidays.refresh()
    reading = FeedReading.objects.get()
    assert not reading.readable
    assert words in reading.told[0]["text"]
    assert not BankHoliday.objects.exists()


def test_an_address_where_nobody_answers_is_told(cast: Cast, server: Server, settings: Any) -> None:
    address = server.address
    server.stop()
    set_address(settings, address)
    bank_holidays.refresh()
    assert "can’t be reached" in FeedReading.objects.get().told[0]["text"]
    assert Notice.objects.filter(kind="bank-holidays").exists()


@pytest.mark.parametrize(
    "address",
    ["", "gov.uk", "file:///etc/passwd", "ftp://gov.uk/x", "https://me:secret@gov.uk/", "http://a:x/", "http://"],
)
def test_an_address_is_one_of_the_web(address: str) -> None:
    with pytest.raises(ValueError):
        fetching.check(address)
    with pytest.raises(fetching.NotFetched):
        fetching.get(address)
