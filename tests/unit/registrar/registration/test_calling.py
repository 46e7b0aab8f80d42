"""`Caller`: one batch call, with one token renewal, within the rate limits, the daily quota and the deadline."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from aws_lambda_powertools import Logger
from registrar.observability.consumer_metrics import ConsumerMetrics
from registrar.observability.metrics import Metrics, Service
from registrar.observability.telemetry import Telemetry
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import Registrant
from registrar.registration.calling import Caller
from registrar.runtime.deadline import Deadline
from registrar.storage.daily_call_counter import DailyCallCounterError
from registrar.zoom.client import ZoomClient
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.rate_limits import ConcurrencyLimit, DailyQuota, RateLimiter, RateLimits
from registrar.zoom.responses import BatchResponse, CallInfo, Confirmations, ErrorResponse
from registrar.zoom.token import Token
from registrar.zoom.token_cache import TokenMissing, TokenRefused, Tokens, TokenUnreadable

from tests.consumer import WEBINAR
from tests.fakes import VirtualClock
from tests.unit.registrar.samples import NOON, queued_registrant

OK = Confirmations(CallInfo(201), {})
EXPIRED = ErrorResponse(CallInfo(401), ErrorKind(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False))
RATE_LIMITED = ErrorResponse(CallInfo(429), ErrorKind(Reason.RATE_LIMITED, Scope.RATE_LIMIT, counts=False))
CONCURRENT = ErrorResponse(CallInfo(429), ErrorKind(Reason.RATE_LIMITED, Scope.CONCURRENCY, counts=False))
FAILED = ErrorResponse(CallInfo(500), ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT))
NO_SCOPE = ErrorResponse(CallInfo(400), ErrorKind(Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False))


class ScriptedZoom(ZoomClient):
    """Zoom with a list of responses; it records each call's token, moment and timeout."""

    def __init__(self, clock: VirtualClock, responses: Sequence[BatchResponse]) -> None:
        self._clock = clock
        self._responses = list(responses)
        self.tokens: list[str] = []
        self.moments: list[float] = []
        self.timeouts: list[float] = []

    def register(
        self, token: Token, webinar_id: str, registrants: Sequence[Registrant], seconds: float
    ) -> BatchResponse:
        self.tokens.append(token.value)
        self.moments.append(self._clock() - NOON)
        self.timeouts.append(seconds)
        return self._responses.pop(0)


class ScriptedTokens(Tokens):
    """Tokens that return `old`, and `new` after a refusal; or raise."""

    def __init__(self, first: Exception | None = None, later: Exception | None = None) -> None:
        self._first, self._later = first, later

    def current(self) -> Token:
        if self._first:
            raise self._first
        return Token("old", "1")

    def after_refusal(self, refused: Token) -> Token:
        assert refused.value == "old"
        if self._later:
            raise self._later
        return Token("new", "2")


class ScriptedQuota(DailyQuota):
    """A quota of that many calls, or one that raises."""

    def __init__(self, calls: int = 100, error: Exception | None = None) -> None:
        self._calls, self._error = calls, error

    def take(self) -> bool:
        if self._error:
            raise self._error
        self._calls -= 1
        return self._calls >= 0


class ScriptedCaller:
    """A real caller, everything around it scripted."""

    def __init__(
        self,
        *responses: BatchResponse,
        tokens: Tokens | None = None,
        quota: DailyQuota | None = None,
        remaining: float = 300,
        random: Callable[[], float] = lambda: 0.5,
    ) -> None:
        self.clock = VirtualClock(NOON)
        self.zoom = ScriptedZoom(self.clock, responses)
        self.telemetry = Telemetry(
            Logger(service="test-calling", stream=io.StringIO()),
            ConsumerMetrics(Metrics(Service.REGISTER_BATCH, "test"), self.clock),
        )
        deadline = Deadline(lambda: remaining - (self.clock() - NOON), NOON, 240, self.clock)
        calls, reads = (RateLimiter(10, 100, self.clock, self.clock.sleep) for _ in range(2))
        self.concurrency = ConcurrencyLimit(calls.per_second)
        self.caller = Caller(
            *(
                self.zoom,
                tokens or ScriptedTokens(),
                RateLimits(calls, reads, self.concurrency, quota or ScriptedQuota()),
            ),
            *(deadline, self.telemetry, random),
            sleep=self.clock.sleep,
            monotonic=self.clock,
        )

    def call(self) -> BatchResponse:
        return self.caller.register([queued_registrant()])

    def call_for_error(self) -> ErrorResponse:
        response = self.call()
        assert isinstance(response, ErrorResponse)
        return response


# ── Not sent at all ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("error", "failures"), [(TokenMissing("none"), 0), (TokenUnreadable("throttled"), 1)])
def test_without_a_token_nothing_is_sent_and_no_attempt_counts(error: Exception, failures: int) -> None:
    scripted = ScriptedCaller(tokens=ScriptedTokens(error))
    error_response = scripted.call_for_error()
    assert error_response.kind == ErrorKind(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False)
    assert error_response.message == str(error)
    assert (scripted.zoom.tokens, scripted.telemetry.failures) == ([], failures)


