"""Tell the registration page which webinars Zoom refuses, so that it asks nobody in vain (contract 11).

The page goes by `WebinarTable`: a webinar that has refused a registrant is full, and one that is over, gone or without
registration is looked up anew. Once per webinar and invocation; where it fails, only the page is late.
"""

import time
from collections.abc import Callable, Iterable
from typing import Final

from registrar import limits
from registrar.observability.telemetry import Telemetry
from registrar.outcomes.outcome import Decision, Rejected
from registrar.registrants.reasons import Reason
from registrar.runtime.deadline import Deadline
from registrar.storage.registrant_table import StorageError
from registrar.storage.webinar_table import WebinarTable

_LOOKED_UP_AGAIN: Final = frozenset({Reason.WEBINAR_NOT_FOUND, Reason.WEBINAR_OVER, Reason.REGISTRATION_DISABLED})


class RefusedWebinars:
    """Notes refusals of webinars for one invocation."""

    def __init__(
        self, table: WebinarTable, deadline: Deadline, telemetry: Telemetry, clock: Callable[[], float] = time.time
    ) -> None:
        self._table = table
        self._deadline = deadline
        self._telemetry = telemetry
        self._clock = clock
        self._noted: set[tuple[str, Reason]] = set()

    def note(self, decisions: Iterable[Decision]) -> None:
        """Note the webinars that refused these registrants; their outcomes are stored already."""
        for decision in decisions:
            if isinstance(decision.outcome, Rejected):
                self._note(decision.registrant.key.webinar_id, decision.outcome.reason)

    def _note(self, webinar_id: str, reason: Reason) -> None:
        is_noted = (webinar_id, reason) in self._noted
        if is_noted or reason not in {Reason.WEBINAR_FULL, *_LOOKED_UP_AGAIN}:
            return
        if self._deadline.seconds() <= limits.STORE_SECONDS:
            return  # the time is kept for outcomes
        self._noted.add((webinar_id, reason))
        try:
            if reason == Reason.WEBINAR_FULL:
                self._table.mark_full(webinar_id, self._clock())
            else:
                self._table.mark_stale(webinar_id)
        except StorageError as error:
            self._telemetry.failed("webinar_table", str(error))
