"""Redaction: log lines and dead letters hold no personal data."""

import io
import json
from collections.abc import Callable

import pytest
from aws_lambda_powertools import Logger
from registrar.observability.consumer_metrics import ConsumerMetrics
from registrar.observability.metrics import Metrics, Service
from registrar.observability.telemetry import Telemetry
from registrar.outcomes.outcome import Decision, Deferred, Outcome, PendingApproval, Registered, Rejected
from registrar.queue.dead_letter import DeadLetter
from registrar.registrants.reasons import Reason
from registrar.registrants.redaction import masked, without_personal_data
from registrar.registrants.registrant import InvalidRegistrant, MalformedMessage, Registrant
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.responses import CallInfo, Confirmation, Confirmations, ErrorResponse, Page

from tests.consumer import message
from tests.unit.registrar.samples import NOON, delivery, queued_registrant

ADA = Registrant.from_message(message("Ada.King@Example.com", first_name="Ada", last_name="King-Noel"))


@pytest.mark.parametrize(
    ("email", "expected"),
    [("ada@example.com", "a…@example.com"), ("a@b.c", "a…@b.c"), ("", "…@"), ("x@y@z.example", "x…@z.example")],
)
def test_a_masked_email(email: str, expected: str) -> None:
    assert masked(email) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Host can not register", "Host can not register"),
        ("for the registrant (user@example.com).", "for the registrant (…)."),
        ('for the registrant "USER@EXAMPLE.COM".', 'for the registrant "…".'),
        ("Ada.King@Example.com is bad", "… is bad"),
        ("ada.king@EXAMPLE.COM is bad", "… is bad"),
        ("Ada, ADA; king-noel: Adams", "…, …; …: Adams"),
        ("a\x00b\x1b[31mc\n\td\u2028e\u200bf", "a b [31mc d e f"),
        ("\ud800x\ufffe", "x"),
        ("x" * 300, "x" * 256),
        ("  a   b  ", "a b"),
        ("mailto:someone@xn--e1afmkfd.xn--p1ai?x", "mailto:…"),
        ("<ünï@bücher.example>", "<…>"),
    ],
)
def test_personal_data_is_removed_from_zooms_messages(text: str, expected: str) -> None:
    assert without_personal_data(text, [ADA]) == expected


@pytest.mark.parametrize("name", [".*", "(", "[", "\\", "a|b", "+", "{2}"])
def test_a_name_is_not_read_as_a_pattern(name: str) -> None:
    odd = Registrant.from_message(message(first_name=name))
    assert without_personal_data(f"Validation failed for {name}!", [odd]).startswith("Validation failed for ")


def test_an_email_is_removed_in_zooms_spelling() -> None:
    odd = Registrant.from_message(message("O'Neil@bücher.example"))
    assert without_personal_data("(o'neil@xn--bcher-kva.example) is bad", [odd]) == "(…) is bad"


# ── Dead letters ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dead_letter_holds_the_original_body_and_its_reason() -> None:
    body = ' {"webinar_id" :\t"x", "ü": "\\u00fc"}\n'
    dead_letter = DeadLetter(
        delivery(body=body, group_id="g1"), Reason.WEBINAR_FULL, NOON, "why", CallInfo(404, 3043, "WEB_1", "batch-1")
    )
    entry = dead_letter.to_entry("7")
    assert (entry["Id"], entry["MessageBody"], entry["MessageGroupId"]) == ("7", body, "g1")
    values = {name: value["StringValue"] for name, value in entry["MessageAttributes"].items()}
    assert values == {
        "reason": "webinar_full",
        "detail": "why",
        "zoom_status": "404",
        "zoom_code": "3043",
        "zoom_tracking_id": "WEB_1",
        "batch_id": "batch-1",
        "failed_at": "2026-11-23T12:00:00Z",
    }
    assert {value["DataType"] for value in entry["MessageAttributes"].values()} == {"String"}


