"""No response and no log line contains what was submitted, and no input causes an unhandled error."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.accept_submission.conftest import Endpoint
from tests.unit.accept_submission.http_event import (
    ADA,
    FORM_TYPE,
    JSON_TYPE,
    MULTIPART_TYPE,
    WEBINAR,
    form_event,
    http_event,
    json_event,
    multipart_body,
)

CANARY = "Kanarienvogel"
EMAIL = f"{CANARY}@example.com"
GOOD = {"email": EMAIL, "first_name": CANARY, "last_name": CANARY}

EVENTS: dict[str, dict[str, Any]] = {
    "accepted": json_event(GOOD),
    "invalid e-mail": json_event({**GOOD, "email": f"{CANARY}@"}),
    "invalid names": json_event({**GOOD, "first_name": f"{CANARY}\x00", "last_name": CANARY * 9}),
    "wrong types": json_event({"email": [CANARY], "first_name": {CANARY: CANARY}, "last_name": 1}),
    "invalid webinar": json_event(GOOD, webinar=CANARY),
    "strange fields": json_event({CANARY: CANARY}),
    "cut off": http_event(json.dumps(GOOD).encode()[:-3]),
    "not UTF-8": http_event(f'{{"email": "{CANARY}\xff"'.encode("latin-1"), base64_encoded=True),
    "a form that is not UTF-8": http_event(f"email={CANARY}%FF".encode(), FORM_TYPE),
    "another type": http_event(b"x", f"text/{CANARY}"),
    "another charset": http_event(b"{}", f"application/json; charset={CANARY}"),
    "too long": http_event((CANARY * 9_999).encode()),
    "invalid base64": {**form_event(GOOD), "body": f"{CANARY}="},
    "repeated": form_event([*GOOD.items(), *GOOD.items()]),
    "headers": json_event(GOOD, accept=f"text/{CANARY}", headers={"referer": CANARY, "cookie": CANARY}),
}


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("break_it", ["nothing", "table", "queue"])
@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_input_is_echoed_or_logged(endpoint: Endpoint, event: dict[str, Any], break_it: str, accept: str) -> None:
    if break_it == "table":
        endpoint.dynamodb.fail_always("put_item", error=lambda: _error_that_quotes("PutItem"))
    if break_it == "queue":
        endpoint.sqs.fail_always("send_message", error=lambda: _error_that_quotes("SendMessage"))
    event = {**event, "headers": {"accept": accept, **event["headers"]}}

    reply = endpoint.post(event)

    if accept != "text/html" or reply.status not in {422, 503}:  # a browser gets the form again with what was typed
        assert CANARY.lower() not in (reply.text + str(reply.headers)).lower()
    assert CANARY.lower() not in endpoint.log.lower()
    assert len(endpoint.log_lines) == 1


def _error_that_quotes(operation: str) -> Exception:
    return ClientError({"Error": {"Code": "ValidationException", "Message": f"{EMAIL} is wrong"}}, operation)


def test_a_refused_form_is_logged_with_its_invalid_fields(endpoint: Endpoint) -> None:
    endpoint.post(json_event({"email": "x"}, webinar="x"))

    (line,) = endpoint.log_lines
    assert line["status"] == 422
    assert sorted(line["fields"]) == ["email", "first_name", "webinar_id"]
    assert line["aws_request_id"]


def test_an_accepted_form_is_logged_with_its_ids(endpoint: Endpoint) -> None:
    reply = endpoint.post(json_event(ADA))

    (line,) = endpoint.log_lines
    assert line["submission_id"] == reply.content["submission_id"]
    assert line["message_id"]
    assert line["webinar_id"] == WEBINAR


def test_reprs_have_no_personal_data(endpoint: Endpoint) -> None:
    request = endpoint.app.HttpRequest.from_event(json_event(GOOD))
    form = endpoint.app.read_form(request, JSON_TYPE, None)

    answer = endpoint.app.Answer.invalid([], form)

    assert CANARY not in repr(request)
    assert CANARY not in repr(form)
    assert CANARY not in repr(answer)
    assert CANARY not in repr(answer.to_json())


# ── Random requests ─────────────────────────────────────────────────────────────────────────────────────────────────

texts = st.text(max_size=40)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(list(ADA.values())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from([*ADA, "other"]) | texts
bodies = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(names, values, max_size=5).map(lambda form: json.dumps(form).encode()),
    st.lists(st.tuples(names, texts), max_size=6).map(
        lambda pairs: "&".join(
            f"{quote(name, errors='replace')}={quote(text, errors='replace')}" for name, text in pairs
        ).encode()
    ),
    st.lists(st.tuples(st.sampled_from([*ADA, "answers.Why?", "_submission"]), st.binary(max_size=40)), max_size=6).map(
        multipart_body
    ),
)
content_types = st.one_of(
    st.sampled_from(
        [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE, f"{JSON_TYPE}; charset=utf-8", f"{FORM_TYPE}; charset=windows-1252"]
    ),
    st.from_regex(
        r"application/json; ?charset\*?[0-9]{0,2}\*?=[\w'%-]{0,12}(; ?charset\*?[0-9]{0,2}\*?=\w{0,6})?", fullmatch=True
    ),
    texts,
)
accepts = st.from_regex(r"((text|application|\*)/(html|json|\*)(; ?q=[0-9.]{0,5})?, ?){0,4}", fullmatch=True) | texts
webinars = st.just(WEBINAR) | st.from_regex(r"[0-9 %-]{0,20}", fullmatch=True) | texts


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, content_type=content_types, accept=accepts, webinar=webinars, encoded=st.booleans())
def test_no_request_causes_an_unhandled_error(
    endpoint: Endpoint, body: bytes, content_type: str, accept: str, webinar: str, encoded: bool
) -> None:
    before = len(endpoint.sent)
    event = http_event(body, content_type, accept=accept, webinar=webinar, base64_encoded=encoded)

    reply = endpoint.post(event)

    assert reply.status in {202, 303, 400, 413, 415, 422}
    assert (len(endpoint.sent) - before) == (reply.status in {202, 303})
    assert endpoint.dynamodb.calls["put_item"] == len(endpoint.sent)
    assert "json" not in reply.headers["content-type"] or reply.content
