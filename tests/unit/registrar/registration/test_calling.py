"""One answer for a batch: the token renewed once, in turn, within the day's budget and the time left."""

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
from registrar.zoom.client import BatchResponse, CallInfo, Confirmations, ErrorResponse, ZoomClient
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.rate_limits import ConcurrencyLimit, DailyQuota, RateLimiter, RateLimits
from registrar.zoom.token import Token, TokenMissing, TokenRefused, Tokens, TokenUnreadable

from tests.consumer import WEBINAR
from tests.fakes import VirtualClock
from tests.unit.registrar.samples import NOON, person

OK = Confirmations(CallInfo(201), {})
EXPIRED = ErrorResponse(CallInfo(401), ErrorKind(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False))
TOO_FAST = ErrorResponse(CallInfo(429), ErrorKind(Reason.RATE_LIMITED, Scope.RATE_LIMIT, counts=False))
AT_ONCE = ErrorResponse(CallInfo(429), ErrorKind(Reason.RATE_LIMITED, Scope.CONCURRENCY, counts=False))
FAILED = ErrorResponse(CallInfo(500), ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT))
NO_SCOPE = ErrorResponse(CallInfo(400), ErrorKind(Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False))


class Script(ZoomClient):
    """Answers in turn, and keeps by which token and within how many seconds it was asked."""

    def __init__(self, clock: VirtualClock, answers: Sequence[BatchResponse]) -> None:
        self._clock = clock
        self._answers = list(answers)
        self.listed: list[str] = []
        self.moments: list[float] = []
        self.seconds: list[float] = []

    def register(
        self, token: Token, webinar_id: str, registrants: Sequence[Registrant], seconds: float
    ) -> BatchResponse:
        self.listed.append(token.value)
        self.moments.append(self._clock() - NOON)
        self.seconds.append(seconds)
        return self._answers.pop(0)


class Purse(Tokens):
    """Hands out `old`, and `new` after a refusal; or raises."""

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


class Allowance(DailyQuota):
    """So many calls, or an error."""

    def __init__(self, calls: int = 100, error: Exception | None = None) -> None:
        self._calls, self._error = calls, error

    def take(self) -> bool:
        if self._error:
            raise self._error
        self._calls -= 1
        return self._calls >= 0


class Scene:
    """A caller with everything around it scripted."""

    def __init__(
        self,
        *answers: BatchResponse,
        tokens: Tokens | None = None,
        quota: DailyQuota | None = None,
        remaining: float = 300,
        random: Callable[[], float] = lambda: 0.5,
    ) -> None:
        self.clock = VirtualClock(NOON)
        self.zoom = Script(self.clock, answers)
        self.telemetry = Telemetry(
            Logger(service="test-calling", stream=io.StringIO()),
            ConsumerMetrics(Metrics(Service.REGISTER_BATCH, "test"), self.clock),
        )
        deadline = Deadline(lambda: remaining - (self.clock() - NOON), NOON, 240, self.clock)
        calls, reads = (RateLimiter(10, 100, self.clock, self.clock.sleep) for _ in range(2))
        self.concurrency = ConcurrencyLimit(calls.per_second)
        self.caller = Caller(
            *(self.zoom, tokens or Purse(), RateLimits(calls, reads, self.concurrency, quota or Allowance())),
            *(deadline, self.telemetry, random),
            sleep=self.clock.sleep,
            monotonic=self.clock,
        )

    def answer(self) -> BatchResponse:
        return self.caller.register([person()])

    def refusal(self) -> ErrorResponse:
        answer = self.answer()
        assert isinstance(answer, ErrorResponse)
        return answer


# ── Not sent at all ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("error", "ours"), [(TokenMissing("none"), 0), (TokenUnreadable("throttled"), 1)])
def test_without_a_token_nothing_is_sent_and_nobody_pays(error: Exception, ours: int) -> None:
    scene = Scene(tokens=Purse(error))
    refusal = scene.refusal()
    assert refusal.kind == ErrorKind(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False)
    assert refusal.message == str(error)
    assert (scene.zoom.listed, scene.telemetry.failures) == ([], ours)


def test_without_a_call_left_today_nothing_is_sent_and_nobody_pays() -> None:
    scene = Scene(quota=Allowance(0))
    assert scene.refusal().kind == ErrorKind(Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False)
    assert scene.zoom.listed == []


