"""Turnstile: no submission without a person's token; without an answer from Cloudflare or a secret, no submission."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from registrar import limits

from local.reporting.metrics import read
from tests.fakes.siteverify import FAILS, PASSES, SPENT, TOKEN, Siteverify, siteverify
from tests.unit.accept_submission.conftest import FIREFOX, Endpoint
from tests.unit.accept_submission.http_event import ADA, form_event, json_event, multipart_event

FIELD = "cf-turnstile-response"
FORM = {**ADA, FIELD: TOKEN, "_submission": "0b0c7c3a-6f0e-4a57-9d35-000000000001"}


@pytest.fixture
def cloudflare() -> Iterator[Siteverify]:
    with siteverify() as stand_in:
        yield stand_in


@pytest.fixture
def endpoint(open_endpoint: Callable[..., Endpoint], cloudflare: Siteverify) -> Endpoint:
    """Return a form endpoint with Turnstile, which accepts the form on any page."""
    return open_endpoint(turnstile_url=cloudflare.url)


def assert_not_a_person(endpoint: Endpoint, event: dict[str, Any]) -> None:
    """Assert a 422 that names Turnstile's field, with nothing stored."""
    reply = endpoint.post(event)
    assert (reply.status, reply.invalid_fields) == (422, [FIELD])
    assert endpoint.wrote_nothing()


def set_secret(endpoint: Endpoint, value: str) -> None:
    endpoint.secrets.put_secret_value(SecretId="turnstile", SecretString=value)


@pytest.mark.parametrize(
    "token", [None, "", "x" * (limits.TURNSTILE_TOKEN_CHARACTERS + 1)], ids=["none", "empty", "long"]
)
def test_without_a_token_nothing_is_asked(endpoint: Endpoint, cloudflare: Siteverify, token: str | None) -> None:
    fields = ADA if token is None else {**ADA, FIELD: token}

    for event in (form_event(fields), multipart_event(fields.items()), json_event(fields)):
        assert_not_a_person(endpoint, event)
    assert_not_a_person(endpoint, json_event({**ADA, FIELD: [TOKEN]}))
    assert not cloudflare.questions


@pytest.mark.parametrize("secret", [FAILS, SPENT])
def test_a_token_that_is_refused_is_named(endpoint: Endpoint, secret: str) -> None:
    set_secret(endpoint, secret)

    assert_not_a_person(endpoint, form_event(FORM))


@pytest.mark.parametrize("event", [form_event(FORM), multipart_event(FORM.items()), json_event(FORM)])
def test_a_persons_form_is_accepted(endpoint: Endpoint, cloudflare: Siteverify, event: dict[str, Any]) -> None:
    assert endpoint.post(event).status == 202
    (question,) = cloudflare.questions
    assert question.keys() == {"secret", "response", "idempotency_key"}
    assert (question["secret"], question["response"]) == (PASSES, TOKEN)


def test_a_double_click_shows_the_same_person(endpoint: Endpoint) -> None:
    assert [endpoint.post(form_event(FORM)).status for _ in range(2)] == [202, 202]
    assert len(endpoint.messages) == 1


def test_a_token_is_for_one_submission(endpoint: Endpoint) -> None:
    assert endpoint.post(form_event(FORM)).status == 202
    assert endpoint.post(form_event({**FORM, "email": "grace@example.com"})).invalid_fields == [FIELD]
    assert endpoint.post(json_event(FORM)).invalid_fields == [FIELD]


def test_wrong_fields_cost_no_token(endpoint: Endpoint, cloudflare: Siteverify) -> None:
    assert endpoint.post(form_event({**FORM, "email": "ada"})).invalid_fields == ["email"]
    assert not cloudflare.questions


def test_a_browser_gets_the_form_again_and_a_plain_message_in_its_language(endpoint: Endpoint) -> None:
    reply = endpoint.post(form_event(ADA, accept=FIREFOX, headers={"accept-language": "de"}))

    assert reply.status == 422
    assert "Bitte bestätigen Sie, dass Sie ein Mensch sind" in " ".join(reply.text.split())
    assert 'class="cf-turnstile' in reply.text


# ── Cloudflare does not answer, or does not know us ──────────────────────────────────────────────────────────────────


def assert_unavailable(endpoint: Endpoint, error: str) -> None:
    reply = endpoint.post(form_event(FORM))
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    assert endpoint.wrote_nothing()
    line = endpoint.log_lines[-1]
    assert (line["message"], line["error"]) == ("Submission not accepted", error)
    assert TOKEN not in endpoint.log
    assert PASSES not in endpoint.log


