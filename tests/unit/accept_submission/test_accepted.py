"""What the door takes: row, message and answer; the row first, the answer last."""

import json
import re
import uuid
from typing import Any

import pytest
from registrar.registrants.registrant import Registrant

from tests.unit.accept_submission.conftest import Door
from tests.unit.accept_submission.http_event import ADA, FORM_TYPE, WEBINAR, form_event, http_event, json_event

SUBMITTED_AT = "2026-11-23T14:00:00Z"  # the fake clock's beginning


@pytest.mark.parametrize("event", [json_event(ADA), form_event(ADA)], ids=["json", "form"])
def test_a_form_is_noted_queued_and_accepted(door: Door, event: dict[str, Any]) -> None:
    said = door.say(event)

    assert said.status == 202
    assert said.content.keys() == {"submission_id", "status"}
    submission_id = said.content["submission_id"]
    assert str(uuid.UUID(submission_id)) == submission_id
    assert said.content["status"] == "queued"
    assert said.headers["content-type"] == "application/json; charset=utf-8"
    assert door.rows == [
        {
            "submission_id": submission_id,
            "webinar_id": WEBINAR,
            "email": "ada@example.com",
            "submitted_at": SUBMITTED_AT,
            "expires_at": int(door.clock()) + 30 * 86_400,
        }
    ]
    assert door.messages == [
        {"webinar_id": WEBINAR, **ADA, "submission_id": submission_id, "submitted_at": SUBMITTED_AT}
    ]


def test_the_message_is_grouped_by_webinar_and_has_no_attributes(door: Door) -> None:
    door.say(json_event(ADA, webinar="978 7106 0099"))

    (call,) = door.sent
    assert call.keys() == {"QueueUrl", "MessageBody", "MessageGroupId"}
    assert call["QueueUrl"] == door.queue_url
    assert call["MessageGroupId"] == WEBINAR


def test_the_row_is_there_before_the_queue_is_asked(door: Door) -> None:
    rows_then: list[int] = []
    door.sqs.before_next("send_message", lambda _params: rows_then.append(len(door.rows)))

    assert door.say(json_event(ADA)).status == 202
    assert rows_then == [1]


def test_two_submissions_of_one_person_are_two(door: Door) -> None:
    said = [door.say(json_event(ADA)) for _ in range(2)]

    assert [answer.status for answer in said] == [202, 202]
    assert said[0].content["submission_id"] != said[1].content["submission_id"]
    assert len(door.rows) == len(door.messages) == 2
    # Nothing tells whether somebody was here before.
    assert re.sub(r"[0-9a-f-]{36}", "", said[0].text) == re.sub(r"[0-9a-f-]{36}", "", said[1].text)
    assert said[0].headers == said[1].headers


def test_a_last_name_may_be_absent_null_or_blank(door: Door) -> None:
    for fields in ({}, {"last_name": None}, {"last_name": ""}, {"last_name": "  "}):
        assert door.say(json_event({"email": "a@example.com", "first_name": "A", **fields})).status == 202

    assert all(message.keys() & {"last_name"} == set() for message in door.messages)


def test_unknown_fields_are_dropped_even_if_repeated_or_strange(door: Door) -> None:
    body = (
        b'{"email": "a@example.com", "phone": "1", "phone": "2", "first_name": "A", "__proto__": {"email": "x"},'
        b' "deep": [[[{"email": 1, "email": 2}]]], "status": "registered", "webinar_id": "1", "join_url": "x",'
        b' "submission_id": "mine", "submitted_at": "1999-01-01T00:00:00Z", "number": 1e999, "\\ud800": "\\udfff"}'
    )
    form = form_event([("email", "a@example.com"), ("first_name", "A"), ("x", "1"), ("x", "2"), ("webinar_id", "1")])

    for event in (http_event(body), form):
        said = door.say(event)
        assert said.status == 202

    for message in door.messages:
        assert message.keys() == {"webinar_id", "email", "first_name", "submission_id", "submitted_at"}
        assert message["webinar_id"] == WEBINAR
        assert message["submission_id"] != "mine"
        assert message["submitted_at"] == SUBMITTED_AT


