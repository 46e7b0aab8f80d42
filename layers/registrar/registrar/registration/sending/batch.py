"""Send one batch: call Zoom, and follow each response: settle, split, reconcile or stop.

Afterwards every registrant of the batch is settled, or still in flight because sending stopped or time ran out. The
scope of an error response decides: a registrant's is split until they are alone, a webinar's closes the webinar, the
account's stops all sending.
"""

from collections import deque
from collections.abc import Sequence

from registrar import limits
from registrar.outcomes import isolation
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import WEBINAR_WIDE, Reason
from registrar.registrants.row import utc_day
from registrar.registration.calling import NO_TIME
from registrar.registration.invocation_state import Collaborators, PendingCheck
from registrar.registration.sending.availability_check import AvailabilityCheck, refusal_in_rows
from registrar.registration.sending.calls import BatchCalls
from registrar.zoom.errors import Scope
from registrar.zoom.responses import BatchResponse, Confirmations, ErrorResponse

_POLL_SECONDS = 0.1  # between two checks whether another thread has ended a check


class Sending:
    """Sends one batch in as many calls as attempts and responses require."""

    def __init__(self, collaborators: Collaborators, batch: Sequence[QueuedRegistrant]) -> None:
        self._collaborators = collaborators
        self.batch = batch
        self.webinar_id = batch[0].key.webinar_id
        self._calls = BatchCalls(collaborators, self.webinar_id)
        self._webinar = collaborators.state.webinar(self.webinar_id)
        self._after_outage = False  # the first call shows whether Zoom responds again
        self._rejected_alone = self._any_registered = False

    @property
    def has_called(self) -> bool:
        """Return whether this batch no longer delays the next one."""
        return self._calls.has_called

    def run(self) -> None:
        """Send the batch until every registrant is settled, sending stops, or no time is left."""
        check = self._webinar.check
        if check is not None and check.is_complete:
            self._wait_for(check)
        self._webinar.batches += 1
        try:
            self._run()
        finally:
            self._webinar.batches -= 1

    def _run(self) -> None:
        collaborators = self._collaborators
        registrants = collaborators.lookup.still_to_send(self.batch)
        self._after_outage = collaborators.breaker.is_open
        if registrants and self._after_outage and not self._calls.zoom_is_reachable():
            self._calls.reject_too_old(registrants)
            return
        if not self._waits_for_check(registrants):
            self._send(registrants)
        self._run_checks()
        if self._rejected_alone and not self._any_registered and len(self.batch) > 1:
            collaborators.state.all_rejected.add(self.webinar_id)

    def _send(self, registrants: list[QueuedRegistrant]) -> None:
        all_rejected = self._collaborators.state.all_rejected
        day = utc_day(self._collaborators.clock())
        together = [registrant for registrant in registrants if registrant.attempts_left(day) > 1]
        alone = [registrant for registrant in registrants if registrant.attempts_left(day) <= 1]
        if (self._after_outage or self.webinar_id in all_rejected) and len(together) > 1:
            # Zoom rejected the whole last batch, or did not respond: one registrant shows whether that has changed.
            together.sort(key=lambda registrant: registrant.attempts_left(day), reverse=True)
            self._send_calls(isolation.one_by_one(together[:1]))
            together = together[1:]
        split = self.webinar_id in all_rejected
        calls = (
            isolation.one_by_one(together)
            if split
            else isolation.together(together, lambda registrant: registrant.attempts_left(day))
        )
        self._send_calls(calls + isolation.one_by_one(alone))

    def _send_calls(self, calls: isolation.Calls) -> None:
        waiting = deque(calls)
        while waiting and self._collaborators.may_send:
            waiting.extend(self._send_one(waiting.popleft()))

    def _send_one(self, registrants: list[QueuedRegistrant]) -> isolation.Calls:
        """Make one call; return the calls that its response requires."""
        webinar, now = self._webinar, self._collaborators.clock()
        if webinar.check is not None:
            webinar.add_to_check(registrants, None)
            return []
        if webinar.closed is not None:
            self._calls.settle(registrants, webinar.closed)
            return []
        registrants, day = self._calls.unlisted(registrants), utc_day(now)
        is_last_attempt = any(registrant.attempts_left(day) == 1 for registrant in registrants)
        if is_last_attempt and not webinar.is_trusted(len(registrants), now, with_last=True):
            webinar.add_to_check(registrants, refusal_in_rows(registrants, WEBINAR_WIDE, day))
            return []
        registrants, response = self._calls.call(registrants)
        return [] if response is None else self._follow(registrants, response)

    def _follow(self, registrants: list[QueuedRegistrant], response: BatchResponse) -> isolation.Calls:
        """Settle the registrants of a call; return the calls that its response requires."""
        is_alone = len(registrants) == 1
        if isinstance(response, ErrorResponse) and not is_alone:
            if response.kind.reason == Reason.WEBINAR_FULL:
                self._let_wait_for_check(registrants, response)
                return []
            if response.kind.scope == Scope.REGISTRANT:
                return self._split(registrants, response)
        # Without time for a call there is no new row (contract 4); a reserved one is settled.
        self._calls.settle(
            [one for one in registrants if one.reserved or response is not NO_TIME], response, alone=is_alone
        )
        self._collaborators.state.conclude(self.webinar_id, response)
        if isinstance(response, Confirmations):
            self._any_registered = True
        elif response.kind.scope == Scope.REGISTRANT and is_alone:
            self._rejected_alone = True
        return []

    # ── A refused call of several ────────────────────────────────────────────────────────────────────────────────────

    def _split(self, registrants: list[QueuedRegistrant], error: ErrorResponse) -> isolation.Calls:
        """Count the attempt, settle registrants without one left, and return smaller calls for the others."""
        day = utc_day(self._collaborators.clock())
        named = error.named
        if error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and named:
            self._calls.settle([registrant for registrant in registrants if registrant.key.email in named], error)
            registrants = [registrant for registrant in registrants if registrant.key.email not in named]
            named = frozenset()
        left = {
            registrant.key: registrant.attempts_left(day) - int(not registrant.is_reserved_on(day))
            for registrant in registrants
        }
        self._calls.settle([registrant for registrant in registrants if left[registrant.key] <= 0], error)
        remaining = [registrant for registrant in registrants if left[registrant.key] > 0]
        for registrant in remaining:
            registrant.count_attempt(day)
        if error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and error.named:
            return isolation.together(remaining, lambda registrant: left[registrant.key])
        return isolation.split(remaining, named, lambda registrant: left[registrant.key])

    # ── A webinar that Zoom refused ──────────────────────────────────────────────────────────────────────────────────

    def _waits_for_check(self, registrants: list[QueuedRegistrant]) -> bool:
        """Have the webinar checked if it may still refuse, before another attempt is used; return whether it is."""
        webinar, now = self._webinar, self._collaborators.clock()
        refusal: ErrorResponse | None
        if webinar.closed is not None:
            if now < webinar.closed_at + limits.REFUSAL_SECONDS or webinar.closed.kind.reason not in WEBINAR_WIDE:
                return False
            refusal, webinar.closed = webinar.closed, None
        elif webinar.is_trusted(len(registrants), now, with_last=False):
            return False
        else:
            day = utc_day(now)
            refusal = refusal_in_rows(registrants, WEBINAR_WIDE, day)
            # Zoom may have left out those for whom there was no seat.
            if refusal is None and refusal_in_rows(registrants, {Reason.NOT_CONFIRMED}, day) is None:
                return False
        webinar.add_to_check(registrants, refusal)
        return True

    def _let_wait_for_check(self, registrants: list[QueuedRegistrant], error: ErrorResponse) -> None:
        """Count the attempt of registrants that a full webinar refused together: some may still get in."""
        day = utc_day(self._collaborators.clock())
        for registrant in registrants:
            registrant.count_attempt(day)
        webinar, now = self._webinar, self._collaborators.clock()
        webinar.numbers_are_wrong |= webinar.is_trusted(len(registrants), now, with_last=False)
        webinar.seats = 0
        webinar.add_to_check(registrants, error.without_attempt(), len(registrants))

    def _run_checks(self) -> None:
        """End the webinar's check as the first of its batches, or wait until another batch has ended it."""
        while (check := self._webinar.check) is not None:
            if check.is_running:
                check.waiting += 1
                self._wait_for(check)
            else:
                self._send(self._check(check))

    def _wait_for(self, check: PendingCheck) -> None:
        while not check.is_over:
            self._collaborators.sleep(_POLL_SECONDS)

    def _check(self, check: PendingCheck) -> list[QueuedRegistrant]:
        """Return the registrants that may be sent, once no call of the webinar is in progress."""
        self._calls.has_called = check.is_running = True
        try:
            while check.waiting < self._webinar.batches - 1:
                self._collaborators.sleep(_POLL_SECONDS)
            check.is_complete = True
            if not self._collaborators.may_send:
                return []
            return AvailabilityCheck(self._collaborators, self.webinar_id, check, self._calls, self._follow).admitted()
        finally:
            self._webinar.check, check.is_over = None, True