def test_a_dead_letter_without_values_has_no_attributes_for_them_and_no_group() -> None:
    entry = DeadLetter(delivery(), Reason.MALFORMED_MESSAGE, NOON).to_entry("0")
    assert entry["MessageAttributes"].keys() == {"reason", "failed_at"}
    assert "MessageGroupId" not in entry


# ── Log lines ────────────────────────────────────────────────────────────────────────────────────────────────────────

CALL = CallInfo(200, None, "WEB_1", "batch-1")
REFUSED = ErrorResponse(CALL, ErrorKind(Reason.NOT_CONFIRMED, Scope.RATE_LIMIT), "why")

KING = queued_registrant("ada.king@example.com", message_id="m1")
NO_JSON = delivery(body="ada.king@example.com")

_OUT = io.StringIO()
_TELEMETRY = Telemetry(
    Logger(service="test-privacy", stream=_OUT), ConsumerMetrics(Metrics(Service.REGISTER_BATCH, "test"))
)


def _fail(telemetry: Telemetry) -> None:
    try:
        int("ada.king@example.com")
    except ValueError as error:
        telemetry.unexpected_error(error)


def _settle(outcome: Outcome) -> Callable[[Telemetry], None]:
    registrant = queued_registrant("ada.king@example.com", message_id="m1")
    return lambda telemetry: telemetry.settled(Decision(registrant, outcome, CALL))


@pytest.mark.parametrize(
    "log",
    [
        lambda telemetry: telemetry.called(
            [KING], Confirmations(CALL, {KING.key.email: Confirmation(None, None)}, 1), 0.5
        ),
        lambda telemetry: telemetry.called([KING], REFUSED, 0.5),
        lambda telemetry: telemetry.listed("1", REFUSED, 0.5),
        lambda telemetry: telemetry.listed("1", Page(CALL, {KING.key.email: Confirmation(None, None)}, ""), 0.5),
        lambda telemetry: telemetry.probed("1", False, 0.5),
        lambda telemetry: telemetry.already_registered(KING),
        lambda telemetry: telemetry.abandoned(KING.deliveries),
        _settle(PendingApproval("r1")),
        _settle(Deferred(Reason.NOT_CONFIRMED, NOON, "why")),
        _settle(Rejected(Reason.WEBINAR_OVER, "why")),
        lambda telemetry: telemetry.unreadable(NO_JSON, "malformed_message", MalformedMessage("why")),
        lambda telemetry: telemetry.unreadable(
            NO_JSON, "invalid_registrant", InvalidRegistrant([], KING.key, "ada@king")
        ),
        lambda telemetry: telemetry.stopped("token_rejected", "why"),
        lambda telemetry: telemetry.failed("store", "why"),
        _fail,
        lambda telemetry: telemetry.ended({"registered": 1}),
    ],
)
def test_every_line_is_json_without_personal_data(log: Callable[[Telemetry], None]) -> None:
    _OUT.seek(0)
    _OUT.truncate()
    log(_TELEMETRY)
    (line,) = _OUT.getvalue().splitlines()
    json.loads(line)
    assert not any(word in line.lower() for word in ("ada.king", "lovelace", '"ada'))


def test_a_registration_writes_no_line_of_its_own() -> None:
    _OUT.seek(0)
    _OUT.truncate()
    _TELEMETRY.settled(Decision(queued_registrant(), Registered("https://zoom.us/w/1", "r1"), CALL))
    assert _OUT.getvalue() == ""


def test_failures_are_counted() -> None:
    telemetry = Telemetry(Logger(service="test-privacy"), ConsumerMetrics(Metrics(Service.REGISTER_BATCH, "test")))
    telemetry.failed("store", "x")
    _fail(telemetry)
    assert telemetry.failures == 2


def test_the_repr_of_a_delivery_hides_its_content() -> None:
    shown = repr(delivery(body="ada.king@example.com"))
    assert "ada.king" not in shown
    assert "handle-m1" not in shown
