"""Turn the events of one invocation of the consumer into metrics.

The longest wait is that of the messages that still wait after the invocation. Deferrals until a fixed time (00:00 UTC,
one hour) are excluded; retry delays are not.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from registrar import limits
from registrar.observability.metrics import Metric, Metrics
from registrar.outcomes.outcome import Decision, Deferred, Registered, Rejected
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.row import Row, Status, moment_of, utc_day
from registrar.zoom.errors import Scope
from registrar.zoom.responses import BatchResponse, ErrorResponse, Page

# The invocation's sums, by their names in settlement.py.
_SUMS: Final = {
    "registered": Metric.REGISTERED,
    "skipped": Metric.ALREADY_REGISTERED,
    "forgotten": Metric.FORGOTTEN,
    "pendingapproval": Metric.PENDING_APPROVAL,
    "deferred": Metric.DEFERRED,
    "rejected": Metric.REJECTED,
    "buried": Metric.BURIED,
}

# Reasons that need an operator. Counted per registrant: there may have been no call.
_REASONS: Final = {
    Reason.MISSING_SCOPE: Metric.ACCESS_REFUSED,
    Reason.TOKEN_REJECTED: Metric.ACCESS_REFUSED,
    Reason.WEBINAR_PLAN_MISSING: Metric.ACCESS_REFUSED,
    Reason.ACCOUNT_ATTENDEE_LIMIT: Metric.ACCOUNT_LIMITED,
    Reason.ACCOUNT_DAILY_LIMIT: Metric.ACCOUNT_LIMITED,
    Reason.WEBINAR_FULL: Metric.WEBINAR_FULL,
}

# The kinds of 429. A call over the per-second limit is repeated at once and costs no attempt.
_LIMITS: Final = {
    Reason.REGISTRANT_DAILY_LIMIT: Metric.REGISTRANT_DAILY_LIMIT,
    Reason.ACCOUNT_DAILY_LIMIT: Metric.ACCOUNT_DAILY_LIMIT,
}


class ConsumerMetrics:
    """The metrics of one invocation."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.time) -> None:
        self._metrics = metrics
        self._clock = clock
        self._waited_for_fixed_time: set[str] = set()  # message ids
        self._longest_wait = 0.0  # seconds

    def called(self, registrants: int, response: BatchResponse, seconds: float) -> None:
        """Note a batch call."""
        self._metrics.count(Metric.ZOOM_CALLS)
        self._metrics.value(Metric.REGISTRANTS_PER_CALL, registrants)
        self._metrics.value(Metric.ZOOM_CALL_TIME, seconds)
        if isinstance(response, ErrorResponse):
            if response.call.status == 429:
                self._metrics.count(_kind_of_429(response))
            elif response.kind.reason == Reason.ZOOM_UNAVAILABLE:
                self._metrics.count(Metric.ZOOM_UNAVAILABLE)

    def listed(self, reply: Page | ErrorResponse) -> None:
        """Note a listing; without its scope, registrants wait until the next day although they need not."""
        if isinstance(reply, ErrorResponse) and reply.kind.reason == Reason.MISSING_SCOPE:
            self._count(reply.kind.reason)

    def looked_up(self, registrants: Iterable[QueuedRegistrant]) -> None:
        """Note which messages come back from a deferral until a fixed time."""
        for registrant in registrants:
            if registrant.row is not None and _was_deferred_to_fixed_time(registrant.row):
                ids = {one.message_id for one in registrant.deliveries}
                self._waited_for_fixed_time.update(ids & {registrant.row.message_id})

    def settled(self, decision: Decision) -> None:
        """Note the outcome of a registrant."""
        now, registrant = self._clock(), decision.registrant
        match decision.outcome:
            case Registered():
                self._metrics.value(Metric.TIME_TO_JOIN_URL, now - _submitted(registrant))
            case Deferred(reason=reason, until=until):
                self._count(reason)
                if until - now <= limits.DEFERRAL_LONGEST_SECONDS:
                    self.waits(registrant.deliveries)
                elif utc_day(until) > utc_day(now):
                    self._metrics.count(Metric.DEFERRED_TO_TOMORROW)
            case Rejected(reason=reason):
                self._count(reason)

    def abandoned(self, deliveries: Iterable[Delivery]) -> None:
        """Note messages that go back to the queue without an outcome."""
        returned = list(deliveries)
        if returned:
            self._metrics.count(Metric.GIVEN_BACK, len(returned))
            self.waits(returned)

    def waits(self, deliveries: Iterable[Delivery]) -> None:
        """Note messages that still wait."""
        sent = [one.sent_at for one in deliveries if one.message_id not in self._waited_for_fixed_time]
        if sent:
            self._longest_wait = max(self._longest_wait, self._clock() - min(sent))

    def ended(self, sums: Mapping[str, int], failures: int) -> None:
        """Note the invocation's sums; the longest wait is emitted even if it is 0, so that an alarm can end."""
        for name, metric in _SUMS.items():
            if sums.get(name):
                self._metrics.count(metric, sums[name])
        if failures:
            self._metrics.count(Metric.OWN_FAILURES, failures)
        self._metrics.value(Metric.LONGEST_WAIT, self._longest_wait)

    def _count(self, reason: Reason) -> None:
        if reason in _REASONS:
            self._metrics.count(_REASONS[reason])


def _kind_of_429(error: ErrorResponse) -> Metric:
    if error.kind.scope in {Scope.RATE_LIMIT, Scope.CONCURRENCY}:
        return Metric.TOO_FAST
    return _LIMITS.get(error.kind.reason, Metric.OTHER_RATE_LIMIT)


def _was_deferred_to_fixed_time(row: Row) -> bool:
    """Return whether the row was deferred for longer than the longest retry delay."""
    until, written = moment_of(row.deferred_until), moment_of(row.updated_at)
    if row.status != Status.DEFERRED or until is None or written is None:
        return False
    return until - written > limits.DEFERRAL_LONGEST_SECONDS


def _submitted(registrant: QueuedRegistrant) -> float:
    """Return when the form was submitted, or when it was queued if the message holds no time or a future one."""
    text, queued = registrant.details.submitted_at, registrant.first_delivery.sent_at
    # `submitted_at` is cut to the second. SQS counts milliseconds, but after a redrive it counts from the redrive.
    return min(datetime.fromisoformat(text).timestamp() + 1, queued) if text else queued
