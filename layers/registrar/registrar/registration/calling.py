"""Call Zoom for a batch: with a valid token, within the rate limits and the day's quota.

A missing token, an exhausted quota and too little time are error responses too, of scope ACCOUNT; they cost no attempt.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeGuard, TypeVar

from registrar import limits
from registrar.observability.telemetry import Telemetry
from registrar.outcomes.retry_schedule import Random
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.runtime.deadline import Deadline
from registrar.storage.daily_call_counter import DailyCallCounterError
from registrar.zoom.client import ZoomClient
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.rate_limits import RateLimits
from registrar.zoom.responses import NO_CALL, BatchResponse, Confirmations, ErrorResponse, Page, WebinarSettings
from registrar.zoom.token import Token
from registrar.zoom.token_cache import TokenError, Tokens, TokenUnreadable

Reply = TypeVar("Reply", bound=BatchResponse | Page | WebinarSettings)


def _not_sent(reason: Reason, why: str) -> ErrorResponse:
    return ErrorResponse(NO_CALL, ErrorKind(reason, Scope.ACCOUNT, counts=False), why)


NO_TIME: Final = _not_sent(Reason.RATE_LIMITED, "no time was left to make the call")


class Caller:
    """Calls Zoom for one invocation; `serialized` are webinars for which Zoom refuses two calls at once."""

    def __init__(
        self,
        zoom: ZoomClient,
        tokens: Tokens,
        rate_limits: RateLimits,
        deadline: Deadline,
        telemetry: Telemetry,
        random: Random,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._zoom = zoom
        self._tokens = tokens
        self._rate_limits = rate_limits
        self._deadline = deadline
        self._telemetry = telemetry
        self._random = random
        self._sleep = sleep
        self._monotonic = monotonic
        self.serialized: set[str] = set()

    def register(self, batch: Sequence[QueuedRegistrant]) -> BatchResponse:
        """Register the batch by one call, repeated only where that costs no attempt."""
        webinar_id = batch[0].key.webinar_id
        details = [registrant.details for registrant in batch]

        def send(token: Token) -> BatchResponse:
            # The quota comes first: it may read a table, and calls that wait for it must stay spaced.
            if not self._quota_allows():
                return _not_sent(Reason.ACCOUNT_DAILY_LIMIT, "this stack's share of the day's calls is used up")
            if self._deadline.is_too_short_for_call(self._rate_limits.calls.seconds_until_free()):
                return NO_TIME
            self._rate_limits.calls.wait()
            started = self._monotonic()
            response = self._zoom.register(token, webinar_id, details, self._deadline.call_timeout())
            seconds = self._monotonic() - started
            self._telemetry.called(batch, response, seconds)
            if isinstance(response, Confirmations):
                self._rate_limits.concurrency.record(seconds)
            elif response.kind.scope == Scope.CONCURRENCY:
                self.serialized.add(webinar_id)
            return response

        return self._with_token(send)

    def list_registrants(
        self, webinar_id: str, status: str, page: str, page_size: int = limits.REGISTRANTS_PER_PAGE
    ) -> Page | ErrorResponse:
        """Return one page of the webinar's registrants; a read, which costs no attempt."""

        def read(token: Token, seconds: float) -> Page | ErrorResponse:
            return self._zoom.list_registrants(token, webinar_id, status, page, seconds, page_size)

        return self._read(read, partial(self._telemetry.listed, webinar_id))

    def webinar_settings(self, webinar_id: str) -> WebinarSettings | ErrorResponse:
        """Return the webinar's settings; a read, which costs no attempt."""

        def read(token: Token, seconds: float) -> WebinarSettings | ErrorResponse:
            return self._zoom.settings(token, webinar_id, seconds)

        return self._read(read, partial(self._telemetry.settings_read, webinar_id))

    def _read(
        self,
        read: Callable[[Token, float], Reply | ErrorResponse],
        log: Callable[[Reply | ErrorResponse, float], None],
    ) -> Reply | ErrorResponse:
        def send(token: Token) -> Reply | ErrorResponse:
            if not self._deadline.allows_call(self._rate_limits.reads.seconds_until_free()):
                return _not_sent(Reason.RATE_LIMITED, "no time was left to read from Zoom")
            self._rate_limits.reads.wait()
            started = self._monotonic()
            reply = read(token, self._deadline.call_timeout())
            log(reply, self._monotonic() - started)
            return reply

        return self._with_token(send)

    def zoom_is_reachable(self, webinar_id: str) -> bool:
        """Probe Zoom by a read, which costs no attempt; False if no time is left for it."""
        if not self._deadline.allows_call(self._rate_limits.reads.seconds_until_free()):
            return False
        self._rate_limits.reads.wait()
        started = self._monotonic()
        try:
            is_reachable = self._zoom.is_reachable(self._tokens.current(), webinar_id, self._deadline.call_timeout())
        except TokenError:
            return True  # not a matter of reachability: the next call reports it
        self._telemetry.probed(webinar_id, is_reachable, self._monotonic() - started)
        return is_reachable

    def _with_token(self, send: Callable[[Token], Reply]) -> Reply | ErrorResponse:
        """Send with the current token; replace a refused token once.

        A refusal that counts as an attempt is not repeated: the repeat would be an attempt that is not reserved.
        """
        try:
            token = self._tokens.current()
        except TokenError as error:
            return self._without_token(error)
        response = self._within_limits(send, token)
        if not _refuses_token(response) or not self._deadline.allows_call():
            return response
        try:
            newer = self._tokens.after_refusal(token)
        except TokenError as error:
            return response if response.kind.counts else self._without_token(error)
        return response if response.kind.counts else self._within_limits(send, newer)

    def _without_token(self, error: TokenError) -> ErrorResponse:
        if isinstance(error, TokenUnreadable):
            self._telemetry.failed("token", str(error))
        return _not_sent(Reason.TOKEN_REJECTED, str(error))

    def _within_limits(self, send: Callable[[Token], Reply], token: Token) -> Reply:
        """Send, and repeat after a per-second or concurrency limit, which costs no attempt."""
        response = send(token)
        for _ in range(limits.PER_SECOND_RETRIES):
            if not (
                isinstance(response, ErrorResponse) and response.kind.scope in {Scope.RATE_LIMIT, Scope.CONCURRENCY}
            ):
                break
            if not self._deadline.allows_call():
                break
            self._sleep(1 + self._random())  # seconds: into the next calendar second, spread by jitter
            response = send(token)
        return response

    def _quota_allows(self) -> bool:
        try:
            return self._rate_limits.quota.take()
        except DailyCallCounterError as error:
            # Zoom counts too: a 429 is better than a registrant that waits for our table.
            self._telemetry.failed("day_counter", str(error))
            return True


def _refuses_token(response: object) -> TypeGuard[ErrorResponse]:
    return isinstance(response, ErrorResponse) and response.kind.reason == Reason.TOKEN_REJECTED
