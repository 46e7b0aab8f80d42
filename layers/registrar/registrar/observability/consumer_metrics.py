"""What happens in the consumer → its metrics, gathered for the invocation.

In: calls, verdicts and deliveries, as `telemetry.py` is told of them. Out: `Metrics`.

The longest wait is that of whoever is still waiting after this invocation. Whoever was deferred on purpose, past 00:00
UTC or for an hour, waits for a date and not for us, and is left out; a repeat after minutes is no such purpose.
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
from registrar.zoom.client import BatchResponse, ErrorResponse, Page
from registrar.zoom.errors import Scope

# The invocation's sums, by the names that settlement.py gives them.
_SUMS: Final = {
    "registered": Metric.REGISTERED,
    "skipped": Metric.ALREADY_REGISTERED,
    "forgotten": Metric.FORGOTTEN,
    "pendingapproval": Metric.PENDING_APPROVAL,
    "deferred": Metric.DEFERRED,
    "rejected": Metric.REJECTED,
    "buried": Metric.BURIED,
}

# Reasons that a person has to do something about: counted a person, for there may have been no call.
_REASONS: Final = {
    Reason.MISSING_SCOPE: Metric.ACCESS_REFUSED,
    Reason.TOKEN_REJECTED: Metric.ACCESS_REFUSED,
    Reason.WEBINAR_PLAN_MISSING: Metric.ACCESS_REFUSED,
    Reason.ACCOUNT_ATTENDEE_LIMIT: Metric.ACCOUNT_LIMITED,
    Reason.ACCOUNT_DAILY_LIMIT: Metric.ACCOUNT_LIMITED,
    Reason.WEBINAR_FULL: Metric.WEBINAR_FULL,
}

# The kinds of 429; what is too fast for a second is repeated at once, and costs nobody anything.
_LIMITS: Final = {
    Reason.REGISTRANT_DAILY_LIMIT: Metric.REGISTRANT_DAILY_LIMIT,
    Reason.ACCOUNT_DAILY_LIMIT: Metric.ACCOUNT_DAILY_LIMIT,
}


class ConsumerMetrics:
    """One invocation's."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.time) -> None:
        self._metrics = metrics
        self._clock = clock
        self._on_purpose: set[str] = set()  # ids of messages that have waited for a date
        self._longest_wait = 0.0  # seconds

    def called(self, registrants: int, response: BatchResponse, seconds: float) -> None:
        """A call to Zoom has ended."""
        self._metrics.count(Metric.ZOOM_CALLS)
        self._metrics.value(Metric.REGISTRANTS_PER_CALL, registrants)
        self._metrics.value(Metric.ZOOM_CALL_TIME, seconds)
        if isinstance(response, ErrorResponse):
            if response.call.status == 429:
                self._metrics.count(_kind_of_429(response))
            elif response.kind.reason == Reason.ZOOM_UNAVAILABLE:
                self._metrics.count(Metric.ZOOM_UNAVAILABLE)

    def listed(self, reply: Page | ErrorResponse) -> None:
        """Zoom was asked who is registered; without the scope for that, people wait for tomorrow for no good reason."""
        if isinstance(reply, ErrorResponse) and reply.kind.reason == Reason.MISSING_SCOPE:
            self._count(reply.kind.reason)

    def looked_up(self, registrants: Iterable[QueuedRegistrant]) -> None:
        """Rows have been read: whose message comes back from a wait for a date?"""
        for registrant in registrants:
            if registrant.row is not None and _waited_for_a_date(registrant.row):
                mine = (one.message_id for one in registrant.deliveries if one.message_id == registrant.row.message_id)
                self._on_purpose.update(mine)

    def settled(self, decision: Decision) -> None:
        """Somebody has an outcome."""
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
        """Messages go back to the queue without an outcome."""
        returned = list(deliveries)
        if returned:
            self._metrics.count(Metric.GIVEN_BACK, len(returned))
            self.waits(returned)

    def waits(self, deliveries: Iterable[Delivery]) -> None:
        """These are still waiting."""
        sent = [one.sent_at for one in deliveries if one.message_id not in self._on_purpose]
        if sent:
            self._longest_wait = max(self._longest_wait, self._clock() - min(sent))

    def ended(self, sums: Mapping[str, int], failures: int) -> None:
        """The invocation's sums; the longest wait is told even if nobody waits, so that an alarm can end."""
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


def _waited_for_a_date(row: Row) -> bool:
    """Whether the row was deferred for longer than any repeat waits."""
    until, written = moment_of(row.deferred_until), moment_of(row.updated_at)
    if row.status != Status.DEFERRED or until is None or written is None:
        return False
    return until - written > limits.DEFERRAL_LONGEST_SECONDS


def _submitted(registrant: QueuedRegistrant) -> float:
    """When the form was sent; of a message that tells no such time, or one to come, when it was queued."""
    text, queued = registrant.details.submitted_at, registrant.first_delivery.sent_at
    # It is told to the second, cut off; SQS tells milliseconds, but of a redrive the time of the redrive.
    return min(datetime.fromisoformat(text).timestamp() + 1, queued) if text else queued