def test_an_error_is_asked_once_more_as_the_same_question(endpoint: Endpoint, cloudflare: Siteverify) -> None:
    cloudflare.next_statuses = [500]

    assert endpoint.post(form_event(FORM)).status == 202
    first, second = cloudflare.questions
    assert first == second


def test_two_errors_accept_nothing(endpoint: Endpoint, cloudflare: Siteverify) -> None:
    cloudflare.next_statuses = [503, 500]

    assert_unavailable(endpoint, "Turnstile: 500")
    assert len(cloudflare.questions) == 2


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"[]", b'"success"', b'{"success": "true"}', b'{"success": 1}', b"{}", b"[" * 100_000),
        *(b'[["success", true]]', b'{"success": true, "error-codes": 7}', b'{"success": true, "hostname": []}'),
    ],
    ids=lambda body: body[:40],
)
def test_what_is_no_answer_accepts_nothing(endpoint: Endpoint, cloudflare: Siteverify, body: bytes) -> None:
    cloudflare.body = body

    assert endpoint.post(form_event(FORM)).status == 503
    assert endpoint.wrote_nothing()


def test_no_connection_accepts_nothing(open_endpoint: Callable[..., Endpoint]) -> None:
    assert_unavailable(open_endpoint(turnstile_url="http://127.0.0.1:9/"), "Turnstile: ConnectionError")


def test_silence_is_waited_for_no_longer_than_a_visitor_would(
    endpoint: Endpoint, cloudflare: Siteverify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TURNSTILE_SECONDS", 0.05)
    cloudflare.delay_s = 0.5

    assert_unavailable(endpoint, "Turnstile: ReadTimeout")


def test_a_secret_that_cloudflare_does_not_know_accepts_nothing(endpoint: Endpoint) -> None:
    set_secret(endpoint, "wrong")

    assert_unavailable(endpoint, "Turnstile: invalid-input-secret")


@pytest.mark.parametrize("value", [" ", '""'])
def test_an_empty_secret_accepts_nothing(endpoint: Endpoint, value: str) -> None:
    set_secret(endpoint, value)

    assert_unavailable(endpoint, "TurnstileSecret: empty")


def test_a_secret_that_cannot_be_read_accepts_nothing(endpoint: Endpoint) -> None:
    endpoint.secrets.deny("get_secret_value")

    assert_unavailable(endpoint, "TurnstileSecret: AccessDeniedException")


def test_a_new_secret_is_used_after_a_minute(endpoint: Endpoint, cloudflare: Siteverify) -> None:
    def secret_of_a_post() -> str:
        endpoint.post(form_event(FORM))
        return str(cloudflare.questions[-1]["secret"])

    assert secret_of_a_post() == PASSES
    set_secret(endpoint, f" {SPENT}\n")
    assert secret_of_a_post() == PASSES
    endpoint.clock.sleep(limits.TURNSTILE_SECRET_SECONDS + 1)
    assert secret_of_a_post() == SPENT


# ── The page that shows the form ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("hostname", "status"),
    [
        ("www.example.com", 202),
        ("a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", 202),  # our own page
        ("evil.example", 422),
        ("", 422),
    ],
)
def test_the_form_is_on_our_page_or_on_one_that_is_named(
    open_endpoint: Callable[..., Endpoint], cloudflare: Siteverify, hostname: str, status: int
) -> None:
    endpoint = open_endpoint(turnstile_url=cloudflare.url, allowed_origins=["https://www.example.com"])
    cloudflare.hostname = hostname

    assert endpoint.post(form_event(FORM)).status == status


def test_a_refusal_is_counted_and_its_reason_logged(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    set_secret(endpoint, SPENT)
    endpoint.post(form_event(FORM))

    counted = {one.name: one.values for one in read(capsys.readouterr().out.splitlines())}
    assert counted == {"TurnstileRefused": (1,), "SubmissionsRefused": (1,)}
    assert [line.get("why") for line in endpoint.log_lines] == ["timeout-or-duplicate", None]


def test_a_honeypot_is_answered_without_asking(endpoint: Endpoint, cloudflare: Siteverify) -> None:
    assert endpoint.post(form_event({**ADA, "_gotcha": "x"})).status == 202
    assert not cloudflare.questions
    assert endpoint.wrote_nothing()
