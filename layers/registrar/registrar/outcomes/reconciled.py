"""What Zoom's list of registrants says of somebody whose outcome is unknown. Pure."""

from dataclasses import replace

from registrar import limits
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Registered, Rejected, deferred_or_too_old
from registrar.outcomes.retry_schedule import Random, backoff, next_utc_day
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.row import utc_day
from registrar.zoom.client import Confirmation, ErrorResponse


def reconciled(
    registrant: QueuedRegistrant, confirmation: Confirmation | None, decision: Decision | None = None
) -> Decision:
    """What Zoom's list of registrants says of somebody; `decision` is that of his last call, if there was one today.

    Not in the list after the last call: Zoom has not taken him, and says no more about it.
    """
    last = decision or Decision(registrant, Rejected(Reason.NOT_CONFIRMED))
    if confirmation is None:
        not_in_list = Rejected(Reason.NOT_CONFIRMED, "Zoom neither confirmed nor lists him")
        return last if isinstance(last.outcome, Rejected) else replace(last, outcome=not_in_list)
    if confirmation.join_url is None:
        return replace(last, outcome=PendingApproval(confirmation.registrant_id))
    return replace(last, outcome=Registered(confirmation.join_url, confirmation.registrant_id))


def not_reconciled(registrant: QueuedRegistrant, error: ErrorResponse, now: float, random: Random) -> Decision:
    """Zoom could not be asked about him, and his last attempt is not risked: later, or tomorrow if it is forbidden."""
    row = registrant.row
    reason = Reason(row.reason) if row and row.reason else Reason.NOT_CONFIRMED
    forbidden = error.kind.reason == Reason.MISSING_SCOPE
    until = next_utc_day(now, random) if forbidden else now + backoff(registrant.first_delivery.receive_count, random)
    # Which scope is missing must be told; other words about a list may name anybody who is on it.
    words = error.message if forbidden else ""
    detail = f"Zoom could not be asked whether he is registered ({error.kind.reason}). {words}".rstrip()
    outcome = Deferred(reason, until, detail[: limits.DETAIL_CHARACTERS])
    reserved = int(registrant.is_reserved_on(utc_day(now)))  # and not used
    return Decision(registrant, deferred_or_too_old(registrant, outcome, now), attempts=-reserved)


def unless_outcome_unknown(decision: Decision, error: ErrorResponse, now: float, random: Random) -> Decision:
    """Zoom could not be asked about somebody given up: he waits until it can be, or until he is too old."""
    if not isinstance(decision.outcome, Rejected) or not decision.registrant.outcome_unknown:
        return decision
    waits = not_reconciled(decision.registrant, error, now, random).outcome
    return replace(decision, outcome=waits) if isinstance(waits, Deferred) else decision