def test_without_daily_quota_nothing_is_sent_and_no_attempt_counts() -> None:
    scripted = ScriptedCaller(quota=ScriptedQuota(0))
    assert scripted.call_for_error().kind == ErrorKind(Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False)
    assert scripted.zoom.tokens == []


def test_a_failing_daily_counter_does_not_stop_calls() -> None:
    scripted = ScriptedCaller(OK, quota=ScriptedQuota(error=DailyCallCounterError("AccountTable: throttled")))
    assert scripted.call() == OK
    assert scripted.telemetry.failures == 1


# ── The token ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_token_is_replaced_once() -> None:
    scripted = ScriptedCaller(EXPIRED, OK)
    assert scripted.call() == OK
    assert scripted.zoom.tokens == ["old", "new"]


def test_a_token_refused_twice_is_not_tried_again() -> None:
    scripted = ScriptedCaller(EXPIRED, EXPIRED)
    assert scripted.call() == EXPIRED
    assert scripted.zoom.tokens == ["old", "new"]


@pytest.mark.parametrize(("error", "failures"), [(TokenRefused("no other"), 0), (TokenUnreadable("denied"), 1)])
def test_a_refused_token_without_a_replacement_is_token_rejected(error: Exception, failures: int) -> None:
    scripted = ScriptedCaller(EXPIRED, tokens=ScriptedTokens(later=error))
    error_response = scripted.call_for_error()
    assert (error_response.kind.reason, error_response.kind.counts) == (Reason.TOKEN_REJECTED, False)
    assert (error_response.message, scripted.telemetry.failures) == (str(error), failures)


@pytest.mark.parametrize("tokens", [None, ScriptedTokens(later=TokenRefused("no other"))])
def test_a_refused_token_whose_call_counts_is_replaced_for_the_next_call(tokens: ScriptedTokens | None) -> None:
    costly = replace(EXPIRED, kind=replace(EXPIRED.kind, counts=True))
    scripted = ScriptedCaller(costly, OK, tokens=tokens) if tokens else ScriptedCaller(costly, OK)
    assert scripted.call() == costly
    assert scripted.zoom.tokens == ["old"]


def test_a_missing_scope_renews_no_token() -> None:
    scripted = ScriptedCaller(NO_SCOPE)
    assert scripted.call() == NO_SCOPE
    assert scripted.zoom.tokens == ["old"]


def test_a_refused_token_is_not_renewed_near_the_deadline() -> None:
    scripted = ScriptedCaller(EXPIRED, remaining=40)
    assert scripted.call() == EXPIRED


# ── Rate limits ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rate_limited_call_is_retried_with_jitter() -> None:
    scripted = ScriptedCaller(RATE_LIMITED, RATE_LIMITED, OK)
    assert scripted.call() == OK
    assert scripted.zoom.moments == [0, 1.5, 3.0]


def test_a_concurrency_refusal_is_retried_and_serializes_the_webinar() -> None:
    scripted = ScriptedCaller(CONCURRENT, OK)
    assert scripted.call() == OK
    assert scripted.zoom.moments == [0, 1.5]
    assert scripted.caller.serialized == {WEBINAR}


@pytest.mark.parametrize("responses", [[OK], [RATE_LIMITED, OK], [FAILED], [EXPIRED, OK]])
def test_other_responses_do_not_serialize_the_webinar(responses: list[BatchResponse]) -> None:
    scripted = ScriptedCaller(*responses)
    scripted.call()
    assert scripted.caller.serialized == set()


def test_rate_limit_retries_stop_after_six_calls() -> None:
    scripted = ScriptedCaller(*[RATE_LIMITED] * 9)
    assert scripted.call() == RATE_LIMITED
    assert len(scripted.zoom.tokens) == 6


def test_rate_limit_retries_stop_near_the_deadline() -> None:
    scripted = ScriptedCaller(RATE_LIMITED, remaining=40)
    assert scripted.call() == RATE_LIMITED


def test_a_token_renewal_between_rate_limit_retries_succeeds() -> None:
    scripted = ScriptedCaller(RATE_LIMITED, EXPIRED, RATE_LIMITED, OK)
    assert scripted.call() == OK
    assert scripted.zoom.tokens == ["old", "old", "new", "new"]


def test_a_call_that_may_have_been_processed_is_not_repeated() -> None:
    scripted = ScriptedCaller(FAILED)
    assert scripted.call() == FAILED


def test_retries_use_the_daily_quota() -> None:
    scripted = ScriptedCaller(RATE_LIMITED, RATE_LIMITED, quota=ScriptedQuota(2))
    assert scripted.call_for_error().kind.reason == Reason.ACCOUNT_DAILY_LIMIT


@pytest.mark.parametrize(("remaining", "seconds"), [(300, 25), (41, 25), (30, 15), (28, 13)])
def test_the_call_timeout_leaves_time_to_store(remaining: float, seconds: float) -> None:
    scripted = ScriptedCaller(OK, remaining=remaining)
    scripted.call()
    assert scripted.zoom.timeouts == [seconds]
