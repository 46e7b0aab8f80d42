"""How the fake describes webinars, meetings and their questions."""

import pytest

from local.fake_zoom.fields import NotAllowedError
from tests.unit.fake_zoom.caller import WEBINAR, Caller, ParsedResponse

DATES = [
    {"occurrence_id": "1", "start_time": "2026-12-01T10:00:00Z"},
    {"occurrence_id": "2", "start_time": "2026-12-08T10:00:00Z", "duration": 30, "status": "deleted"},
]
QUESTION = {"title": "Size", "type": "single_radio", "required": True, "answers": ["S", "L"]}


def describe(zoom: Caller, kinds: str = "webinars", tail: str = "") -> ParsedResponse:
    return zoom.request("GET", f"/v2/{kinds}/{WEBINAR}{tail}")


@pytest.mark.parametrize("tail", ["", "/registrants/questions"])
@pytest.mark.parametrize(("kind", "other"), [("webinar", "meetings"), ("meeting", "webinars")])
def test_an_id_is_a_webinar_or_a_meeting(zoom: Caller, kind: str, other: str, tail: str) -> None:
    zoom.account.set_webinar(WEBINAR, kind=kind)

    assert (describe(zoom, other, tail).status, describe(zoom, other, tail).code) == (404, 3001)
    assert describe(zoom, f"{kind}s", tail).status == 200


@pytest.mark.parametrize("tail", ["", "/registrants/questions"])
def test_meetings_have_scopes_of_their_own(zoom: Caller, tail: str) -> None:
    zoom.account.set_webinar(WEBINAR, kind="meeting")
    zoom.account.set_profile(scopes=["webinar:read:admin"])
    assert describe(zoom, "meetings", tail).code == 4711
    zoom.account.set_profile(scopes=["meeting:read:admin"])
    assert describe(zoom, "meetings", tail).status == 200


@pytest.mark.parametrize(("kind", "types"), [("webinar", [5, 9, 6]), ("meeting", [2, 8, 3])])
def test_meetings_have_types_of_their_own(zoom: Caller, kind: str, types: list[int]) -> None:
    described = []
    for type_ in (5, 9, 6):
        zoom.account.set_webinar(WEBINAR, kind=kind, type=type_)
        described.append(describe(zoom, f"{kind}s").content["type"])
    assert described == types


def test_a_recurring_webinar_lists_its_dates(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, type=9, registration_type=3, occurrences=DATES, timezone="Asia/Tokyo")

    content = describe(zoom).content

    assert content["occurrences"] == [DATES[0] | {"duration": 60, "status": "available"}, DATES[1]]
    assert (content["settings"]["registration_type"], content["timezone"]) == (3, "Asia/Tokyo")


def test_without_a_fixed_time_there_is_neither_start_nor_date(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, type=6, occurrences=DATES)
    assert not describe(zoom).content.keys() & {"start_time", "occurrences"}


def test_questions_are_standard_fields_and_the_hosts_own(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, optional_questions=["org"], custom_questions=[QUESTION, {"title": "Why?"}])

    assert describe(zoom, tail="/registrants/questions").content == {
        "questions": [{"field_name": "last_name", "required": True}, {"field_name": "org", "required": False}],
        "custom_questions": [QUESTION, {"title": "Why?", "type": "short", "required": False, "answers": []}],
    }


def test_zoom_may_leave_out_nearly_everything(zoom: Caller) -> None:
    unstated = ["topic", "start_time", "timezone", "approval_type", "capacity", "questions", "custom_questions"]
    zoom.account.set_webinar(WEBINAR, unstated=unstated)

    content = describe(zoom).content

    assert not content.keys() & set(unstated)
    assert "approval_type" not in content["settings"]
    assert describe(zoom, tail="/registrants/questions").content == {}


def test_a_batch_cannot_answer_a_required_question_of_the_hosts_own(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, custom_questions=[QUESTION])
    zoom.account.set_switches(questions_in_batch="refused")
    assert zoom.batch("ada@example.com").content["message"] == "The parameter is required in custom_questions: Size."


@pytest.mark.parametrize("item", [{}, {"title": "T", "kind": "short"}, {"title": 1}, "T"])
def test_a_mistyped_question_is_refused(zoom: Caller, item: object) -> None:
    with pytest.raises(NotAllowedError):
        zoom.account.set_webinar(WEBINAR, custom_questions=[item])
