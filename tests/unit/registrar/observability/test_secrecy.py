"""No log line, metric, dead-letter attribute or exception chain of the consumer holds a name, an e-mail or a token.

Each test sends personal data through one path of the consumer, failures included.
"""

import json
import traceback
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.fake_zoom.faults import FaultKind, LimitKind
from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer
from tests.fakes import TimeIsUp
from tests.unit.registrar.aws_faults import OPERATIONS

FIRST, LAST, LOCAL = "Zaphira", "Quillfeather", "canary.bird"
EMAIL = f"{LOCAL}@example.com"
TOKEN = "Kanarientoken0123456789"  # in what AWS quotes; those that Zoom is sent are the fake's
SECRETS = (FIRST, LAST, LOCAL, TOKEN)

BODIES = {
    "good": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "last_name": LAST},
    "an e-mail as submission id": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "submission_id": EMAIL},
    "an e-mail as submission time": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "submitted_at": EMAIL},
    "unknown fields": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, LAST: LAST},
    "answers": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "answers": {LAST: LOCAL}, "org": LAST},
    "wrong answers": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "answers": {LAST: [LOCAL]}},
    "a wrong language": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "language": LAST, "kind": LAST},
    "a meeting": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "kind": "meeting", "comments": LAST},
    "a form set aside": {"form_id": LOCAL, "submission_id": LAST, "fields": [{"key": FIRST, "value": EMAIL}]},
    "an invalid e-mail": {"webinar_id": WEBINAR, "email": f"{LOCAL}@", "first_name": FIRST},
    "an invalid name": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST * 20, "submission_id": LAST},
    "an invalid webinar id": {"webinar_id": FIRST, "email": EMAIL, "first_name": FIRST},
    "a missing field": {"email": EMAIL, "first_name": FIRST},
    "fields of wrong types": {"webinar_id": [FIRST], "email": {EMAIL: LAST}, "first_name": FIRST},
}

# Responses of Zoom that hold personal data.
RESPONSES: list[tuple[int, object]] = [
    (400, {"code": 300, "message": f"Validation failed for {FIRST} {LAST} <{EMAIL}>."}),
    (400, {"code": 300, "message": "x", "errors": [{"field": EMAIL, "message": f"{LAST} is not allowed"}]}),
    (400, {"code": 3027, "message": f"Host {EMAIL} can not register"}),
    (404, {"code": 3001, "message": f"Webinar of {FIRST} {LAST} does not exist"}),
    (403, {"code": 1, "message": EMAIL}),
    (409, {"code": 2, "message": f"{LAST}, {FIRST}"}),
    (200, {"code": 3000, "message": f"{EMAIL} needs paid registration"}),
    (401, {"code": 124, "message": f"Invalid access token of {EMAIL}."}),
    (500, f"<h1>{FIRST} {LAST} {EMAIL}</h1>"),
    (201, {"registrants": [{"email": f"other-{EMAIL}", "join_url": f"https://zoom.us/{LAST}", "name": FIRST}]}),
    (201, {"registrants": [{"email": 1}, FIRST, [EMAIL]]}),
]


def send(consumer: Consumer, **more: object) -> None:
    consumer.send(json.dumps(BODIES["good"] | more))


def run_and_check(consumer: Consumer, hours: float = 30) -> None:
    """Run the consumer, and fail if its output or an exception holds a secret."""
    invocations = consumer.run(hours=hours)
    errors = [one.error for one in invocations if one.error is not None]
    texts = [text for error in errors for text in traceback.format_exception(error)]
    attributes = [dead_letter.attributes for dead_letter in consumer.dead_letters()]
    output = consumer.log() + consumer.printed.getvalue() + repr(attributes) + "".join(texts)
    assert consumer.log()
    for secret in (*SECRETS, *_tokens(consumer)):
        assert secret.lower() not in output.lower(), f"{secret} is in the output"


def _tokens(consumer: Consumer) -> list[str]:
    """Return every token that the secret has ever held."""
    versions = [version for secret in consumer.secrets.secrets.values() for version in secret.versions]
    assert versions
    return [json.loads(version.value)["access_token"] for version in versions]


@pytest.mark.parametrize("name", BODIES)
def test_personal_data_in_any_field_of_a_message(consumer: Consumer, name: str) -> None:
    consumer.send(json.dumps(BODIES[name]))
    consumer.send(json.dumps(BODIES[name]))  # a duplicate, or registered before
    run_and_check(consumer)


@pytest.mark.parametrize("body", [f"{FIRST} {EMAIL}", f'"{EMAIL}"', f'["{EMAIL}"', f'{{"{EMAIL}": 1}}'])
def test_personal_data_in_a_malformed_message(consumer: Consumer, body: str) -> None:
    consumer.send(body)
    run_and_check(consumer)


@pytest.mark.parametrize(("status", "body"), RESPONSES)
@pytest.mark.parametrize("others", [0, 3])
def test_personal_data_in_a_response_of_zoom(consumer: Consumer, status: int, body: object, others: int) -> None:
    consumer.account.add_fault(kind="answer", status=status, body=body, times=4)
    send(consumer)
    for number in range(others):
        send(consumer, email=f"{LOCAL}{number}@example.com")
    run_and_check(consumer)


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind not in {FaultKind.HUGE_BODY}])
def test_personal_data_when_the_connection_to_zoom_fails(consumer: Consumer, kind: FaultKind) -> None:
    consumer.account.add_fault(kind=kind, times=2)
    send(consumer)
    send(consumer, email=f"2{EMAIL}")
    run_and_check(consumer)


@pytest.mark.parametrize("limit", LimitKind)
def test_personal_data_when_zoom_limits_the_rate(consumer: Consumer, limit: LimitKind) -> None:
    consumer.account.add_fault(kind="rate_limit", limit=limit, times=2)
    send(consumer)
    send(consumer, email=f"2{EMAIL}")
    run_and_check(consumer)


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable", "timed out", "quoting", "killed"])
@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_personal_data_when_an_aws_call_fails(consumer: Consumer, service: str, operation: str, how: str) -> None:
    consumer.account.set_webinar(OTHER_WEBINAR, capacity=0)
    fake: Any = getattr(consumer, service)
    match how:
        case "throttle" | "deny" | "unreachable":
            getattr(fake, how)(operation)
        case "timed out":
            fake.lose_answer(operation)
        case "quoting":
            fake.fail_next(operation, lambda: _quoting(operation), times=3)
        case "killed":
            fake.fail_next(operation, TimeIsUp())
    consumer.account.revoke_tokens()
    send(consumer)
    send(consumer, webinar_id=OTHER_WEBINAR)
    consumer.send(f"no JSON of {EMAIL}")
    run_and_check(consumer, hours=1)


def test_personal_data_in_an_unexpected_error(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> object:
        raise KeyError(f"{FIRST} {LAST} {EMAIL} {TOKEN}")

    monkeypatch.setattr(consumer.env.table, "put", fail)
    send(consumer)
    run_and_check(consumer, hours=1)
    assert consumer.logged("Unexpected error")[0]["error"] == "KeyError"


def _quoting(operation: str) -> ClientError:
    """Return an AWS error whose message quotes the request."""
    message = f"1 validation error detected: Value '{FIRST} {LAST} {EMAIL} {TOKEN}'"
    return ClientError({"Error": {"Code": "ValidationException", "Message": message}}, operation)
