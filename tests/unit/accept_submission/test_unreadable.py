"""Unreadable forms: 415, then 413, then 400, before any field is validated."""

import json

import pytest

from tests.unit.accept_submission.conftest import Endpoint, Reply
from tests.unit.accept_submission.http_event import (
    ADA,
    FORM_TYPE,
    JSON_TYPE,
    MULTIPART_TYPE,
    form_event,
    http_event,
    json_event,
    multipart_body,
)

LIMIT = 16_384  # bytes, decoded · contract 2
TOO_LONG = json.dumps({**ADA, "padding": "x" * LIMIT}).encode()
MEGABYTES = b"x" * 10_000_000

OTHER_TYPES = [
    None,
    "",
    "text/plain",
    "text/json",
    "application/jsonp",
    "application/problem+json",
    "multipart/mixed; boundary=x",
    "multipart/form-data; boundary=x; charset=utf-16",
    "application/x-www-form-urlencoded2",
    "application/json, application/json",
    "application",
    "/",
    ";charset=utf-8",
    "application/json; charset=utf-16",
    "application/json; charset=utf-7",
    "application/json; charset=",
    "application/json; charset=rot13",
    "application/json; charset=\x00",
    # CPython fails on these numbered parameters (RFC 2231).
    "application/json; charset*=a; charset*0=b",
    f"application/json; charset*{'1' * 5_000}=x",
]


@pytest.mark.parametrize("content_type", OTHER_TYPES, ids=lambda text: repr(text)[:50])
@pytest.mark.parametrize("body", [json.dumps(ADA).encode(), TOO_LONG, b"{", None], ids=["good", "long", "bad", "none"])
def test_another_content_type_is_refused_first(
    endpoint: Endpoint, content_type: str | None, body: bytes | None
) -> None:
    reply = endpoint.post(http_event(body, content_type))

    assert reply.status == 415
    assert reply.content.keys() == {"message"}
    assert all(accepted in reply.content["message"] for accepted in (JSON_TYPE, FORM_TYPE, "multipart/form-data"))
    assert endpoint.wrote_nothing()


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;",
        "application/json;charset=UTF-8",
        "application/json ; Charset=utf-8",
        "application/json; profile=x; charset=utf-8",
    ],
)
def test_a_content_type_may_have_case_and_parameters(endpoint: Endpoint, content_type: str) -> None:
    assert endpoint.post(json_event(ADA, content_type=content_type)).status == 202


def padded(length: int) -> bytes:
    """Return a valid form of exactly this many bytes."""
    empty = json.dumps({**ADA, "padding": ""}).encode()
    return json.dumps({**ADA, "padding": "x" * (length - len(empty))}).encode()


@pytest.mark.parametrize("base64_encoded", [True, False])
@pytest.mark.parametrize(("length", "status"), [(LIMIT, 202), (LIMIT + 1, 413)])
def test_the_limit_applies_to_the_decoded_body(
    endpoint: Endpoint, length: int, status: int, base64_encoded: bool
) -> None:
    assert endpoint.post(http_event(padded(length), base64_encoded=base64_encoded)).status == status


