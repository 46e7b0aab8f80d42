"""Decide about a registrant whose outcome is unknown, by Zoom's list of registrants. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from registrar import limits
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Registered, Rejected, deferred_or_too_old
from registrar.outcomes.retry_schedule import Random, backoff, next_utc_day
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.row import Row, moment_of, utc_day
from registrar.zoom.responses import Confirmation, ErrorResponse


def after_last_call(rows: Iterable[Row | None], now: float) -> float:
    """Return the moment (epoch seconds) from which on a listing shows the outcome of each row's last call.

    That call wrote the row; if its invocation was killed, the reservation just before it did.
    """
    written = max(moment_of(row.updated_at if row else None) or now for row in rows)
    return min(now, written + 1 + limits.ZOOM_CALL_SECONDS)  # rows hold whole seconds


def reconciled(
    registrant: QueuedRegistrant, confirmation: Confirmation | None, decision: Decision | None = None
) -> Decision:
    """Decide by Zoom's list: `confirmation` is the registrant's entry in it, None if there is none.

    `decision` is that of today's last call, if there was one. A registrant that is not listed after that call was not
    registered, and Zoom gives no reason.
    """
    last = decision or Decision(registrant, Rejected(Reason.NOT_CONFIRMED))
    if confirmation is None:
        not_in_list = Rejected(Reason.NOT_CONFIRMED, "Zoom neither confirmed this registrant nor lists them")
        return last if isinstance(last.outcome, Rejected) else replace(last, outcome=not_in_list)
    if confirmation.join_url is None:
        return replace(last, outcome=PendingApproval(confirmation.registrant_id))
    return replace(last, outcome=Registered(confirmation.join_url, confirmation.registrant_id))


def not_reconciled(registrant: QueuedRegistrant, error: ErrorResponse, now: float, random: Random) -> Decision:
    """Defer, since the list could not be read: to a later retry, or to the next UTC day if the scope is missing.

    Without the list the last attempt of the day is not risked.
    """
    row = registrant.row
    reason = Reason(row.reason) if row and row.reason else Reason.NOT_CONFIRMED
    forbidden = error.kind.reason == Reason.MISSING_SCOPE
    until = next_utc_day(now, random) if forbidden else now + backoff(registrant.first_delivery.receive_count, random)
    # Zoom's message names the missing scope; any other message about a list may name registrants on it.
    message = error.message if forbidden else ""
    detail = f"Zoom's list of registrants could not be read ({error.kind.reason}). {message}".rstrip()
    outcome = Deferred(reason, until, detail[: limits.DETAIL_CHARACTERS])
    reserved = int(registrant.is_reserved_on(utc_day(now)))  # the reserved attempt was not used
    return Decision(registrant, deferred_or_too_old(registrant, outcome, now), attempts=-reserved)


def unless_outcome_unknown(decision: Decision, error: ErrorResponse, now: float, random: Random) -> Decision:
    """Defer a rejected registrant that may be registered, until the list can be read or the age limit is reached."""
    if not isinstance(decision.outcome, Rejected) or not decision.registrant.outcome_unknown:
        return decision
    waits = not_reconciled(decision.registrant, error, now, random).outcome
    return replace(decision, outcome=waits) if isinstance(waits, Deferred) else decision
