"""Decide which registrants to send to a webinar that Zoom refused today, or whose registrants have only a last attempt.

Reads come first, since they cost no attempt: the webinar's settings, and the number of its registrants. If they

- state that it accepts none: all are rejected, without another attempt;
- state free seats: as many of the oldest submissions are sent, the others are rejected;
- do not decide, or Zoom contradicts them: the oldest submission is sent alone, then the next, until one is refused.

The last attempt of the day is used only where the numbers state a seat, or another registrant has got in.
So a check takes three reads, one listing if calls may have stored registrants, at most one call that contradicts
the numbers, and as many single calls as there are free seats, plus one; 30 at most, which disproves the refusal.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from math import inf
from typing import Final

from registrar import limits
from registrar.outcomes.availability import UNDECIDED, Availability, Taken, availability
from registrar.queue.queued_registrant import QueuedRegistrant, by_age
from registrar.registrants.reasons import ABOUT_SEATS, Reason
from registrar.registrants.row import utc_day
from registrar.registration.invocation_state import Collaborators, PendingCheck
from registrar.registration.sending.calls import BatchCalls
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.responses import NO_CALL, BatchResponse, Confirmations, ErrorResponse, Page

_KEPT: Final = "Not sent: it could have used the last attempt of the day."

# Errors of a read that another read, minutes later, may not meet.
_READ_LATER: Final = frozenset({Reason.ZOOM_UNAVAILABLE, Reason.RATE_LIMITED})

Registrants = list[QueuedRegistrant]


class AvailabilityCheck:
    """The check of one webinar.

    `follow` settles the registrants of a call as its response says.
    """

    def __init__(
        self,
        collaborators: Collaborators,
        webinar_id: str,
        check: PendingCheck,
        calls: BatchCalls,
        follow: Callable[[Registrants, BatchResponse], object],
    ) -> None:
        self._collaborators = collaborators
        self._webinar_id = webinar_id
        self._webinar = collaborators.state.webinar(webinar_id)
        self._calls = calls
        self._follow = follow
        self._refusal = check.refusal
        self._refused_together = check.refused_together
        self._unread: ErrorResponse | None = None  # why Zoom's numbers could not be read
        self._left = sorted(check.registrants, key=by_age)  # neither sent nor rejected yet

    def admitted(self) -> Registrants:
        """Settle the registrants that must not be sent; return the others, which any number of calls may carry."""
        if self._webinar.closed is not None:
            return self._reject(self._webinar.closed)
        answer = self._answer()
        if answer.closed is not None:
            told = _refusal(answer.closed, answer.detail)
            if self._refusal is not None:
                return self._close(self._refusal if self._refusal.kind.reason == answer.closed else told)
            self._refusal = told  # Zoom itself has not refused it: one registrant shows whether it does
        seats = inf if answer.is_open else answer.seats
        if seats is not None and seats >= len(self._left):
            return self._admit(seats)
        self._left = self._collaborators.reconciliation.settle_stored(self._left)
        if seats is not None:
            if seats >= len(self._left) or self._fill(int(seats)):
                return self._admit(seats) if seats >= len(self._left) else []
        elif self._refusal is None:
            if self._unread is not None and self._unread.kind.reason in _READ_LATER:
                self._keep_last_attempts()
            return self._admit(inf)
        return self._probe()

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self) -> Availability:
        """Ask Zoom, unless its numbers are wrong."""
        refused = self._refusal.kind.reason if self._refusal else None
        if self._webinar.numbers_are_wrong and refused in ABOUT_SEATS:
            return UNDECIDED
        caller = self._collaborators.caller
        settings, taken = caller.webinar_settings(self._webinar_id), Taken()
        if isinstance(settings, ErrorResponse):
            self._unread = settings
        elif refused in {None, Reason.WEBINAR_FULL}:
            taken = self._taken()
        answer = availability(settings, taken, refused)
        if self._refused_together and answer.seats is not None and answer.seats >= self._refused_together:
            self._webinar.numbers_are_wrong = True  # so many seats, and Zoom has just refused as many registrants
            return UNDECIDED
        return answer

    def _taken(self) -> Taken:
        pages = [
            self._collaborators.caller.list_registrants(self._webinar_id, status, "", page_size=1)
            for status in ("approved", "pending")
        ]
        self._unread = next((page for page in pages if isinstance(page, ErrorResponse)), None)
        approved, pending = (page.total if isinstance(page, Page) else None for page in pages)
        return Taken(approved, pending)

    # ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _fill(self, seats: int) -> bool:
        """Send the oldest registrants to the free seats, reject the others; return False if Zoom contradicts."""
        size = limits.REGISTRANTS_PER_CALL
        while seats > 0 and (sendable := self._sendable()) and self._collaborators.may_send:
            chosen = sendable[:seats]
            # After an outage one registrant shows whether Zoom responds to calls, too.
            most = 1 if self._collaborators.breaker.last_call_failed else size
            call = [one for one in chosen if self._attempts_left(one) > 1][:most] or chosen[:1]
            response = self._send(call)
            if self._webinar.closed is not None:
                self._reject(self._webinar.closed)
                return True
            if isinstance(response, Confirmations):
                seats -= len(response.confirmed)
            elif response is not None and response.kind.reason == Reason.WEBINAR_FULL:
                self._webinar.numbers_are_wrong = True
                return False
            elif response is not None and response.kind.scope == Scope.REGISTRANT:
                size = 1  # one of them is invalid
            else:
                seats -= len(call)  # they may have used seats
        if seats <= 0 and self._left and self._collaborators.may_send:
            self._close(self._refusal or _refusal(Reason.WEBINAR_FULL, "Zoom lists no more free seats."))
        return True

    def _probe(self) -> Registrants:
        """Send the oldest registrants alone, until one is refused or enough have got in; return those to send then."""
        is_about_seats = self._refusal is not None and self._refusal.kind.reason in ABOUT_SEATS
        # So many seats, and the refusal is disproved: seats were added, or it was no matter of seats.
        enough = (self._refused_together or limits.REGISTRANTS_PER_CALL) if is_about_seats else 1
        while self._webinar.admitted_alone < enough and self._collaborators.may_send:
            probe = next((one for one in self._sendable() if self._attempts_left(one) > 1), None)
            if probe is None:
                break
            response = self._send([probe])
            if self._webinar.closed is not None:
                return self._reject(self._webinar.closed)
            self._webinar.admitted_alone += isinstance(response, Confirmations) and bool(response.confirmed)
        if not self._collaborators.may_send:
            return []
        is_disproved = self._webinar.admitted_alone >= enough
        if is_about_seats or not is_disproved:
            self._keep_last_attempts()
        return self._admit(inf, with_last=not is_about_seats) if is_disproved else []

    def _keep_last_attempts(self) -> None:
        """Reject registrants that a call could cost the last attempt; defer them if Zoom's numbers were unreadable."""
        refusal = self._refusal
        if self._unread is not None:
            kind = ErrorKind(self._unread.kind.reason, Scope.TRANSPORT, counts=False)
            refusal = replace(self._unread, kind=kind)
        kept = [one for one in self._left if self._attempts_left(one) <= 1]
        if kept and refusal is not None:
            self._calls.settle(kept, replace(refusal, message=_with_note(refusal.message)))
        self._left = [one for one in self._left if one not in kept]

    def _send(self, call: Registrants) -> BatchResponse | None:
        """Make one call; registrants that it refused together stay."""
        sent, response = self._calls.call_unlisted(call)
        is_refused_together = (
            len(sent) > 1
            and isinstance(response, ErrorResponse)
            and (response.kind.scope == Scope.REGISTRANT or response.kind.reason == Reason.WEBINAR_FULL)
        )
        stay = sent if is_refused_together else []
        gone = {one.key for one in call} - {one.key for one in stay}
        self._left = [one for one in self._left if one.key not in gone]
        for one in stay:
            one.count_attempt(self._day)
        if response is not None and not stay:
            self._follow(sent, response)
        return response

    def _admit(self, seats: float, *, with_last: bool = True) -> Registrants:
        self._webinar.trust(seats, self._collaborators.clock(), with_last=with_last)
        return self._left

    # ── Rejecting ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _close(self, refusal: ErrorResponse) -> Registrants:
        self._webinar.close(refusal, self._collaborators.clock())
        return self._reject(refusal.without_attempt())

    def _reject(self, refusal: ErrorResponse) -> Registrants:
        if self._left:
            self._calls.settle(self._left, refusal)
        self._left = []
        return []

    @property
    def _day(self) -> str:
        return utc_day(self._collaborators.clock())

    def _attempts_left(self, registrant: QueuedRegistrant) -> int:
        return registrant.attempts_left(self._day)

    def _sendable(self) -> Registrants:
        return [one for one in self._left if self._attempts_left(one) > 0]


def refusal_in_rows(
    registrants: Sequence[QueuedRegistrant], reasons: Collection[Reason], day: str
) -> ErrorResponse | None:
    """Return the last of today's refusals for these reasons that the registrants' rows hold."""
    rows = [one.row for one in registrants if one.row and one.row.used(day) and one.row.reason in reasons]
    last = max(rows, key=lambda row: row.updated_at or "", default=None)
    return _refusal(Reason(str(last.reason)), last.detail or "") if last else None


def _refusal(reason: Reason, detail: str) -> ErrorResponse:
    return ErrorResponse(NO_CALL, ErrorKind(reason, Scope.WEBINAR, counts=False), detail)


def _with_note(message: str) -> str:
    return f"{message[: limits.DETAIL_CHARACTERS - len(_KEPT) - 1]} {_KEPT}".lstrip()
