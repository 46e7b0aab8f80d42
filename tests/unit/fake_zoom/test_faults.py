"""Injected faults: their order, selection, count and effects."""

import json

import pytest

from local.fake_zoom.exchange import Cut, Drip, Hang, Reset, Response
from local.fake_zoom.fields import NotAllowedError
from tests.unit.fake_zoom.caller import WEBINAR, Caller, read

ADA, GRACE, MARY = "ada@example.com", "grace@example.com", "mary@example.com"
OTHER_WEBINAR = "81234567890"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({}, "needs a 'kind'"),
        ({"kind": "explosion"}, "allowed: 'answer', 'html_502'"),
        ({"kind": "reset", "call": "batches"}, "allowed: 'token', 'batch'"),
        ({"kind": "reset", "processed": True}, "allowed: 'no', 'half', 'yes'"),
        ({"kind": "truncated_json", "processed": "yes"}, "is always processed"),
        ({"kind": "reset", "times": 0}, "'times' must be 1 or more"),
        ({"kind": "answer", "status": 99}, "'status' must be between"),
        ({"kind": "reset", "when": "now"}, "Fault has no 'when'"),
    ],
)
def test_an_invalid_fault_is_refused_with_the_reason(zoom: Caller, fault: dict[str, object], words: str) -> None:
    with pytest.raises(NotAllowedError, match=words):
        zoom.account.add_fault(**fault)


@pytest.mark.parametrize("kind", ["reset", "hang"])
@pytest.mark.parametrize(("processed", "stored"), [("no", set()), ("half", {ADA, GRACE}), ("yes", {ADA, GRACE, MARY})])
def test_no_response_with_and_without_processing(zoom: Caller, kind: str, processed: str, stored: set[str]) -> None:
    zoom.account.add_fault(kind=kind, processed=processed)

    result = zoom.broken_batch(ADA, GRACE, MARY)

    expected: object = Reset(processed != "no") if kind == "reset" else Hang(processed != "no")
    assert result == expected
    assert zoom.registered() == stored
    (call,) = zoom.account.calls()
    assert (call.status, call.code, call.fault, call.registrants) == (None, None, kind, 3)
    assert zoom.account.highest_attempts() == 1


def test_any_response_can_be_scripted(zoom: Caller) -> None:
    body = {"code": 3000, "message": "Something new"}
    zoom.account.add_fault(
        kind="answer", status=409, headers={"Retry-After": "5", "content-type": "application/problem+json"}, body=body
    )

    response = zoom.batch(ADA)

    assert (response.status, response.content, response.headers["Retry-After"]) == (409, body, "5")
    assert "x-zm-trackingid" in response.headers
    assert "Content-Type" not in response.headers
    assert (zoom.account.calls()[0].status, zoom.account.calls()[0].code) == (409, 3000)


def test_a_gateway_responds_in_html_after_processing(zoom: Caller) -> None:
    zoom.account.add_fault(kind="html_502", processed="yes")

    result = zoom.broken_batch(ADA)

    assert isinstance(result, Response)
    assert (result.status, result.headers) == (502, {"Content-Type": "text/html"})
    assert result.body.startswith(b"<html>")
    assert zoom.registered() == {ADA}


@pytest.mark.parametrize(
    ("limit", "words", "attempts"),
    [
        ("per_second", "maximum per-second rate limit", 0),
        ("account_day", "maximum daily rate limit", 0),
        ("concurrent", "Too many concurrent requests.", 0),
        ("registrant_day", f"({ADA})", 1),
    ],
)
def test_every_limit_can_be_scripted(zoom: Caller, limit: str, words: str, attempts: int) -> None:
    zoom.account.add_fault(kind="rate_limit", limit=limit)

    response = zoom.batch(ADA, GRACE)

    assert (response.status, response.code) == (429, 429)
    assert words in response.content["message"]
    assert zoom.account.highest_attempts() == attempts


@pytest.mark.parametrize(("status", "attempts"), [(401, 0), (403, 1), (429, 1), (500, 1), (200, 1)])
def test_the_response_decides_whether_a_call_counts_as_an_attempt(zoom: Caller, status: int, attempts: int) -> None:
    zoom.account.add_fault(kind="answer", status=status, body="no reason")

    zoom.broken_batch(ADA)

    assert zoom.account.highest_attempts() == attempts