PEOPLE = {
    "accents": ("zoë@bücher.de", "Zoë", "Ångström", "zoë@xn--bcher-kva.de"),
    "decomposed": ("Jose\u0301@Example.COM", "Jose\u0301", "", "josé@example.com"),
    "chinese": ("用户@例子.中国", "伟", "王", "用户@xn--fsqu00a.xn--fiqs8s"),
    "right to left": ("user@example.com", "محمد", "عبد الله", "user@example.com"),
    "emoji of four bytes": ("e@example.com", "👩🏽‍🚀", "🐦", "e@example.com"),
    "apostrophe, ampersand, markup": ("o'brien+x@example.com", "D'Arcy & <b>", 'O"Brien\\', "o'brien+x@example.com"),
    "spaces around": ("  ada@example.com\t", "\u00a0Ada ", " de la Cruz ", "ada@example.com"),
    "64 characters": ("a@example.com", "é" * 64, "🐦" * 64, "a@example.com"),
    "turkish": ("İpek@example.com", "İpek", "Çiğdem", "i\u0307pek@example.com"),
}


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
@pytest.mark.parametrize("kind", ["json", "json escaped", "json base64", "form", "form as text"])
def test_names_and_addresses_of_the_world_come_through_whole(
    door: Door, kind: str, person: tuple[str, str, str, str]
) -> None:
    email, first_name, last_name, identity = person
    fields = {"email": email, "first_name": first_name, "last_name": last_name}
    as_utf8 = json.dumps(fields, ensure_ascii=False).encode()
    event = {
        "json": lambda: http_event(as_utf8, "application/json; charset=utf-8"),
        "json escaped": lambda: json_event(fields),
        "json base64": lambda: http_event(as_utf8, base64_encoded=True),
        "form": lambda: form_event(fields),
        "form as text": lambda: form_event(fields, base64_encoded=False),
    }[kind]()

    assert door.say(event).status == 202

    body = door.sent[0]["MessageBody"]
    registrant = Registrant.from_message(body)
    assert registrant.key == (WEBINAR, identity)
    assert door.rows[0]["email"] == identity
    assert registrant.to_zoom() == {name: text.strip() for name, text in fields.items() if text.strip()}
    assert registrant.submission_id == door.rows[0]["submission_id"]
    assert registrant.submitted_at == SUBMITTED_AT
    assert registrant.to_message() == body


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("utf-8", "Zoë"),
        ("UTF-8", "Zoë"),
        ('"utf-8"', "Zoë"),
        ("utf8", "Zoë"),
        ("iso-8859-1", "Zoë"),
        ("windows-1252", "Zoë €"),
        ("us-ascii", "Zoe"),
    ],
)
def test_the_charset_of_the_page_is_respected(door: Door, charset: str, name: str) -> None:
    codec = charset.strip('"')
    encoded = "".join(f"%{byte:02X}" for byte in name.encode(codec))
    as_form = f"email=z%40example.com&first_name={encoded}".encode()
    as_json = json.dumps({"email": "z@example.com", "first_name": name}, ensure_ascii=False)
    json_type = f"application/json; charset={charset}"

    for event in (
        http_event(as_form, f"{FORM_TYPE};charset={charset}"),
        http_event(as_json.encode(codec), json_type, base64_encoded=True),
        # What the gateway hands over as text it has decoded already.
        http_event(as_json.encode(), json_type, base64_encoded=False),
    ):
        assert door.say(event).status == 202

    assert [message["first_name"] for message in door.messages] == [name] * 3


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_is_no_content(door: Door, mark: str) -> None:
    assert door.say(http_event((mark + json.dumps(ADA)).encode())).status == 202


def test_a_message_of_the_longest_registrant_fits_the_queue(door: Door) -> None:
    email = "é" * 32 + "@" + ".".join(["é" * 15] * 5) + ".de"
    assert len(email) <= 128

    said = door.say(json_event({"email": email, "first_name": "🐦" * 64, "last_name": "🐦" * 64}))

    assert said.status == 202
    assert len(door.sent[0]["MessageBody"].encode()) < 8_192
    assert Registrant.from_message(door.sent[0]["MessageBody"]).first_name == "🐦" * 64
