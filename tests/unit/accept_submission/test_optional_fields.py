"""The optional fields of contract 3, as forms and programs send them, and the meetings they may be for."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.accept_submission.conftest import Endpoint
from tests.unit.accept_submission.http_event import (
    ADA,
    WEBINAR,
    form_event,
    http_event,
    json_event,
    multipart_event,
)

STANDARD = {
    "address": "1 Engine Row",
    "city": "London",
    "country": "GB",
    "zip": "N1",
    "state": "Greater London",
    "phone": "+44 20 7946 0000",
    "industry": "Computing",
    "org": "Engines Ltd",
    "job_title": "Analyst",
    "purchasing_time_frame": "1-3 months",
    "role_in_purchase_process": "Influencer",
    "no_of_employees": "21-50",
    "comments": "None so far",
}
OTHERS = {"source_id": "s-1", "language": "de-DE"}


def post_form(fields: list[tuple[str, str]]) -> dict[str, Any]:
    return form_event([*ADA.items(), *fields])


def post_parts(fields: list[tuple[str, str]]) -> dict[str, Any]:
    return multipart_event([*ADA.items(), *fields])


each_form = pytest.mark.parametrize("post", [post_form, post_parts])
Post = Callable[[list[tuple[str, str]]], dict[str, Any]]


@each_form
@pytest.mark.parametrize("key", ["answers.{}", "answers[{}]"])
@pytest.mark.parametrize("title", ["Why?", "a.b", "x[y]", "größe", "email", " "])
def test_an_answer_of_a_form_is_named_by_its_question(endpoint: Endpoint, post: Post, key: str, title: str) -> None:
    assert endpoint.post(post([(key.format(title), "because")])).status == 202
    assert endpoint.messages[0].get("answers", {}) == ({title: "because"} if title.strip() else {})


@each_form
def test_several_answers_of_a_question_are_one(endpoint: Endpoint, post: Post) -> None:
    fields = [("answers.Which?", "One"), ("answers.Which?", ""), ("answers[Which?]", "Two"), ("answers.Why?", "")]

    assert endpoint.post(post(fields)).status == 202
    assert endpoint.messages[0]["answers"] == {"Which?": "One, Two"}


@each_form
def test_dates_may_be_repeated(endpoint: Endpoint, post: Post) -> None:
    dates = [("occurrence_ids", "1648194360000"), ("occurrence_ids", "1648538280000"), ("occurrence_ids", "")]

    assert endpoint.post(post(dates)).status == 202
    assert endpoint.messages[0]["occurrence_ids"] == ["1648194360000", "1648538280000"]


def test_standard_fields_have_zooms_names(endpoint: Endpoint) -> None:
    fields = STANDARD | OTHERS
    for event in (post_form([*fields.items()]), post_parts([*fields.items()]), json_event(ADA | fields)):
        assert endpoint.post(event).status == 202

    for message in endpoint.messages:
        assert {name: message[name] for name in fields} == fields


def test_json_has_an_object_of_answers_and_a_list_of_dates(endpoint: Endpoint) -> None:
    fields = {"answers": {"Why?": "because", "Which?": None}, "occurrence_ids": ["1648194360000"]}

    assert endpoint.post(json_event(ADA | fields)).status == 202
    assert endpoint.messages[0]["answers"] == {"Why?": "because"}
    assert endpoint.messages[0]["occurrence_ids"] == ["1648194360000"]


def test_json_may_name_an_answer_as_a_form_does(endpoint: Endpoint) -> None:
    """`Object.fromEntries(new FormData(form))` makes such an object."""
    assert endpoint.post(json_event({**ADA, "answers.Why?": "because", "answers[Which?]": "One"})).status == 202
    assert endpoint.messages[0]["answers"] == {"Why?": "because", "Which?": "One"}


def test_a_blank_field_is_absent(endpoint: Endpoint) -> None:
    fields = dict.fromkeys(STANDARD | OTHERS, " ") | {"answers.Why?": "", "occurrence_ids": ""}

    assert endpoint.post(form_event(ADA | fields)).status == 202
    assert endpoint.messages[0].keys() == {"webinar_id", *ADA, "submission_id", "submitted_at"}


WRONG = {
    "answers": [[], "because", 7, {"Why?": ["because"]}, {"Why?": {"a": "b"}}, {"Why?": 1}],
    "occurrence_ids": ["1648194360000", {"a": "b"}, [1], ["a,b"]],
    "kind": ["party", ["meeting"], 5],
    "source_id": [1, [], "a b", "x" * 10_000],
    "language": ["Klingon", 1, ["de-DE"]],
    "country": ["Germany", "D"],
    "no_of_employees": ["many", 7],
    "phone": [4420, ["1"]],
    "comments": [{}, True],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_optional_field_is_named(endpoint: Endpoint, name: str, value: object) -> None:
    reply = endpoint.post(json_event({**ADA, name: value}))

    assert (reply.status, reply.invalid_fields) == (422, [name])
    assert endpoint.wrote_nothing()


@pytest.mark.parametrize("name", ["phone", "language", "source_id", "kind"])
def test_a_repeated_single_field_is_named(endpoint: Endpoint, name: str) -> None:
    for event in (
        post_form([(name, ""), (name, "")]),
        http_event(json.dumps(ADA)[:-1].encode() + f', "{name}": "", "{name}": ""}}'.encode()),
    ):
        assert endpoint.post(event).invalid_fields == [name]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        (b'"answers": {"a": "1"}, "answers": {"b": "2"}', "answers"),
        (b'"answers": {"a": "1", "a": "2"}', "answers"),
        (b'"answers": {"a": "1"}, "answers.a": "2"', "answers"),
        (b'"occurrence_ids": ["1"], "occurrence_ids": ["2"]', "occurrence_ids"),
    ],
)
def test_a_repeated_key_of_json_is_named(endpoint: Endpoint, more: bytes, name: str) -> None:
    reply = endpoint.post(http_event(json.dumps(ADA)[:-1].encode() + b", " + more + b"}"))

    assert (reply.status, reply.invalid_fields) == (422, [name])


def test_a_field_answers_of_a_form_is_no_answer(endpoint: Endpoint) -> None:
    """It cannot be an object; it belongs to a form that was made for something else."""
    assert endpoint.post(post_form([("answers", "42"), ("answers", "43"), ("answers[a", "1")])).status == 202
    assert "answers" not in endpoint.messages[0]


def test_no_language_is_set_that_the_form_has_not(endpoint: Endpoint) -> None:
    """A language is for the single call only: with one, no browser's registrant would be sent in a batch."""
    assert endpoint.post(form_event(ADA, headers={"accept-language": "de"})).status == 202
    assert "language" not in endpoint.messages[0]


