"""Accepted submissions: the row, then the message, then the 202."""

import json
import re
import uuid
from typing import Any

import pytest
from registrar.registrants.registrant import Registrant

from tests.unit.accept_submission.conftest import Endpoint
from tests.unit.accept_submission.http_event import (
    ADA,
    FORM_TYPE,
    WEBINAR,
    form_event,
    http_event,
    json_event,
    multipart_event,
)

SUBMITTED_AT = "2026-11-23T14:00:00Z"  # the fake clock's beginning


@pytest.mark.parametrize(
    "event", [json_event(ADA), form_event(ADA), multipart_event(ADA.items())], ids=["json", "form", "multipart"]
)
def test_a_form_is_stored_queued_and_accepted(endpoint: Endpoint, event: dict[str, Any]) -> None:
    reply = endpoint.post(event)

    assert reply.status == 202
    assert reply.content.keys() == {"submission_id", "status"}
    submission_id = reply.content["submission_id"]
    assert str(uuid.UUID(submission_id)) == submission_id
    assert reply.content["status"] == "queued"
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert endpoint.rows == [
        {
            "submission_id": submission_id,
            "webinar_id": WEBINAR,
            "email": "ada@example.com",
            "submitted_at": SUBMITTED_AT,
            "expires_at": int(endpoint.clock()) + 30 * 86_400,
        }
    ]
    assert endpoint.messages == [
        {"webinar_id": WEBINAR, **ADA, "submission_id": submission_id, "submitted_at": SUBMITTED_AT}
    ]


def test_the_message_is_grouped_by_webinar_and_has_no_attributes(endpoint: Endpoint) -> None:
    endpoint.post(json_event(ADA, webinar="978 7106 0099"))

    (call,) = endpoint.sent
    assert call.keys() == {"QueueUrl", "MessageBody", "MessageGroupId"}
    assert call["QueueUrl"] == endpoint.queue_url
    assert call["MessageGroupId"] == WEBINAR


def test_the_row_is_written_before_the_message_is_sent(endpoint: Endpoint) -> None:
    rows_then: list[int] = []
    endpoint.sqs.before_next("send_message", lambda _params: rows_then.append(len(endpoint.rows)))

    assert endpoint.post(json_event(ADA)).status == 202
    assert rows_then == [1]


def test_a_second_submission_gets_its_own_id(endpoint: Endpoint) -> None:
    replies = [endpoint.post(json_event(ADA)) for _ in range(2)]

    assert [reply.status for reply in replies] == [202, 202]
    assert replies[0].content["submission_id"] != replies[1].content["submission_id"]
    assert len(endpoint.rows) == len(endpoint.messages) == 2
    # Nothing reveals an earlier submission.
    assert re.sub(r"[0-9a-f-]{36}", "", replies[0].text) == re.sub(r"[0-9a-f-]{36}", "", replies[1].text)
    assert replies[0].headers == replies[1].headers


def test_a_last_name_may_be_absent_null_or_blank(endpoint: Endpoint) -> None:
    for fields in ({}, {"last_name": None}, {"last_name": ""}, {"last_name": "  "}):
        assert endpoint.post(json_event({"email": "a@example.com", "first_name": "A", **fields})).status == 202

    assert all(message.keys() & {"last_name"} == set() for message in endpoint.messages)


def test_unknown_fields_are_dropped_even_if_repeated_or_strange(endpoint: Endpoint) -> None:
    body = (
        b'{"email": "a@example.com", "fax": "1", "fax": "2", "first_name": "A", "__proto__": {"email": "x"},'
        b' "deep": [[[{"email": 1, "email": 2}]]], "status": "registered", "webinar_id": "1", "join_url": "x",'
        b' "submission_id": "mine", "submitted_at": "1999-01-01T00:00:00Z", "number": 1e999, "\\ud800": "\\udfff"}'
    )
    form = form_event([("email", "a@example.com"), ("first_name", "A"), ("x", "1"), ("x", "2"), ("webinar_id", "1")])

    for event in (http_event(body), form):
        reply = endpoint.post(event)
        assert reply.status == 202

    for message in endpoint.messages:
        assert message.keys() == {"webinar_id", "email", "first_name", "submission_id", "submitted_at"}
        assert message["webinar_id"] == WEBINAR
        assert message["submission_id"] != "mine"
        assert message["submitted_at"] == SUBMITTED_AT


REGISTRANTS = {
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


@pytest.mark.parametrize("registrant_fields", REGISTRANTS.values(), ids=REGISTRANTS)
@pytest.mark.parametrize("kind", ["json", "json escaped", "json base64", "form", "form as text", "multipart"])
def test_international_names_and_addresses_are_unchanged(
    endpoint: Endpoint, kind: str, registrant_fields: tuple[str, str, str, str]
) -> None:
    email, first_name, last_name, identity = registrant_fields
    fields = {"email": email, "first_name": first_name, "last_name": last_name}
    as_utf8 = json.dumps(fields, ensure_ascii=False).encode()
    event = {
        "json": lambda: http_event(as_utf8, "application/json; charset=utf-8"),
        "json escaped": lambda: json_event(fields),
        "json base64": lambda: http_event(as_utf8, base64_encoded=True),
        "form": lambda: form_event(fields),
        "form as text": lambda: form_event(fields, base64_encoded=False),
        "multipart": lambda: multipart_event(fields.items()),
    }[kind]()

    assert endpoint.post(event).status == 202

    body = endpoint.sent[0]["MessageBody"]
    registrant = Registrant.from_message(body)
    assert registrant.key == (WEBINAR, identity)
    assert endpoint.rows[0]["email"] == identity
    assert registrant.to_zoom() == {name: text.strip() for name, text in fields.items() if text.strip()}
    assert registrant.submission_id == endpoint.rows[0]["submission_id"]
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
def test_the_charset_of_the_page_is_respected(endpoint: Endpoint, charset: str, name: str) -> None:
    codec = charset.strip('"')
    encoded = "".join(f"%{byte:02X}" for byte in name.encode(codec))
    as_form = f"email=z%40example.com&first_name={encoded}".encode()
    as_json = json.dumps({"email": "z@example.com", "first_name": name}, ensure_ascii=False)
    json_type = f"application/json; charset={charset}"

    for event in (
        http_event(as_form, f"{FORM_TYPE};charset={charset}"),
        http_event(as_json.encode(codec), json_type, base64_encoded=True),
        # API Gateway has already decoded a body that it delivers as text.
        http_event(as_json.encode(), json_type, base64_encoded=False),
    ):
        assert endpoint.post(event).status == 202

    assert [message["first_name"] for message in endpoint.messages] == [name] * 3


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_is_ignored(endpoint: Endpoint, mark: str) -> None:
    assert endpoint.post(http_event((mark + json.dumps(ADA)).encode())).status == 202


def test_a_message_of_the_longest_registrant_fits_the_queue(endpoint: Endpoint) -> None:
    email = "é" * 32 + "@" + ".".join(["é" * 15] * 5) + ".de"
    assert len(email) <= 128

    reply = endpoint.post(json_event({"email": email, "first_name": "🐦" * 64, "last_name": "🐦" * 64}))

    assert reply.status == 202
    assert len(endpoint.sent[0]["MessageBody"].encode()) < 8_192
    assert Registrant.from_message(endpoint.sent[0]["MessageBody"]).first_name == "🐦" * 64