def test_a_body_can_be_huge(zoom: Caller) -> None:
    zoom.account.add_fault(kind="huge_body", megabytes=3)

    result = zoom.broken_batch(ADA)

    assert isinstance(result, Response)
    assert len(result.body) > 3_000_000
    assert json.loads(result.body) == {"registrants": []}


def test_a_body_can_be_empty_truncated_or_cut(zoom: Caller) -> None:
    zoom.account.add_fault(kind="empty_body")
    zoom.account.add_fault(kind="truncated_json")
    zoom.account.add_fault(kind="cut_connection")

    empty, truncated, cut = (zoom.broken_batch(email) for email in (ADA, GRACE, MARY))

    assert isinstance(empty, Response)
    assert (empty.status, empty.body) == (201, b"")
    assert isinstance(truncated, Response)
    with pytest.raises(ValueError, match=r"Unterminated string|delimiter"):
        json.loads(truncated.body)
    assert isinstance(cut, Cut)
    assert cut.response.status == 201
    assert zoom.registered() == {ADA, GRACE, MARY}


@pytest.mark.parametrize(("kind", "headers_too"), [("drip_body", False), ("drip_headers", True)])
def test_a_response_can_be_slow(zoom: Caller, kind: str, headers_too: bool) -> None:
    zoom.account.add_fault(kind=kind, seconds_per_byte=2)

    result = zoom.broken_batch(ADA)

    assert isinstance(result, Drip)
    assert (result.seconds_per_byte, result.headers_too) == (2.0, headers_too)
    assert "x-zm-trackingid" in result.response.headers


def test_registrants_can_be_malformed(zoom: Caller) -> None:
    for kind in ("registrants_not_a_list", "unexpected_registrant", "same_email_twice"):
        zoom.account.add_fault(kind=kind)

    no_list, unexpected, twice = (zoom.batch(ADA, GRACE) for _ in range(3))

    assert set(no_list.content["registrants"]) == {"0", "1"}
    assert unexpected.emails == ["unexpected@example.com", ADA, GRACE]
    assert twice.emails == [ADA, GRACE, ADA]
    assert twice.content["registrants"][0]["join_url"] != twice.content["registrants"][2]["join_url"]


def test_an_error_response_has_no_registrants_to_damage(zoom: Caller) -> None:
    zoom.account.add_fault(kind="unexpected_registrant")

    assert zoom.batch("host@example.com").code == 3027


def test_faults_are_applied_in_order_to_matching_calls(zoom: Caller) -> None:
    zoom.account.set_webinar(OTHER_WEBINAR)
    zoom.account.add_fault(kind="answer", status=500, call="batch", webinar=OTHER_WEBINAR, body={})
    zoom.account.add_fault(kind="answer", status=501, call="list", body={})
    zoom.account.add_fault(kind="answer", status=503, times=2, body={})

    assert [zoom.batch(ADA).status for _ in range(3)] == [503, 503, 201]
    assert zoom.batch(ADA, webinar=OTHER_WEBINAR).status == 500
    assert zoom.batch(ADA, webinar=OTHER_WEBINAR).status == 201
    assert [zoom.listed().status for _ in range(2)] == [501, 200]


def test_a_fault_can_break_the_token_endpoint(zoom: Caller) -> None:
    zoom.account.add_fault(kind="answer", status=503, call="token", body={})

    assert zoom.batch(ADA).status == 201
    assert read(zoom.send("POST", "/oauth/token")).status == 503


def test_faults_can_be_cleared(zoom: Caller) -> None:
    zoom.account.add_fault(kind="reset", times=5)

    zoom.account.clear_faults()

    assert zoom.batch(ADA).status == 201


def test_a_reset_returns_to_the_initial_state(zoom: Caller) -> None:
    zoom.batch(ADA)
    zoom.account.add_fault(kind="reset")
    zoom.account.set_switches(success_status=200)
    zoom.account.advance(5)

    zoom.account.reset()

    assert zoom.account.report()["webinars"] == {}
    assert zoom.account.report()["faults"] == []
    assert zoom.account.calls() == []
    assert zoom.account.now() == zoom.moment
    assert zoom.batch(ADA).status == 401


def test_a_deleted_webinar_does_not_exist(zoom: Caller) -> None:
    zoom.account.delete_webinar(WEBINAR)

    assert zoom.batch(ADA).code == 3001
    with pytest.raises(NotAllowedError, match="no webinar"):
        zoom.account.registrants(WEBINAR)