# ── Meetings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_meeting_is_registered_for_at_its_own_address(endpoint: Endpoint) -> None:
    reply = endpoint.post(form_event({**ADA, "kind": "webinar"}, kind="meeting"))

    assert reply.status == 202
    assert (endpoint.messages[0]["webinar_id"], endpoint.messages[0]["kind"]) == (WEBINAR, "meeting")
    assert (endpoint.rows[0]["webinar_id"], endpoint.rows[0]["kind"]) == (WEBINAR, "meeting")
    assert endpoint.sent[0]["MessageGroupId"] == WEBINAR


def test_a_form_cannot_say_that_a_webinar_is_a_meeting(endpoint: Endpoint) -> None:
    for event in (form_event({**ADA, "kind": "meeting"}), json_event({**ADA, "kind": "meeting"})):
        assert endpoint.post(event).status == 202

    assert not any("kind" in one for one in (*endpoint.messages, *endpoint.rows))


def test_allowed_webinars_holds_for_meetings_too(open_endpoint: Callable[..., Endpoint]) -> None:
    endpoint = open_endpoint(WEBINAR)

    assert endpoint.post(json_event(ADA, kind="meeting")).status == 202
    for meeting in ("81234567890", "x", "7" * 10_000, "../x"):
        assert endpoint.post(json_event(ADA, kind="meeting", webinar=meeting)).invalid_fields == ["webinar_id"]