def test_a_counter_that_fails_does_not_keep_registrants_waiting() -> None:
    scene = Scene(OK, quota=Allowance(error=DailyCallCounterError("AccountTable: throttled")))
    assert scene.answer() == OK
    assert scene.telemetry.failures == 1


# ── The token ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_token_is_replaced_once() -> None:
    scene = Scene(EXPIRED, OK)
    assert scene.answer() == OK
    assert scene.zoom.listed == ["old", "new"]


def test_a_token_refused_twice_is_not_tried_again() -> None:
    scene = Scene(EXPIRED, EXPIRED)
    assert scene.answer() == EXPIRED
    assert scene.zoom.listed == ["old", "new"]


@pytest.mark.parametrize(("error", "ours"), [(TokenRefused("no other"), 0), (TokenUnreadable("denied"), 1)])
def test_a_refused_token_without_a_successor(error: Exception, ours: int) -> None:
    scene = Scene(EXPIRED, tokens=Purse(later=error))
    refusal = scene.refusal()
    assert (refusal.kind.reason, refusal.kind.counts) == (Reason.TOKEN_REJECTED, False)
    assert (refusal.message, scene.telemetry.failures) == (str(error), ours)


@pytest.mark.parametrize("tokens", [None, Purse(later=TokenRefused("no other"))])
def test_a_refused_token_whose_call_counts_is_replaced_for_the_next_call(tokens: Purse | None) -> None:
    costly = replace(EXPIRED, kind=replace(EXPIRED.kind, counts=True))
    scene = Scene(costly, OK, tokens=tokens) if tokens else Scene(costly, OK)
    assert scene.answer() == costly
    assert scene.zoom.listed == ["old"]


def test_a_missing_scope_is_not_mended_by_another_token() -> None:
    scene = Scene(NO_SCOPE)
    assert scene.answer() == NO_SCOPE
    assert scene.zoom.listed == ["old"]


def test_a_refused_token_is_left_alone_when_time_runs_out() -> None:
    scene = Scene(EXPIRED, remaining=40)
    assert scene.answer() == EXPIRED


# ── The pace ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_too_fast_is_waited_out_with_jitter() -> None:
    scene = Scene(TOO_FAST, TOO_FAST, OK)
    assert scene.answer() == OK
    assert scene.zoom.moments == [0, 1.5, 3.0]


def test_two_calls_at_once_are_waited_out_and_the_webinar_is_sent_one_by_one() -> None:
    scene = Scene(AT_ONCE, OK)
    assert scene.answer() == OK
    assert scene.zoom.moments == [0, 1.5]
    assert scene.caller.serialized == {WEBINAR}


@pytest.mark.parametrize("answers", [[OK], [TOO_FAST, OK], [FAILED], [EXPIRED, OK]])
def test_other_answers_leave_the_webinar_to_calls_side_by_side(answers: list[BatchResponse]) -> None:
    scene = Scene(*answers)
    scene.answer()
    assert scene.caller.serialized == set()


def test_too_fast_again_and_again_is_given_up() -> None:
    scene = Scene(*[TOO_FAST] * 9)
    assert scene.answer() == TOO_FAST
    assert len(scene.zoom.listed) == 6


def test_too_fast_is_given_up_when_time_runs_out() -> None:
    scene = Scene(TOO_FAST, remaining=40)
    assert scene.answer() == TOO_FAST


def test_too_fast_with_an_old_token_then_refused_then_in() -> None:
    scene = Scene(TOO_FAST, EXPIRED, TOO_FAST, OK)
    assert scene.answer() == OK
    assert scene.zoom.listed == ["old", "old", "new", "new"]


def test_what_may_have_been_processed_is_never_repeated_here() -> None:
    scene = Scene(FAILED)
    assert scene.answer() == FAILED


def test_repeats_are_calls_of_the_day_too() -> None:
    scene = Scene(TOO_FAST, TOO_FAST, quota=Allowance(2))
    assert scene.refusal().kind.reason == Reason.ACCOUNT_DAILY_LIMIT


@pytest.mark.parametrize(("remaining", "seconds"), [(300, 25), (41, 25), (30, 15), (28, 13)])
def test_a_call_takes_no_longer_than_leaves_time_to_store(remaining: float, seconds: float) -> None:
    scene = Scene(OK, remaining=remaining)
    scene.answer()
    assert scene.zoom.seconds == [seconds]
