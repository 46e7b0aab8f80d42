"""Look a webinar up at Zoom: one call for it, one for its questions, two more if it was full."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from registrar import limits
from registrar.outcomes.availability import Taken, availability
from registrar.registrants.reasons import Reason
from registrar.registrants.row import moment_of, timestamp
from registrar.zoom.client import ZoomClient
from registrar.zoom.errors import Scope
from registrar.zoom.facts_parser import facts_of
from registrar.zoom.responses import ErrorResponse, Page, settings_in
from registrar.zoom.token_cache import TokenError, Tokens
from registrar.zoom.webinar_facts import KINDS, WEBINAR, WebinarFacts

# Zoom has no such webinar, or none whose host belongs to the account: either way no one can register for it here.
_DOES_NOT_EXIST: Final = frozenset({Reason.WEBINAR_NOT_FOUND, Reason.WEBINAR_NOT_ACCESSIBLE})
_WITHOUT_REGISTRATION: Final = 2  # Zoom's number among the approval types
_LEAST_SECONDS: Final = 0.1  # no call is begun with less time

T = TypeVar("T")


class LookupFailed(RuntimeError):
    """Zoom did not say what it knows. The message names the reason, and holds no token."""


class Lookup:
    """One lookup, which ends in time: a page waits for it."""

    def __init__(
        self, zoom: ZoomClient, tokens: Tokens, clock: Callable[[], float], monotonic: Callable[[], float]
    ) -> None:
        self._zoom = zoom
        self._tokens = tokens
        self._clock = clock
        self._monotonic = monotonic
        self._until = monotonic() + limits.LOOKUP_SECONDS

    def facts(self, webinar_id: str, kind: str, full_since: str | None) -> WebinarFacts:
        """Return what Zoom says; `full_since` stays while the webinar is full.

        Raises:
            LookupFailed: Zoom is unavailable, too slow or too busy, or grants no access.
        """
        kind, webinar = self._find(webinar_id, kind)
        now = self._clock()
        if webinar is None:
            return WebinarFacts(webinar_id=webinar_id, kind=kind, exists=False, looked_up_at=timestamp(now))
        facts = facts_of(webinar_id, kind, webinar, {}, now)
        if facts.approval_type != _WITHOUT_REGISTRATION:
            facts = facts_of(webinar_id, kind, webinar, self._questions(webinar_id, kind), now)
        if full_since and self._is_full(facts, webinar, full_since):
            return replace(facts, full_since=full_since)
        return facts

    def _find(self, webinar_id: str, kind: str) -> tuple[str, Mapping[str, Any] | None]:
        """Return Zoom's description; of the other kind if the id has become one, None if it is neither."""
        for asked in (kind, *(other for other in KINDS if other != kind)):
            response = self._ask(self._zoom.describe, webinar_id, asked)
            if not isinstance(response, ErrorResponse):
                return asked, response
            if asked == kind and response.kind.reason not in _DOES_NOT_EXIST:
                raise _failed(response)
        return kind, None

    def _questions(self, webinar_id: str, kind: str) -> Mapping[str, Any]:
        """Return Zoom's description of the questions; empty where Zoom will not say, now or later."""
        response = self._ask(self._zoom.questions, webinar_id, kind)
        if not isinstance(response, ErrorResponse):
            return response
        if response.kind.reason == Reason.MISSING_SCOPE or response.kind.scope in {Scope.WEBINAR, Scope.REGISTRANT}:
            return {}
        raise _failed(response)

    def _is_full(self, facts: WebinarFacts, webinar: Mapping[str, Any], full_since: str) -> bool:
        """Return whether it still is: by Zoom's numbers, or for an hour after the last refusal if these do not say."""
        seats = availability(settings_in(webinar), self._taken(facts), Reason.WEBINAR_FULL)
        if seats.seats is not None:
            return False
        is_recent = self._clock() - (moment_of(full_since) or 0) < limits.FULL_SECONDS
        return is_recent or seats.closed == Reason.WEBINAR_FULL

    def _taken(self, facts: WebinarFacts) -> Taken:
        if facts.kind != WEBINAR:
            return Taken()
        pages = [
            self._ask(self._zoom.list_registrants, facts.webinar_id, status, "", page_size=1)
            for status in ("approved", "pending")
        ]
        return Taken(*(page.total if isinstance(page, Page) else None for page in pages))

    def _ask(self, call: Callable[..., T | ErrorResponse], *arguments: str, **options: int) -> T | ErrorResponse:
        """Call Zoom, once more with a new token if it refuses the current one."""
        try:
            token = self._tokens.current()
            response = call(token, *arguments, seconds=self._left(), **options)
            if isinstance(response, ErrorResponse) and response.kind.reason == Reason.TOKEN_REJECTED:
                token = self._tokens.after_refusal(token)
                response = call(token, *arguments, seconds=self._left(), **options)
        except TokenError as error:
            raise LookupFailed(str(error)) from error
        return response

    def _left(self) -> float:
        left = self._until - self._monotonic()
        if left < _LEAST_SECONDS:
            raise LookupFailed(f"Zoom took longer than {limits.LOOKUP_SECONDS:.0f} seconds.")
        return left


def _failed(response: ErrorResponse) -> LookupFailed:
    call = response.call
    return LookupFailed(f"Zoom: {response.kind.reason} (status {call.status}, code {call.code}). {response.message}")
