"""A one-use link lets somebody choose a password once, within a day, and whoever has an older one finds it ended."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator

from factories import cast as casting
from factories.cast import AT, PASSWORD, SETTING_UP, Cast
from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.roles import Role
from redress.casework import beginning, first_sign_in
from redress.council.models import Council
from redress.staff.models import Membership, Officer, SignInLink

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = "kettle-anvil-harbour-7"


@pytest.fixture
def cast() -> Cast:
    return casting.assemble()


@pytest.fixture
def sam(cast: Cast) -> Officer:
    return cast.officers[Role.SYSTEM_ADMINISTRATOR]


def make(officer: Officer, at: dt.datetime = AT, **more: bool) -> str:
    return first_sign_in.make_link(officer=officer, by=SETTING_UP, at=at, **more)


def use(token: str, password: str = GOOD, again: str = GOOD, at: dt.datetime = AT) -> Officer:
    link = first_sign_in.find(token, at)
    by = Actor.newcomer(officer_id=link.officer_id, name=link.officer.name)
    return first_sign_in.choose_password(link=link, password=password, again=again, by=by, at=at)


def kinds(officer: Officer) -> list[str]:
    return [line.kind for line in trail.read(officer)]


def test_it_sets_the_password_once_and_both_stand_in_the_trail(sam: Officer) -> None:
    token = make(sam)
    use(token)
    sam.refresh_from_db()
    assert sam.check_password(GOOD)
    assert {"staff.link-made", "staff.link-used"} <= set(kinds(sam))
    last = next(line for line in trail.read(sam) if line.kind == "staff.link-used")
    assert (last.by_kind, last.by_id, last.by_name) == ("newcomer", sam.pk, sam.name)
    with pytest.raises(first_sign_in.LinkNotValid):
        use(token)


def test_only_a_digest_is_kept(sam: Officer) -> None:
    token = make(sam)
    kept = SignInLink.objects.values().get()
    assert token not in str(kept)
    assert kept["digest"] == first_sign_in.digest_of(token)
    assert token not in str([line.ids for line in trail.read(sam)])


def test_it_ends_after_a_day(sam: Officer) -> None:
    token = make(sam)
    assert first_sign_in.find(token, AT + dt.timedelta(hours=23, minutes=59))
    with pytest.raises(first_sign_in.LinkNotValid):
        first_sign_in.find(token, AT + dt.timedelta(hours=24))


def test_a_newer_one_ends_it(sam: Officer) -> None:
    first, second = make(sam), make(sam)
    with pytest.raises(first_sign_in.LinkNotValid):
        use(first)
    assert use(second) == sam


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 500])
def test_what_never_was_a_link_opens_nothing(token: str, sam: Officer) -> None:
    make(sam)
    with pytest.raises(first_sign_in.LinkNotValid):
        first_sign_in.find(token, AT)


def test_somebody_who_left_has_none(sam: Officer) -> None:
    token = make(sam)
    sam.is_active = False
    sam.save()
    with pytest.raises(first_sign_in.LinkNotValid):
        use(token)
    with pytest.raises(first_sign_in.NotWorkingHere):
        make(sam)


@pytest.mark.parametrize(
    ("password", "again", "refusal"),
    [
        (GOOD, GOOD + "8", first_sign_in.PasswordsDiffer),
        ("short", "short", first_sign_in.WeakPassword),
        ("password1234", "password1234", first_sign_in.WeakPassword),
        ("sam.okoro@team.example", "sam.okoro@team.example", first_sign_in.WeakPassword),
    ],
)
def test_a_password_that_will_not_do_uses_nothing_up(
    password: str, again: str, refusal: type[Exception], sam: Officer
) -> None:
    token = make(sam)
    with pytest.raises(refusal):
        use(token, password, again)
    assert use(token) == sam


def test_a_lost_telephone_is_forgotten_only_when_that_is_asked_for(sam: Officer) -> None:
    Authenticator.objects.create(user=sam, type="totp", data={"secret": "x"})
    make(sam)
    assert Authenticator.objects.filter(user=sam).exists()
    make(sam, forget_second_factor=True)
    assert not Authenticator.objects.filter(user=sam).exists()
    assert "staff.second-factor-forgotten" in kinds(sam)


def test_an_officer_makes_no_link(cast: Cast, sam: Officer) -> None:
    with pytest.raises(NotPermitted):
        first_sign_in.make_link(officer=sam, by=cast.actor(), at=AT)


def test_whoever_holds_a_link_may_do_nothing_else(sam: Officer) -> None:
    by = Actor.newcomer(officer_id=sam.pk, name=sam.name)
    assert [one for one in Permission if by.may_somewhere(one)] == [Permission.NEWCOMER_COME_IN]
    assert by.council_ids == frozenset()
    assert not by.everywhere


# ----------------------------------------------------------------------------------------------------------- beginning

TOLD = beginning.Told(
    code="northmere", name="Northmere Borough Council", short_name="Northmere", prefix="NMR",
    exists_from=dt.date(1974, 4, 1), ends_on=None, address="Town Hall", telephone="01632 960100",
    email="complaints@northmere.example", web="", administrator="Nadia Rahman",
    administrator_email="nadia@northmere.example",
)  # fmt: skip


def test_it_begins_with_a_council_and_somebody_who_looks_after_the_system() -> None:
    token = beginning.begin(told=TOLD, by=SETTING_UP, at=AT)
    council, nadia = Council.objects.get(), Officer.objects.get()
    assert (council.code, council.exists_from) == ("northmere", dt.date(1974, 4, 1))
    assert [one.role for one in Membership.objects.filter(officer=nadia)] == ["system_administrator"]
    assert not nadia.has_usable_password()
    assert use(token) == nadia
    assert [line.kind for line in trail.read(council)] == ["council.added"]


def test_a_council_that_is_there_is_left_alone(cast: Cast) -> None:
    before = Council.objects.count()
    with pytest.raises(beginning.BegunAlready):
        beginning.begin(told=TOLD, by=SETTING_UP, at=AT)
    assert Council.objects.count() == before


def test_it_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(**given: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(first_sign_in, "new_link", cut_off)
        with pytest.raises(KeyboardInterrupt):
            beginning.begin(told=TOLD, by=SETTING_UP, at=AT)
    assert not Council.objects.exists()
    assert not Officer.objects.exists()
    assert beginning.begin(told=TOLD, by=SETTING_UP, at=AT)


def test_the_password_of_the_others_is_untouched(cast: Cast, sam: Officer) -> None:
    cast.asha.set_password(PASSWORD)
    cast.asha.save()
    use(make(sam))
    cast.asha.refresh_from_db()
    assert cast.asha.check_password(PASSWORD)
