"""Run one invocation: receive messages, send them to Zoom in batches of 30, settle every outcome.

Receiving and sending run side by side (runtime/concurrency.py). This module decides what starts next: a call as soon as
its slot is near and 30 registrants of a webinar wait; fewer, once the queue is empty or no more may be received.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from registrar import limits
from registrar._compat import batched
from registrar.observability.telemetry import Telemetry
from registrar.outcomes.retry_schedule import backoff
from registrar.queue.batcher import Batcher
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.queue.polling import Polling
from registrar.registration.invocation_state import Collaborators
from registrar.registration.sending.batch import Sending
from registrar.runtime.concurrency import Task, TaskRunner
from registrar.storage.pause_flag import PauseFlag
from registrar.storage.registrant_table import StorageError
from registrar.zoom.rate_limits import RateLimits

_RECHECK_SECONDS = 1.0  # a task that ends earlier is noticed at once


class Invocation:
    """One invocation of the consumer."""

    def __init__(
        self,
        in_flight: InFlightMessages,
        collaborators: Collaborators,
        rate_limits: RateLimits,
        pause_flag: PauseFlag,
        runner: TaskRunner,
        telemetry: Telemetry,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._in_flight = in_flight
        self._collaborators = collaborators
        self._rate_limits = rate_limits
        self._pause_flag = pause_flag
        self._runner = runner
        self._telemetry = telemetry
        self._clock = clock
        self._batcher = Batcher()
        self._polling = Polling()
        self._sendings: list[Sending] = []
        self._in_progress = 0
        self._has_failed = False

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Handle the event and all that can be received and sent in time; return the partial batch response."""
        deliveries = self._in_flight.open(event, self._collaborators.deadline.visibility_timeout())
        if not self._is_paused():
            self._attempt(partial(self._add, deliveries))
            self._attempt(self._receive_and_send)
        self._wait_for_tasks()
        self._abandon(self._in_flight.unsettled)
        self._telemetry.ended(self._collaborators.settlement.sums)
        return self._in_flight.partial_batch_response()

    def _receive_and_send(self) -> None:
        while not self._has_failed and not self._is_paused() and not self._is_finished():
            if not self._start_call() and not self._start_receive():
                self._runner.wait(self._seconds_until_due())

    def _is_paused(self) -> bool:
        """Return whether the operator has paused sending; calls in progress are finished, and no other one starts."""
        try:
            is_paused = self._pause_flag.is_set()
        except StorageError as error:
            self._telemetry.failed("pause_flag", str(error))
            return False
        if is_paused:
            self._collaborators.state.pause()
        return is_paused

    # ── What starts next ─────────────────────────────────────────────────────────────────────────────────────────────

    def _start_call(self) -> bool:
        """Start the next batch, if one may start now; a full batch starts one slot ahead, to do its lookup."""
        wait = self._seconds_until_call()
        if (
            not self._collaborators.may_send
            or len(self._sendings) >= self._max_calls
            or wait > self._rate_limits.calls.interval
        ):
            return False
        now, serialized = self._clock(), self._collaborators.caller.serialized
        one_at_a_time = [webinar for webinar in serialized if self._batcher.has_batch_in_progress(webinar)]
        is_all = self._polling.is_empty(now) or not self._may_receive
        batch = self._batcher.next_batch(
            now,
            incomplete=wait <= 0 and is_all,
            waited=self._waits_to_be_filled if self._may_receive else 0.0,
            passed_over=[*one_at_a_time, *self._collaborators.state.being_checked],
        )
        if batch:
            self._sendings.append(Sending(self._collaborators, batch))
            self._start(partial(self._send, self._sendings[-1]))
        return bool(batch)

    def _start_receive(self) -> bool:
        """Receive, if more may be in flight and the queue may hold more."""
        if not self._may_receive or self._polling.seconds_until_due(self._clock()) > 0:
            return False
        self._polling.started()
        self._start(self._receive)
        return True

    def _is_finished(self) -> bool:
        """Return whether nothing is in progress, nothing can be sent, and the queue is empty."""
        if self._in_progress or (len(self._batcher) and self._collaborators.may_send):
            return False
        return not self._may_receive or self._polling.is_empty(self._clock())

    @property
    def _may_receive(self) -> bool:
        deadline = self._collaborators.deadline
        sendable = deadline.calls(self._rate_limits.calls.interval)
        has_room = len(self._batcher) < limits.MAX_IN_FLIGHT and self._batcher.calls_needed < sendable
        is_wanted = self._waits_to_be_filled > 0 or not self._polling.is_slow(self._clock())
        return has_room and is_wanted and deadline.allows_receiving() and self._collaborators.may_send

    @property
    def _waits_to_be_filled(self) -> float:
        return self._rate_limits.quota.wait_to_be_filled()

    @property
    def _max_calls(self) -> int:
        return 1 if self._collaborators.breaker.last_call_failed else self._rate_limits.concurrency.limit

    def _seconds_until_call(self) -> float:
        """Return the seconds until another call could start, after the batches that have not called yet."""
        getting_ready = sum(not sending.has_called for sending in self._sendings)
        return self._rate_limits.calls.seconds_until_free() + getting_ready * self._rate_limits.calls.interval

    def _seconds_until_due(self) -> float:
        """Return how many seconds to wait if nothing could start; a task that ends cuts the wait short."""
        call, receive = self._seconds_until_call(), self._polling.seconds_until_due(self._clock())
        due = [call, call - self._rate_limits.calls.interval] if len(self._batcher) else []
        due += [receive] if self._may_receive else []
        # Something due that did not start waits for a task to end. Clocks may not resolve less than a millisecond.
        return max(0.001, min([_RECHECK_SECONDS, *(seconds for seconds in due if seconds > 0)]))

    # ── The tasks ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self, task: Task) -> None:
        def run() -> None:
            try:
                self._attempt(task)
            finally:
                self._in_progress -= 1

        self._in_progress += 1
        self._runner.start(run)

    def _wait_for_tasks(self) -> None:
        while self._in_progress > 0:
            self._runner.wait(_RECHECK_SECONDS)

    def _attempt(self, task: Task) -> None:
        try:
            task()
        except Exception as error:  # noqa: BLE001  on any error, only the unsettled messages return to the queue
            self._has_failed = True
            self._telemetry.unexpected_error(error)

    def _receive(self) -> None:
        deliveries: Sequence[Delivery] = ()
        try:
            deliveries = self._in_flight.receive(self._collaborators.deadline.visibility_timeout())
        finally:
            self._polling.ended(len(deliveries), self._clock())
        self._add(deliveries)

    def _send(self, sending: Sending) -> None:
        try:
            sending.run()
        finally:
            self._sendings.remove(sending)
        self._batcher.finished(sending.batch)

    def _add(self, deliveries: Sequence[Delivery]) -> None:
        """Queue the registrants of these messages, and settle the messages that are not sent."""
        parsed = self._collaborators.intake.read(deliveries)
        for delivery, registrant in parsed.readable:
            self._batcher.add(delivery, registrant, self._clock())
        self._collaborators.intake.settle(parsed)

    def _abandon(self, deliveries: Sequence[Delivery]) -> None:
        """Return messages to the queue on several threads: thousands may be in flight, and little time left."""
        self._telemetry.abandoned(deliveries)
        for chunk in batched(deliveries, limits.ABANDONED_PER_THREAD):
            self._start(partial(self._in_flight.abandon, chunk, self._abandon_seconds))
        self._wait_for_tasks()

    def _abandon_seconds(self, receive_count: int) -> float:
        """Return the seconds to hide a message: 0; more after AWS errors, or while Zoom accepts no calls."""
        stopped_until = self._collaborators.state.stopped_until
        if stopped_until is not None:
            wait = max(stopped_until - self._clock(), backoff(receive_count, self._collaborators.random))
            return min(wait, limits.VISIBILITY_LONGEST_SECONDS)
        return backoff(receive_count, self._collaborators.random) if self._telemetry.failures else 0
