"""Asking Zoom who is registered: before somebody's last attempt, and before somebody is given up (design 3.7).

In: a webinar and identities. Out: those of them whom Zoom knows, approved or pending; or the refusal that kept us from
asking. One listing a webinar serves the whole invocation, if it was begun after the call that it is asked about.
Source: GET /webinars/{webinarId}/registrants, 300 a page.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from registrar.registrants.reasons import Reason
from registrar.registration.calling import Caller
from registrar.zoom.client import Confirmation, ErrorResponse

Confirmed = Mapping[str, Confirmation]

_LISTED_SECONDS = 0.1  # between two looks whether another lane's listing is there


@dataclass(frozen=True)
class _Listing:
    begun_at: float  # epoch seconds
    confirmed: Confirmed


class Reconciliation:
    """Lists the registrants of webinars, once each."""

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
        self._forbidden: ErrorResponse | None = None  # the app lacks the scope: asking again would say the same

    def find(self, webinar_id: str, identities: Collection[str], not_before: float) -> Confirmed | ErrorResponse:
        """Whom of these Zoom knows, by a listing begun at `not_before` (epoch seconds) or later."""
        while webinar_id in self._being_listed:  # by another lane
            self._sleep(_LISTED_SECONDS)
        if self._forbidden is not None:
            return self._forbidden
        listing = self._listings.get(webinar_id)
        if listing is None or listing.begun_at < not_before:
            begun_at = self._clock()
            self._being_listed.add(webinar_id)
            try:
                confirmed = self._list(webinar_id)
            finally:
                self._being_listed.remove(webinar_id)
            if isinstance(confirmed, ErrorResponse):
                self._forbidden = confirmed if confirmed.kind.reason == Reason.MISSING_SCOPE else None
                return confirmed
            listing = self._listings[webinar_id] = _Listing(begun_at, confirmed)
        return {email: listing.confirmed[email] for email in identities if email in listing.confirmed}

    def _list(self, webinar_id: str) -> Confirmed | ErrorResponse:
        confirmed: dict[str, Confirmation] = {}
        for status in ("pending", "approved"):  # approved last: whoever was approved meanwhile counts as approved
            next_page = ""
            while True:
                page = self._caller.list_registrants(webinar_id, status, next_page)
                if isinstance(page, ErrorResponse):
                    return page
                # Somebody pending has no join URL, whatever the list says.
                confirmed |= (
                    page.registrants
                    if status == "approved"
                    else {email: Confirmation(None, one.registrant_id) for email, one in page.registrants.items()}
                )
                next_page = page.next_page
                if not next_page:
                    break
        return confirmed
