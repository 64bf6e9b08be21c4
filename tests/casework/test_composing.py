"""Letters say what they must; what people write stays data."""

from __future__ import annotations

import pytest

from factories import answers as make
from factories.intake import Office, office
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.casework import composing, templates
from redress.correspondence import texts, writing
from redress.correspondence.models import LetterTemplate
from redress.people.models import Adjustment

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Office:
    return office()


def compose(of: Office, kind: str = "acknowledgement", **more: object) -> writing.Draft:
    case = more.pop("case", None) or make.logged(of)
    stage = make.stage_of(case)  # type: ignore[arg-type]
    return composing.compose(
        kind,
        case=case,
        to=case.complainant,
        today=make.TODAY,
        by=of.actor(Role.OFFICER),
        stage=stage,
        **more,  # type: ignore
    )


@pytest.mark.parametrize("key", texts.keys())
def test_every_shipped_text_may_be_published_as_it_is(key: str) -> None:
    text = texts.shipped(key)
    composing.check_text(key, text.heading, text.body)


def test_the_acknowledgement_holds_points_name_date_and_ombudsman(of: Office) -> None:
    draft = compose(of)
    said = str(draft.blocks)
    assert draft.holes == () and draft.starts == "acknowledged"
    for words in (
        "The bin was missed on 16 November.",
        "Empty the bin.",
        "Monday 7 December 2026",
        "Ombudsman",
        "23 November 2026",
    ):
        assert words in said, words
    assert draft.salutation == "Dear Mr Patel"


def test_the_extension_says_reason_new_date_and_ombudsman(of: Office) -> None:
    draft = compose(
        of, "extension", case=make.acknowledged(of), values={"reason": "The crew is away.", "new_date": "Friday"}
    )
    said = str(draft.blocks)
    assert "The crew is away." in said and "Friday" in said and "Ombudsman" in said and draft.starts == "extended"


def test_what_is_missing_is_a_hole_by_name(of: Office) -> None:
    assert compose(of, "extension", case=make.acknowledged(of)).holes[:1] == ("The reason",)


def test_what_people_wrote_is_data(of: Office) -> None:
    hostile = "{{ holder }} {% load x %} #eval(sys) <script> ## Heading"
    case = make.logged(of, points=(hostile,), matter=hostile)
    draft = compose(of, "holding", case=case, extra=[writing.paragraph(hostile)])
    assert writing.paragraph(hostile) in draft.blocks, "not a field, not a heading, not a program"
    assert any(hostile in block.get("text", "") and block["kind"] == "paragraph" for block in draft.blocks)
    acknowledgement = compose(of, case=case)
    assert [block["items"][0]["text"] for block in acknowledgement.blocks if block["kind"] == "points"] == [hostile]


def test_large_print_follows_what_is_to_be_honoured(of: Office) -> None:
    case = make.logged(of)
    assert compose(of, case=case).large_print is False
    Adjustment.objects.create(
        council=of.council,
        contact=case.complainant,
        kind="large-print",
        text="18 point",
        added_at=make.at(),
        added_by="x",
    )
    assert compose(of, case=case).large_print is True


def publish(
    of: Office, kind: str, heading: str, body: str, role: Role = Role.COMPLAINTS_MANAGER, **more: object
) -> LetterTemplate:
    return templates.publish(
        council=of.council, kind=kind, heading=heading, body=body, by=of.actor(role), at=make.at(), **more
    )  # type: ignore


def test_a_councils_own_version_is_used_and_the_locked_parts_stay(of: Office) -> None:
    publish(of, "acknowledgement", "We have it: {{ reference }}", "Hello.\n\n{{ points }}\n\n{{ answer_by_why }}")
    draft = compose(of)
    assert draft.subject.startswith("We have it: NMR-2026-") and draft.template_version == "acknowledgement version 1"
    assert any(block["kind"] == "locked" and "Ombudsman" in block["text"] for block in draft.blocks)
    assert draft.blocks[-1]["kind"] == "signature"


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("other", "{{ more }}\n\n{{ settings.SECRET_KEY }}", "is not a field"),
        ("other", "{{ more }}\n\n{{ nonsense }}", "field that does not exist"),
        ("extension", "We need more time.", "This letter has to say"),
        ("other", "Words {{ more }}", "stands alone"),
        ("other", "{{ more }}\n\n{{ more }}", "only once"),
        ("neutral-acknowledgement", "About {{ matter }}.", "without authority"),
        ("other", "", "needs a heading and a text"),
    ],
)
def test_a_version_that_can_not_be_used_is_not_published(of: Office, kind: str, body: str, says: str) -> None:
    with pytest.raises(templates.CannotBeUsed, match=says):
        publish(of, kind, "A heading", body)
    assert not LetterTemplate.objects.exists()


def test_earlier_versions_stay_and_a_second_publisher_is_told(of: Office) -> None:
    publish(of, "other", "One", "{{ more }}", seen=0)
    with pytest.raises(templates.PublishedMeanwhile):
        publish(of, "other", "Two", "{{ more }}", seen=0)
    publish(of, "other", "Two", "{{ more }}", seen=1)
    assert list(LetterTemplate.objects.order_by("version").values_list("heading", flat=True)) == ["One", "Two"]


def test_not_everybody_publishes(of: Office) -> None:
    with pytest.raises(NotPermitted):
        publish(of, "other", "One", "{{ more }}", role=Role.OFFICER)
