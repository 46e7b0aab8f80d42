"""What may leave the tables: log lines and dead letters without personal data."""

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
from registrar.zoom.client import CallInfo, Confirmation, Confirmations, ErrorResponse, Page
from registrar.zoom.errors import ErrorKind, Scope

from tests.consumer import message
from tests.unit.registrar.samples import NOON, delivery, queued_registrant

ADA = Registrant.from_message(message("Ada.King@Example.com", first_name="Ada", last_name="King-Noel"))


@pytest.mark.parametrize(
    ("email", "told"),
    [("ada@example.com", "a…@example.com"), ("a@b.c", "a…@b.c"), ("", "…@"), ("x@y@z.example", "x…@z.example")],
)
def test_a_masked_email(email: str, told: str) -> None:
    assert masked(email) == told


@pytest.mark.parametrize(
    ("text", "told"),
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
def test_a_message_without_the_people_it_names(text: str, told: str) -> None:
    assert without_personal_data(text, [ADA]) == told


@pytest.mark.parametrize("name", [".*", "(", "[", "\\", "a|b", "+", "{2}"])
def test_a_name_is_no_pattern(name: str) -> None:
    odd = Registrant.from_message(message(first_name=name))
    assert without_personal_data(f"Validation failed for {name}!", [odd]).startswith("Validation failed for ")


def test_an_email_as_zoom_may_spell_it_is_not_passed_on() -> None:
    odd = Registrant.from_message(message("O'Neil@bücher.example"))
    assert without_personal_data("(o'neil@xn--bcher-kva.example) is bad", [odd]) == "(…) is bad"


# ── Dead letters ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_is_the_original_byte_for_byte_with_its_reason() -> None:
    body = ' {"webinar_id" :\t"x", "ü": "\\u00fc"}\n'
    letter = DeadLetter(
        delivery(body=body, group_id="g1"), Reason.WEBINAR_FULL, NOON, "why", CallInfo(404, 3043, "WEB_1", "batch-1")
    )
    entry = letter.to_entry("7")
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


def test_a_letter_without_values_has_no_attributes_for_them_and_no_group() -> None:
    entry = DeadLetter(delivery(), Reason.MALFORMED_MESSAGE, NOON).to_entry("0")
    assert entry["MessageAttributes"].keys() == {"reason", "failed_at"}
    assert "MessageGroupId" not in entry


# ── Log lines ────────────────────────────────────────────────────────────────────────────────────────────────────────

CALL = CallInfo(200, None, "WEB_1", "batch-1")
REFUSED = ErrorResponse(CALL, ErrorKind(Reason.NOT_CONFIRMED, Scope.PACE), "why")

KING = person("ada.king@example.com", message_id="m1")
NO_JSON = delivery(body="ada.king@example.com")

_OUT = io.StringIO()
_TELEMETRY = Telemetry(
    Logger(service="test-privacy", stream=_OUT), ConsumerMetrics(Metrics(Service.REGISTER_BATCH, "test"))
)


def _fail(telemetry: Telemetry) -> None:
    try:
        int("ada.king@example.com")
    except ValueError as error:
        telemetry.broke_off(error)


def _settle(outcome: Outcome) -> Callable[[Telemetry], None]:
    who = person("ada.king@example.com", message_id="m1")
    return lambda told: told.settled(Decision(who, outcome, CALL))


@pytest.mark.parametrize(
    "tell",
    [
        lambda told: told.called([KING], Confirmations(CALL, {KING.key.email: Confirmation(None, None)}, 1), 0.5),
        lambda told: told.called([KING], REFUSED, 0.5),
        lambda told: told.listed("1", REFUSED, 0.5),
        lambda told: told.listed("1", Page(CALL, {KING.key.email: Confirmation(None, None)}, ""), 0.5),
        lambda told: told.probed("1", False, 0.5),
        lambda told: told.already_registered(KING),
        lambda told: told.abandoned(KING.deliveries),
        _settle(PendingApproval("r1")),
        _settle(Deferred(Reason.NOT_CONFIRMED, NOON, "why")),
        _settle(Rejected(Reason.WEBINAR_OVER, "why")),
        lambda told: told.unreadable(NO_JSON, "malformed_message", MalformedMessage("why")),
        lambda told: told.unreadable(NO_JSON, "invalid_registrant", InvalidRegistrant([], KING.key, "ada@king")),
        lambda told: told.stopped("token_rejected", "why"),
        lambda told: told.failed("store", "why"),
        _fail,
        lambda told: told.ended({"registered": 1}),
    ],
)
def test_every_line_is_json_and_names_nobody(tell: Callable[[Telemetry], None]) -> None:
    _OUT.seek(0)
    _OUT.truncate()
    tell(_TELEMETRY)
    (line,) = _OUT.getvalue().splitlines()
    json.loads(line)
    assert not any(word in line.lower() for word in ("ada.king", "lovelace", '"ada'))


def test_whoever_is_registered_needs_no_line() -> None:
    _OUT.seek(0)
    _OUT.truncate()
    _TELEMETRY.settled(Decision(person(), Registered("https://zoom.us/w/1", "r1"), CALL))
    assert _OUT.getvalue() == ""


def test_own_failures_are_counted() -> None:
    telemetry = Telemetry(Logger(service="test-privacy"), ConsumerMetrics(Metrics(Service.REGISTER_BATCH, "test")))
    telemetry.failed("store", "x")
    _fail(telemetry)
    assert telemetry.failures == 2


def test_a_delivery_and_a_token_do_not_print_their_content() -> None:
    shown = repr(delivery(body="ada.king@example.com"))
    assert "ada.king" not in shown
    assert "handle-m1" not in shown
