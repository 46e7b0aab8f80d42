"""Send one batch: call Zoom, and follow each response: settle, split, reconcile or stop.

Afterwards every registrant of the batch is settled, or still in flight because sending stopped or time ran out. The
scope of an error response decides: a registrant's is split until they are alone, a webinar's closes the webinar, the
account's stops all sending.
"""

from collections import deque
from collections.abc import Collection, Sequence

from registrar import limits
from registrar.outcomes import isolation
from registrar.outcomes.outcome import Decision, Deferred, Rejected, decide
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import WEBINAR_WIDE, Reason
from registrar.registrants.row import utc_day
from registrar.registration.calling import NO_TIME
from registrar.registration.doubtful_webinar import DoubtfulWebinar, Steps, refusal_in_rows
from registrar.registration.invocation_state import Collaborators, Doubt
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.responses import NO_CALL, BatchResponse, Confirmations, ErrorResponse

_ZOOM_UNREACHABLE = ErrorResponse(
    NO_CALL, ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts=False), "Zoom does not respond yet"
)

_POLL_SECONDS = 0.1  # between two checks whether another thread has ended a doubt


class Sending:
    """Sends one batch in as many calls as attempts and responses require.

    `has_called`: this batch no longer delays the next one. Its first call has taken a slot of the rate limit or is
    about to, or it reads Zoom's list first, which may take minutes.
    """

    def __init__(self, collaborators: Collaborators, batch: Sequence[QueuedRegistrant]) -> None:
        self._collaborators = collaborators
        self.batch = batch
        self.webinar_id = batch[0].key.webinar_id
        self.has_called = False
        self._webinar = collaborators.state.webinar(self.webinar_id)
        self._after_outage = False  # the first call shows whether Zoom responds again
        self._rejected_alone = self._any_registered = False

    def run(self) -> None:
        """Send the batch until every registrant is settled, sending stops, or no time is left."""
        doubt = self._webinar.doubt
        if doubt is not None and doubt.is_decided:
            self._wait_for(doubt)
        self._webinar.batches += 1
        try:
            self._run()
        finally:
            self._webinar.batches -= 1

    def _run(self) -> None:
        collaborators = self._collaborators
        registrants = collaborators.lookup.still_to_send(self.batch)
        self._after_outage = collaborators.breaker.is_open
        if registrants and self._after_outage and not self._zoom_is_reachable():
            self._reject_too_old(registrants)
            return
        if not self._is_put_in_doubt(registrants):
            self._send(registrants)
        self._end_doubts()
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
        if webinar.doubt is not None:
            webinar.put_in_doubt(registrants, None)
            return []
        if webinar.closed is not None:
            self._settle(registrants, webinar.closed)
            return []
        registrants, day = self._unlisted(registrants), utc_day(now)
        is_last_attempt = any(registrant.attempts_left(day) == 1 for registrant in registrants)
        if is_last_attempt and not webinar.is_trusted(len(registrants), now, with_last=True):
            webinar.put_in_doubt(registrants, refusal_in_rows(registrants, WEBINAR_WIDE, day))
            return []
        registrants, response = self._call(registrants)
        return [] if response is None else self._follow(registrants, response)

    def _call(self, registrants: list[QueuedRegistrant]) -> tuple[list[QueuedRegistrant], BatchResponse | None]:
        """Reserve and send; return those that were sent, and the response, None without a call."""
        registrants = self._reserved(registrants)
        if not registrants:
            return [], None
        response = self._register(registrants)
        self._collaborators.state.record(response)
        return registrants, response

    def _call_unlisted(
        self, registrants: list[QueuedRegistrant]
    ) -> tuple[list[QueuedRegistrant], BatchResponse | None]:
        return self._call(self._unlisted(registrants))

    def _follow(self, registrants: list[QueuedRegistrant], response: BatchResponse) -> isolation.Calls:
        """Settle the registrants of a call; return the calls that its response requires."""
        is_alone = len(registrants) == 1
        if isinstance(response, ErrorResponse) and not is_alone:
            if response.kind.reason == Reason.WEBINAR_FULL:
                self._leave_in_doubt(registrants, response)
                return []
            if response.kind.scope == Scope.REGISTRANT:
                return self._split(registrants, response)
        # Without time for a call there is no new row (contract 4); a reserved one is settled.
        self._settle([one for one in registrants if one.reserved or response is not NO_TIME], response, alone=is_alone)
        self._collaborators.state.conclude(self.webinar_id, response)
        if isinstance(response, Confirmations):
            self._any_registered = True
        elif response.kind.scope == Scope.REGISTRANT and is_alone:
            self._rejected_alone = True
        return []

    def _register(self, registrants: Sequence[QueuedRegistrant]) -> BatchResponse:
        self.has_called = True
        for registrant in registrants:
            registrant.is_in_call = True
        try:
            return self._collaborators.caller.register(registrants)
        finally:
            for registrant in registrants:
                registrant.is_in_call = False

    # ── A refused call of several ────────────────────────────────────────────────────────────────────────────────────

    def _split(self, registrants: list[QueuedRegistrant], error: ErrorResponse) -> isolation.Calls:
        """Count the attempt, settle registrants without one left, and return smaller calls for the others."""
        day = utc_day(self._collaborators.clock())
        named = error.named
        if error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and named:
            self._settle([registrant for registrant in registrants if registrant.key.email in named], error)
            registrants = [registrant for registrant in registrants if registrant.key.email not in named]
            named = frozenset()
        left = {
            registrant.key: registrant.attempts_left(day) - int(not registrant.is_reserved_on(day))
            for registrant in registrants
        }
        self._settle([registrant for registrant in registrants if left[registrant.key] <= 0], error)
        remaining = [registrant for registrant in registrants if left[registrant.key] > 0]
        for registrant in remaining:
            registrant.count_attempt(day)
        if error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and error.named:
            return isolation.together(remaining, lambda registrant: left[registrant.key])
        return isolation.split(remaining, named, lambda registrant: left[registrant.key])

    # ── A webinar that Zoom refused ──────────────────────────────────────────────────────────────────────────────────

    def _is_put_in_doubt(self, registrants: list[QueuedRegistrant]) -> bool:
        """Put the batch in doubt if another attempt would be used for a webinar that may still refuse it."""
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
        webinar.put_in_doubt(registrants, refusal)
        return True

    def _leave_in_doubt(self, registrants: list[QueuedRegistrant], error: ErrorResponse) -> None:
        """Count the attempt of registrants that a full webinar refused together: some may still get in."""
        day = utc_day(self._collaborators.clock())
        for registrant in registrants:
            registrant.count_attempt(day)
        webinar, now = self._webinar, self._collaborators.clock()
        webinar.numbers_are_wrong |= webinar.is_trusted(len(registrants), now, with_last=False)
        webinar.seats = 0
        webinar.put_in_doubt(registrants, error.without_attempt(), len(registrants))

    def _end_doubts(self) -> None:
        """End the webinar's doubt as the first of its batches, or wait until another batch has ended it."""
        while (doubt := self._webinar.doubt) is not None:
            if doubt.is_being_ended:
                doubt.waiting += 1
                self._wait_for(doubt)
            else:
                self._send(self._end(doubt))

    def _wait_for(self, doubt: Doubt) -> None:
        while not doubt.is_over:
            self._collaborators.sleep(_POLL_SECONDS)

    def _end(self, doubt: Doubt) -> list[QueuedRegistrant]:
        """Return the registrants that may be sent, once no call of the webinar is in progress."""
        self.has_called = doubt.is_being_ended = True
        try:
            while doubt.waiting < self._webinar.batches - 1:
                self._collaborators.sleep(_POLL_SECONDS)
            doubt.is_decided = True
            if not self._collaborators.may_send:
                return []
            steps = Steps(self._call_unlisted, self._follow, self._settle)
            return DoubtfulWebinar(self._collaborators, self.webinar_id, doubt, steps).admitted()
        finally:
            self._webinar.doubt, doubt.is_over = None, True

    # ── After an outage ──────────────────────────────────────────────────────────────────────────────────────────────

    def _zoom_is_reachable(self) -> bool:
        """Probe Zoom after an outage, before a call risks attempts."""
        collaborators, now = self._collaborators, self._collaborators.clock()
        if not collaborators.breaker.is_pausing(now) and collaborators.caller.zoom_is_reachable(self.webinar_id):
            collaborators.breaker.half_open()
            return True
        collaborators.state.stop(Reason.ZOOM_UNAVAILABLE, _ZOOM_UNREACHABLE.message, collaborators.clock())
        return False

    def _reject_too_old(self, registrants: Sequence[QueuedRegistrant]) -> None:
        """Apply the age limit to registrants that would only be deferred again."""
        waited = [registrant for registrant in registrants if registrant.was_deferred]
        now = self._collaborators.clock()
        decisions = decide(waited, _ZOOM_UNREACHABLE, utc_day(now), now, self._collaborators.random, alone=False)
        too_old = [decision for decision in decisions if isinstance(decision.outcome, Rejected)]
        self._collaborators.settlement.settle(self._reconciled(too_old, now), utc_day(now))

    # ── Settling and reconciling ─────────────────────────────────────────────────────────────────────────────────────

    def _settle(self, registrants: Sequence[QueuedRegistrant], response: BatchResponse, *, alone: bool = False) -> None:
        # It may be the next UTC day by now: Zoom may have counted the call there, and no earlier day limits attempts.
        collaborators, now = self._collaborators, self._collaborators.clock()
        decisions = decide(registrants, response, utc_day(now), now, collaborators.random, alone=alone)
        if isinstance(response, ErrorResponse) and response.kind.scope == Scope.ACCOUNT:
            waits = [decision.outcome.until for decision in decisions if isinstance(decision.outcome, Deferred)]
            collaborators.state.stop(response.kind.reason, response.message, min(waits, default=now))
        collaborators.settlement.settle(self._reconciled(decisions, now), utc_day(now))

    def _unlisted(self, registrants: list[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Settle those that Zoom lists, before a last attempt that may not be needed; return the rest."""
        day = utc_day(self._collaborators.clock())
        doubtful = [one for one in registrants if one.outcome_unknown and one.attempts_left(day) == 1]
        return self._still_to_send(registrants, doubtful)

    def _reserved(self, registrants: list[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Return the registrants whose attempt is reserved, as far as one is needed."""
        day = utc_day(self._collaborators.clock())
        if not self._collaborators.may_send:
            return []  # reading Zoom's list took long, and sending has stopped meanwhile
        left = {registrant.key: registrant.attempts_left(day) for registrant in registrants}
        registrants = self._collaborators.reservation.reserve(registrants, day)
        # Another environment has tried them since the row was read, with an unknown outcome: this is the last attempt.
        tried_elsewhere = [
            one for one in registrants if one.reserved and one.attempts_left(day) == 0 and left[one.key] > 1
        ]
        return self._still_to_send(registrants, tried_elsewhere)

    def _still_to_send(
        self, registrants: list[QueuedRegistrant], doubtful: Collection[QueuedRegistrant]
    ) -> list[QueuedRegistrant]:
        if not doubtful:
            return registrants
        self.has_called = True
        return self._collaborators.reconciliation.settle_listed(registrants, doubtful)

    def _reconciled(self, decisions: list[Decision], now: float) -> list[Decision]:
        self.has_called = self.has_called or any(decision.needs_reconciliation for decision in decisions)
        return self._collaborators.reconciliation.reconcile(decisions, now)
