"""Names, e-mails and tokens go through every path of the consumer, failures included, and come out nowhere.

Nowhere: log lines, metrics, attributes of dead letters, texts of errors with all that they were raised from.
"""

import json
import traceback
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.fake_zoom.faults import FaultKind, LimitKind
from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer
from tests.fakes import TimeIsUp

FIRST, LAST, LOCAL = "Zaphira", "Quillfeather", "canary.bird"
EMAIL = f"{LOCAL}@example.com"
TOKEN = "Kanarientoken0123456789"  # in what AWS quotes; those that Zoom is sent are the fake's
SECRETS = (FIRST, LAST, LOCAL, TOKEN)

BODIES = {
    "good": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "last_name": LAST},
    "an id that names somebody": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "submission_id": EMAIL},
    "a time that names somebody": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, "submitted_at": EMAIL},
    "fields that nobody knows": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST, LAST: LAST},
    "a wrong e-mail": {"webinar_id": WEBINAR, "email": f"{LOCAL}@", "first_name": FIRST},
    "a wrong name": {"webinar_id": WEBINAR, "email": EMAIL, "first_name": FIRST * 20, "submission_id": LAST},
    "a wrong webinar": {"webinar_id": FIRST, "email": EMAIL, "first_name": FIRST},
    "a field that is missing": {"email": EMAIL, "first_name": FIRST},
    "fields of wrong types": {"webinar_id": [FIRST], "email": {EMAIL: LAST}, "first_name": FIRST},
}

# Zoom's own words, naming whom it refuses.
ANSWERS: list[tuple[int, object]] = [
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

OPERATIONS = [
    ("sqs", "receive_message"),
    ("sqs", "change_message_visibility_batch"),
    ("sqs", "delete_message_batch"),
    ("sqs", "send_message_batch"),
    ("dynamodb", "batch_get_item"),
    ("dynamodb", "get_item"),
    ("dynamodb", "batch_write_item"),
    ("dynamodb", "put_item"),
    ("dynamodb", "update_item"),
    ("secrets", "get_secret_value"),
    ("functions", "invoke"),
]


def send(consumer: Consumer, **more: object) -> None:
    consumer.send(json.dumps(BODIES["good"] | more))


def run(consumer: Consumer, hours: float = 30) -> None:
    """Let everything happen, and look at everything that was told, errors that came out included."""
    invocations = consumer.run(hours=hours)
    errors = [one.error for one in invocations if one.error is not None]
    texts = [text for error in errors for text in traceback.format_exception(error)]
    attributes = [letter.attributes for letter in consumer.dead_letters()]
    everything = consumer.log() + consumer.printed.getvalue() + repr(attributes) + "".join(texts)
    assert consumer.log()
    for secret in (*SECRETS, *_tokens(consumer)):
        assert secret.lower() not in everything.lower(), f"{secret} is told"


def _tokens(consumer: Consumer) -> list[str]:
    """Every token that the secret has ever held."""
    versions = [version for secret in consumer.secrets.secrets.values() for version in secret.versions]
    assert versions
    return [json.loads(version.value)["access_token"] for version in versions]


@pytest.mark.parametrize("name", BODIES)
def test_whatever_a_message_holds(consumer: Consumer, name: str) -> None:
    consumer.send(json.dumps(BODIES[name]))
    consumer.send(json.dumps(BODIES[name]))  # folded, or registered before
    run(consumer)


@pytest.mark.parametrize("body", [f"{FIRST} {EMAIL}", f'"{EMAIL}"', f'["{EMAIL}"', f'{{"{EMAIL}": 1}}'])
def test_a_message_that_is_no_registrant(consumer: Consumer, body: str) -> None:
    consumer.send(body)
    run(consumer)


@pytest.mark.parametrize(("status", "body"), ANSWERS)
@pytest.mark.parametrize("others", [0, 3])
def test_whatever_zoom_says(consumer: Consumer, status: int, body: object, others: int) -> None:
    consumer.account.add_fault(kind="answer", status=status, body=body, times=4)
    send(consumer)
    for number in range(others):
        send(consumer, email=f"{LOCAL}{number}@example.com")
    run(consumer)


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind not in {FaultKind.HUGE_BODY}])
def test_however_the_line_breaks(consumer: Consumer, kind: FaultKind) -> None:
    consumer.account.add_fault(kind=kind, times=2)
    send(consumer)
    send(consumer, email=f"2{EMAIL}")
    run(consumer)


@pytest.mark.parametrize("limit", LimitKind)
def test_whatever_is_too_much(consumer: Consumer, limit: LimitKind) -> None:
    consumer.account.add_fault(kind="rate_limit", limit=limit, times=2)
    send(consumer)
    send(consumer, email=f"2{EMAIL}")
    run(consumer)


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable", "timed out", "quoting", "killed"])
@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_whatever_of_ours_breaks(consumer: Consumer, service: str, operation: str, how: str) -> None:
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
    run(consumer, hours=1)


def test_an_error_that_nobody_foresaw(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(*_: object, **__: object) -> object:
        raise KeyError(f"{FIRST} {LAST} {EMAIL} {TOKEN}")

    monkeypatch.setattr(consumer.env.table, "put", falls)
    send(consumer)
    run(consumer, hours=1)
    assert consumer.logged("Unexpected error")[0]["error"] == "KeyError"


def _quoting(operation: str) -> ClientError:
    """AWS's own words may quote the request."""
    message = f"1 validation error detected: Value '{FIRST} {LAST} {EMAIL} {TOKEN}'"
    return ClientError({"Error": {"Code": "ValidationException", "Message": message}}, operation)
