"""The facts in Zoom's descriptions of a webinar: all that may be absent, recurring dates, the types of questions."""

from collections.abc import Mapping
from typing import Any

import pytest
from registrar.registrants.row import timestamp
from registrar.zoom.facts_parser import facts_of, host_sends_mail
from registrar.zoom.webinar_facts import Occurrence, Question, WebinarFacts

from tests.unit.registrar.samples import NOON

WEBINAR_ID = "97871060099"
DAY = 86_400


def read(webinar: Mapping[str, Any] | None = None, **questions: object) -> WebinarFacts:
    return facts_of(WEBINAR_ID, "webinar", webinar or {}, questions, NOON)


def date(id_: object, days: float, **changes: object) -> dict[str, object]:
    return {"occurrence_id": id_, "start_time": timestamp(NOON + days * DAY), "duration": 60, "status": "available"} | (
        changes
    )


def recurring(*dates: object, **changes: object) -> WebinarFacts:
    return read({"type": 9, "start_time": "2026-01-01T10:00:00Z", "occurrences": list(dates), **changes})


def test_nothing_stated_is_nothing_known() -> None:
    assert read() == WebinarFacts(webinar_id=WEBINAR_ID, looked_up_at=timestamp(NOON))


@pytest.mark.parametrize(
    "odd", [None, True, -1, 1.5, "", " ", [], {}, [[]], ["x"], {"x": 1}, "soon", "2026-13-01T10:00Z"]
)
def test_a_value_of_an_odd_type_counts_as_absent(odd: Any) -> None:
    names = ("type", "start_time", "duration", "timezone", "capacity", "occurrences", "settings", "topic")
    known = read(
        {
            **{name: odd for name in names if not (isinstance(odd, str) and name in {"topic", "timezone"})},
            "settings": {"approval_type": odd, "registration_type": odd} if isinstance(odd, str) else odd,
        },
        questions=odd,
        custom_questions=odd,
    )
    assert known == read()


def test_a_scheduled_webinar() -> None:
    facts = read(
        {
            "topic": " Grüße ",
            "type": 5,
            "start_time": "2026-12-01T15:00:00Z",
            "duration": 45,
            "timezone": "Europe/Berlin",
            "capacity": 500,
            "settings": {"approval_type": 1, "registration_type": 2, "registrants_email_notification": False},
        },
        questions=[
            {"field_name": "email", "required": True},
            {"field_name": "last_name", "required": True},
            {"field_name": "org", "required": False},
        ],
    )
    assert facts == WebinarFacts(
        webinar_id=WEBINAR_ID,
        topic="Grüße",
        type=5,
        starts_at="2026-12-01T15:00:00Z",
        duration_minutes=45,
        timezone="Europe/Berlin",
        approval_type=1,
        registration_type=None,
        questions=(Question("short", True, name="last_name"), Question("short", False, name="org")),
        capacity=500,
        host_sends_mail=False,
        looked_up_at=timestamp(NOON),
    )


@pytest.mark.parametrize(
    "start",
    ["2026-12-01T15:00:00Z", "2026-12-01T16:00:00+01:00", "2026-12-01T15:00:00"],
    ids=["Z", "offset", "no zone"],
)
def test_a_start_is_utc(start: str) -> None:
    assert read({"type": 2, "start_time": start}).starts_at == "2026-12-01T15:00:00Z"


# ── Recurring ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_next_date_is_the_earliest_that_is_neither_over_nor_deleted() -> None:
    facts = recurring(
        date("3", 7),
        date("1", -7),
        date("2", 1, status="deleted"),
        date(2**41, -0.01),
        settings={"registration_type": 3},
    )
    # The one that began a quarter of an hour ago is still running.
    assert [one.id for one in facts.occurrences] == [str(2**41), "3"]
    assert facts.starts_at == timestamp(NOON - 0.01 * DAY)
    assert facts.registration_type == 3


def test_a_moved_date_has_its_new_time_under_its_old_id() -> None:
    facts = recurring(date("1753401600000", 2, duration=None), duration=90)
    assert facts.occurrences == (Occurrence("1753401600000", timestamp(NOON + 2 * DAY), 90),)


def test_after_its_last_date_it_began_with_that() -> None:
    facts = recurring(date("1", -14), date("2", -7))
    assert (facts.occurrences, facts.starts_at) == ((), timestamp(NOON - 7 * DAY))


@pytest.mark.parametrize(
    "broken", [{"occurrence_id": None}, {"occurrence_id": ""}, {"start_time": None}, {"start_time": "soon"}]
)
def test_a_date_that_cannot_be_chosen_is_left_out(broken: dict[str, object]) -> None:
    assert recurring(date("1", 1, **broken)).occurrences == ()


def test_without_dates_an_old_start_says_nothing() -> None:
    assert recurring().starts_at is None
    assert recurring(start_time=timestamp(NOON + DAY)).starts_at == timestamp(NOON + DAY)


@pytest.mark.parametrize("type_", [6, 3])
def test_without_a_fixed_time_there_is_no_start(type_: int) -> None:
    assert read({"type": type_, "start_time": "2026-12-01T15:00:00Z"}).starts_at is None


# ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zooms", "ours"),
    [
        ("short", "short"),
        ("single_radio", "single"),
        ("single", "single"),
        ("single_dropdown", "dropdown"),
        ("multiple", "multiple"),
        ("rating", "short"),
        (None, "short"),
        ([], "short"),
    ],
)
def test_the_types_of_questions(zooms: object, ours: str) -> None:
    [question] = read(
        custom_questions=[{"title": " Wie? ", "type": zooms, "required": True, "answers": ["S ", "L", "", None]}]
    ).questions
    # Zoom may compare titles and answers exactly.
    assert question == Question(ours, True, title=" Wie? ", answers=() if ours == "short" else ("S ", "L"))


@pytest.mark.parametrize("answers", [[], None, "S", [""], [None]])
def test_a_choice_of_nothing_is_a_text(answers: object) -> None:
    [question] = read(custom_questions=[{"title": "T", "type": "multiple", "answers": answers}]).questions
    assert question == Question("short", False, title="T")


@pytest.mark.parametrize("title", [None, "", "  ", 1])
def test_a_question_without_a_title_cannot_be_answered(title: object) -> None:
    assert read(custom_questions=[{"title": title, "type": "short", "required": True}]).questions == ()


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("notification", "confirmation", "sends"),
    [(True, True, True), (False, True, False), (True, False, False), (None, True, None), (None, False, False)],
)
def test_zoom_sends_mail_only_if_both_settings_are_on(
    notification: bool | None, confirmation: bool | None, sends: bool | None
) -> None:
    settings = {"registrants_email_notification": notification, "registrants_confirmation_email": confirmation}
    assert host_sends_mail({name: value for name, value in settings.items() if value is not None}) is sends
