"""The control API of the fake, without HTTP: valid calls take effect, invalid ones are refused with a reason."""

import ast
import json
from pathlib import Path

import pytest

import local.fake_zoom
from local.fake_zoom.control_calls import control
from local.fake_zoom.exchange import Request
from tests.unit.fake_zoom.caller import MORNING, WEBINAR, Caller, ParsedResponse, read

ADA = "ada@example.com"


def control_call(zoom: Caller, method: str, path: str, content: object = None) -> ParsedResponse:
    body = b"" if content is None else json.dumps(content).encode()
    return read(control(zoom.account, Request.to(method, f"/_fake/{path}", {}, body)))


@pytest.mark.parametrize(
    ("method", "path", "content", "words"),
    [
        ("GET", "unknown", None, "no control call 'GET unknown'; control calls: POST reset"),
        ("GET", "reset", None, "no control call 'GET reset'"),
        ("PATCH", "switches", {"bad_item": "maybe"}, "allowed: 'refused_whole', 'left_out'"),
        ("PATCH", "switches", ["bad_item"], "the body must be a JSON object, not list"),
        ("PATCH", "limits", {"plan": "gold"}, "no plan 'gold'; plans: free, pro, business"),
        ("PATCH", "limits", {"heavy_per_second": -1}, "must be 0 or more"),
        ("PATCH", "limits", {"heavy_per_second": "10"}, "must be of type int, not '10'"),
        ("PATCH", "profile", {"secret": "x"}, "Profile has no 'secret'; it has: account_id"),
        ("PATCH", "profile", {"scopes": "webinar"}, "'scopes' must be a list of strings"),
        ("PATCH", "webinars/abc", {}, "consists of digits"),
        ("PATCH", f"webinars/{WEBINAR}", {"type": 7}, "allowed: 5, 6, 9"),
        ("PATCH", f"webinars/{WEBINAR}", {"start_time": "soon"}, "'start_time' must be an ISO-8601 timestamp"),
        ("PATCH", f"webinars/{WEBINAR}", {"start_time": "2026-11-23"}, "has no time zone"),
        ("GET", "webinars/1/registrants", None, "no webinar '1'"),
        ("PUT", "latency", {"milliseconds": -1}, "must be 0 to 600000"),
        ("PUT", "latency", {"milliseconds": True}, "must be"),
        ("PUT", "latency", {"ms": 1}, "must contain only 'milliseconds'"),
        ("POST", "clock", {"advance_seconds": "1"}, "must be a number"),
        ("POST", "clock", {"advance_seconds": -1}, "the clock does not go back"),
        ("POST", "faults", [{"kind": "reset"}, {"kind": "x"}], "'kind' cannot be 'x'"),
        ("POST", "faults", ["reset"], "a fault must be a JSON object"),
        ("POST", "faults", {"kind": "answer", "headers": {"a": 1}}, "must be an object of strings"),
    ],
)
def test_an_invalid_call_is_refused(zoom: Caller, method: str, path: str, content: object, words: str) -> None:
    response = control_call(zoom, method, path, content)

    assert response.status == 400
    assert words in response.content["message"]


def test_a_list_with_an_invalid_fault_adds_none(zoom: Caller) -> None:
    control_call(zoom, "POST", "faults", [{"kind": "reset"}, {"kind": "x"}])

    assert zoom.batch(ADA).status == 201


def test_a_body_that_is_not_json_is_refused(zoom: Caller) -> None:
    response = read(control(zoom.account, Request.to("PATCH", "/_fake/switches", {}, b"{")))

    assert (response.status, response.content["message"][:20]) == (400, "the body is not JSON")


def test_control_calls_are_not_in_the_log(zoom: Caller) -> None:
    control_call(zoom, "GET", "report")

    assert zoom.account.calls() == []


def test_a_webinar_keeps_properties_that_are_not_given(zoom: Caller) -> None:
    control_call(zoom, "PATCH", "webinars/12345678901", {"capacity": 5, "topic": "Engines"})
    response = control_call(zoom, "PATCH", "webinars/12345678901", {"capacity": 6})

    assert (response.content["capacity"], response.content["topic"], response.content["type"]) == (6, "Engines", 5)
    assert control_call(zoom, "DELETE", "webinars/12345678901").status == 200


def test_the_clock_is_advanced(zoom: Caller) -> None:
    assert control_call(zoom, "POST", "clock", {"advance_seconds": 86_400}).content == {"now": MORNING + 86_400}


def test_the_log_is_read_and_cleared(zoom: Caller) -> None:
    zoom.batch(ADA)

    (call,) = control_call(zoom, "GET", "calls").content["calls"]
    attempts = control_call(zoom, "GET", "attempts").content
    control_call(zoom, "DELETE", "calls")

    assert (call["call"], call["emails"], call["status"], call["time"]) == ("batch", [ADA], 201, MORNING + 1)
    assert attempts["highest"] == 1
    assert attempts["attempts"] == [{"webinar": WEBINAR, "email": ADA, "day": "2026-11-23", "attempts": 1}]
    assert control_call(zoom, "GET", "attempts").content == {"highest": 0, "attempts": []}


def test_the_report_contains_all_settings(zoom: Caller) -> None:
    control_call(zoom, "PATCH", "switches", {"bad_item": "left_out"})
    control_call(zoom, "PATCH", "limits", {"plan": "business", "heavy_per_second": 5})
    zoom.batch(ADA)

    report = control_call(zoom, "GET", "report").content

    assert report["switches"]["bad_item"] == "left_out"
    assert (report["limits"]["heavy_per_second"], report["limits"]["heavy_per_day"]) == (5, 60_000)
    assert report["webinars"][WEBINAR]["seats_taken"] == 1
    assert (report["calls"], report["peaks"], report["highest_attempts"]) == (1, {"batch": 1}, 1)


def test_the_fake_imports_nothing_of_the_product() -> None:
    for file in Path(str(local.fake_zoom.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "registrar" for name in names), file
