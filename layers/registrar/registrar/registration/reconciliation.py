"""Read Zoom's list of registrants where an outcome is unknown: before a last attempt, and before giving up.

One listing per webinar serves the whole invocation, if it started after the call in question.
Source: GET /webinars/{webinarId}/registrants, 300 per page.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from registrar.outcomes.outcome import Decision
from registrar.outcomes.reconciled import after_last_call, not_reconciled, reconciled, unless_outcome_unknown
from registrar.outcomes.retry_schedule import Random
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, Reason
from registrar.registrants.row import utc_day
from registrar.registration.calling import Caller
from registrar.registration.settlement import Settlement
from registrar.runtime.deadline import Deadline
from registrar.zoom.responses import Confirmation, ErrorResponse

Confirmed = Mapping[str, Confirmation]

_POLL_SECONDS = 0.1  # between two checks whether another thread's listing is complete


@dataclass(frozen=True)
class _Listing:
    started_at: float  # epoch seconds
    confirmed: Confirmed


class RegistrantListings:
    """Lists the registrants of webinars, once per webinar."""

    def __init__(
        self,
        caller: Caller,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._caller = caller
        self._clock = clock
        self._sleep = sleep
        self._being_listed: set[str] = set()
        self._listings: dict[str, _Listing] = {}
        self._forbidden: ErrorResponse | None = None  # the app lacks the scope: the next response would be the same

    def find(self, webinar_id: str, identities: Collection[str], not_before: float) -> Confirmed | ErrorResponse:
        """Return those that Zoom lists, in a listing started at `not_before` (epoch seconds) or later."""
        while webinar_id in self._being_listed:  # by another thread
            self._sleep(_POLL_SECONDS)
        if self._forbidden is not None:
            return self._forbidden
        listing = self._listings.get(webinar_id)
        if listing is None or listing.started_at < not_before:
            started_at = self._clock()
            self._being_listed.add(webinar_id)
            try:
                confirmed = self._list(webinar_id)
            finally:
                self._being_listed.remove(webinar_id)
            if isinstance(confirmed, ErrorResponse):
                self._forbidden = confirmed if confirmed.kind.reason == Reason.MISSING_SCOPE else None
                return confirmed
            listing = self._listings[webinar_id] = _Listing(started_at, confirmed)
        return {email: listing.confirmed[email] for email in identities if email in listing.confirmed}

    def _list(self, webinar_id: str) -> Confirmed | ErrorResponse:
        confirmed: dict[str, Confirmation] = {}
        for status in ("pending", "approved"):  # approved last: it wins if the host approves meanwhile
            next_page = ""
            while True:
                page = self._caller.list_registrants(webinar_id, status, next_page)
                if isinstance(page, ErrorResponse):
                    return page
                # A pending registrant has no join URL, whatever the list says.
                confirmed |= (
                    page.registrants
                    if status == "approved"
                    else {email: Confirmation(None, one.registrant_id) for email, one in page.registrants.items()}
                )
                next_page = page.next_page
                if not next_page:
                    break
        return confirmed


class Reconciliation:
    """Settles registrants whose outcome is unknown by what Zoom lists."""

    def __init__(
        self,
        listings: RegistrantListings,
        settlement: Settlement,
        deadline: Deadline,
        random: Random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._listings = listings
        self._settlement = settlement
        self._deadline = deadline
        self._random = random
        self._clock = clock

    def settle_listed(
        self, registrants: Sequence[QueuedRegistrant], unknown: Collection[QueuedRegistrant]
    ) -> list[QueuedRegistrant]:
        """Settle those of `unknown` that Zoom lists, all if the list cannot be read; return the rest."""
        now = self._clock()
        found = self._find(unknown, after_last_call([one.row for one in unknown], now))
        if isinstance(found, ErrorResponse):
            decisions = {one.key: not_reconciled(one, found, now, self._random) for one in unknown}
        else:
            listed = [one for one in unknown if one.key.email in found]
            decisions = {one.key: reconciled(one, found[one.key.email]) for one in listed}
        self._settlement.settle(list(decisions.values()), utc_day(now))
        return [one for one in registrants if one.key not in decisions]

    def settle_stored(self, registrants: Sequence[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Settle those that an earlier call has registered; return the rest, or all if the list cannot be read."""
        unknown = [one for one in registrants if one.was_refused_with_others or one.outcome_unknown]
        now = self._clock()
        found = self._find(unknown, not_before=now) if unknown and self._deadline.allows_call() else {}
        if isinstance(found, ErrorResponse):
            return list(registrants)
        for one in unknown:
            one.was_refused_with_others = False
        stored = {one.key: reconciled(one, found[one.key.email]) for one in unknown if one.key.email in found}
        self._settlement.settle(list(stored.values()), utc_day(now))
        return [one for one in registrants if one.key not in stored]

    def reconcile(self, decisions: list[Decision], now: float) -> list[Decision]:
        """Look up in Zoom's list those that would be given up but may be registered; return corrected decisions."""
        unknown = [decision for decision in decisions if decision.needs_reconciliation]
        if not unknown or not self._deadline.allows_call():
            return decisions
        found = self._find([decision.registrant for decision in unknown], not_before=now)
        if isinstance(found, ErrorResponse):
            if found.kind.reason in FINAL_FOR_WEBINAR:
                return decisions  # there is no such list
            return [
                unless_outcome_unknown(one, found, now, self._random) if one in unknown else one for one in decisions
            ]
        return [
            reconciled(one.registrant, found.get(one.registrant.key.email), one) if one in unknown else one
            for one in decisions
        ]

    def _find(self, registrants: Collection[QueuedRegistrant], not_before: float) -> Confirmed | ErrorResponse:
        """Look up registrants of one webinar in Zoom's list."""
        keys = [registrant.key for registrant in registrants]
        return self._listings.find(keys[0].webinar_id, [key.email for key in keys], not_before)