def test_the_limit_counts_bytes_not_characters(endpoint: Endpoint) -> None:
    name = "é" * (LIMIT // 2)  # as many characters as fit, twice as many bytes
    body = json.dumps({**ADA, "x": name}, ensure_ascii=False).encode()

    assert len(body.decode()) < LIMIT < len(body)
    assert endpoint.post(http_event(body)).status == 413


@pytest.mark.parametrize("content_type", [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE])
@pytest.mark.parametrize("body", [MEGABYTES, b"[" * 100_000, b"\xff" * (LIMIT + 1)], ids=["10 MB", "deep", "no UTF-8"])
def test_413_comes_before_400_and_422(endpoint: Endpoint, content_type: str, body: bytes) -> None:
    reply = endpoint.post(http_event(body, content_type, webinar="x"))

    assert reply.status == 413
    assert reply.content.keys() == {"message"}
    assert endpoint.wrote_nothing()


UNREADABLE = {
    "nothing": None,
    "blank": b"  ",
    "cut off": b'{"email": "ada@example.com"',
    "two": b"{}{}",
    "single quotes": b"{'email': 1}",
    "a list": b"[]",
    "a list of forms": json.dumps([ADA]).encode(),
    "null": b"null",
    "a text": b'"ada@example.com"',
    "a number": b"17",
    "true": b"true",
    "NaN": b'{"email": NaN}',
    "infinite": b'{"x": -Infinity}',
    "16,384 deep": b"[" * LIMIT,
    "a number of 5,000 digits": b'{"email": ' + b"7" * 5_000 + b"}",
    "a form": b"email=ada%40example.com&first_name=Ada",
    "latin-1": '{"first_name": "Zoë"}'.encode("latin-1"),
    "utf-16": json.dumps(ADA).encode("utf-16"),
    "half a surrogate pair": b'{"first_name": "\xed\xa0\x80"}',
    "overlong": b'{"first_name": "\xc0\xaf"}',
    "raw NUL": b'{"first_name": "A\x00da"}',
    "NUL": b"\x00",
}


@pytest.mark.parametrize("base64_encoded", [True, False])
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_a_body_that_is_not_a_json_object_is_unreadable(
    endpoint: Endpoint, body: bytes | None, base64_encoded: bool
) -> None:
    reply = endpoint.post(http_event(body, base64_encoded=base64_encoded, webinar="x"))

    assert reply.status == 400
    assert reply.content.keys() == {"message"}
    assert endpoint.wrote_nothing()


UNREADABLE_PARTS = {
    "nothing": None,
    "blank": b"  ",
    "another boundary": multipart_body(ADA.items()).replace(b"registrar", b"other"),
    "cut off": multipart_body(ADA.items())[:-6],
    "not decodable": multipart_body([("first_name", b"\x81")]),
    "urlencoded": b"email=ada%40example.com&first_name=Ada",
}


@pytest.mark.parametrize("body", UNREADABLE_PARTS.values(), ids=UNREADABLE_PARTS)
def test_a_body_without_the_parts_of_its_boundary_is_unreadable(endpoint: Endpoint, body: bytes | None) -> None:
    reply = endpoint.post(http_event(body, MULTIPART_TYPE, webinar="x"))

    assert reply.status == 400
    assert reply.content == {"message": "The body cannot be read as multipart/form-data."}
    assert endpoint.wrote_nothing()


def test_a_file_counts_for_the_limit_and_is_dropped(endpoint: Endpoint) -> None:
    head = b'------registrar\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'

    def post(size: int) -> Reply:
        body = multipart_body(ADA.items(), head + b"\xff" * size + b"\r\n")
        return endpoint.post(http_event(body, MULTIPART_TYPE))

    assert post(LIMIT).status == post(5_000_000).status == 413
    assert endpoint.wrote_nothing()
    assert post(8_000).status == 202
    assert endpoint.messages[0].keys() == {"webinar_id", *ADA, "submission_id", "submitted_at"}


def test_a_file_whose_name_is_not_ascii_is_dropped(endpoint: Endpoint) -> None:
    """Python clients wrote `filename*` alone; a question may have that text in its title."""
    head = b"------registrar\r\nContent-Disposition: form-data; name=\"email\"; filename*=utf-8''na%C3%AFve.jpg\r\n\r\n"
    body = multipart_body([*ADA.items(), ("answers.x; filename*=", "1")], head + b"\x81\r\n")

    assert endpoint.post(http_event(body, MULTIPART_TYPE)).status == 202
    assert endpoint.messages[0]["email"] == ADA["email"]
    assert endpoint.messages[0]["answers"] == {"x; filename*=": "1"}


@pytest.mark.parametrize("content_type", [FORM_TYPE, MULTIPART_TYPE])
def test_thousands_of_fields_are_read_or_refused_quickly(endpoint: Endpoint, content_type: str) -> None:
    body = b"x=1&" * 4_000 if content_type == FORM_TYPE else multipart_body([("x", "1")] * 200)

    assert endpoint.post(http_event(body, content_type)).status == 422


def test_a_deeply_nested_body_is_handled(endpoint: Endpoint) -> None:
    body = json.dumps(ADA)[:-1].encode() + b', "x": ' + b"[" * 8_000 + b"]" * 8_000 + b"}"

    assert endpoint.post(http_event(body)).status in {202, 400}  # the limit depends on Python


def test_an_invalid_percent_escape_is_kept(endpoint: Endpoint) -> None:
    body = b"email=ada%40example.com&first_name=100%&last_name=%zz%4"

    assert endpoint.post(http_event(body, FORM_TYPE)).status == 202
    assert endpoint.messages[0]["first_name"] == "100%"
    assert endpoint.messages[0]["last_name"] == "%zz%4"


@pytest.mark.parametrize("body", [None, b"&&&", b"=", b"x=1"])
def test_an_empty_form_lacks_its_required_fields(endpoint: Endpoint, body: bytes | None) -> None:
    reply = endpoint.post(http_event(body, FORM_TYPE))

    assert reply.status == 422
    assert reply.invalid_fields == ["email", "first_name"]


@pytest.mark.parametrize("body", ["é", "abc", "a===", "####"])
def test_invalid_base64_is_unreadable(endpoint: Endpoint, body: str) -> None:
    event = form_event(ADA)
    event["body"] = body

    assert endpoint.post(event).status == 400
    event["headers"]["content-type"] = "text/plain"
    assert endpoint.post(event).status == 415


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"key1": "value1", "key2": "value2", "key3": "value3"},
        {"Records": [{"eventSource": "aws:sqs", "body": "Hello from SQS!"}]},
        {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}},
    ],
    ids=str,
)
def test_a_test_event_of_the_console_is_told(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str], event: dict[str, object]
) -> None:
    reply = endpoint.post(event)

    assert reply.status == 400
    assert "not a request of the HTTP API" in reply.content["message"]
    assert [line["message"] for line in endpoint.log_lines] == ["Test event ignored"]
    assert endpoint.wrote_nothing()
    assert capsys.readouterr().out == "", "it is no refused submission"
