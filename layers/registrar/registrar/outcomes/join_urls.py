"""Decide which join URL is stored where two calls registered the same registrant. Pure.

When Zoom registers a registrant again, it may replace the join URL, and the earlier one is invalid then. Only Zoom's
list shows two environments which of their calls was the later one. So a registration is stored only over the row as it
was before its call; where the row has changed, or a call whose outcome it does not hold may have followed, the list
decides.
"""

from dataclasses import replace

from registrar import limits
from registrar.outcomes import row_transitions
from registrar.outcomes.outcome import Decision, Deferred, Registered, Rejected
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, OUTCOME_UNKNOWN, Reason
from registrar.registrants.row import Row
from registrar.zoom.responses import NO_CALL, Confirmation, ErrorResponse


def settled_unless_overtaken(current: Row | None, decision: Decision, day: str, now: float) -> Row | None:
    """Return the row after a decision; None if another environment came between, or the row needs no change."""
    if isinstance(decision.outcome, Registered):
        is_stored = current is not None and current.is_registered and current.join_url == decision.outcome.join_url
        if is_stored or current is not decision.registrant.row:
            return None
    return row_transitions.settled(current, decision, day, now)


def may_have_replaced(decision: Decision, row: Row | None) -> bool:
    """Return whether `row`, which was left unchanged, may lack the join URL that is valid after this call."""
    match decision.outcome:
        case Registered(join_url):
            return row is None or not row.is_registered or row.join_url != join_url
        case Deferred(reason=reason) | Rejected(reason=reason):
            return decision.call != NO_CALL and reason in OUTCOME_UNKNOWN
    return False


def with_listed_url(decision: Decision, listed: Confirmation | None) -> Decision:
    """Return the decision with the join URL that Zoom lists; else as decided, or as the registered row says."""
    if listed is not None and listed.join_url is not None:
        return replace(decision, outcome=Registered(listed.join_url, listed.registrant_id))
    return decision if isinstance(decision.outcome, Registered) else as_registered(decision, decision.registrant.row)


def is_asked_later(registrant: QueuedRegistrant, error: ErrorResponse, now: float) -> bool:
    """Return whether the list, which could not be read, may still show which join URL is valid.

    Only if the row holds one: an outcome that is not stored is stored, and not risked for a better one.
    """
    is_final = error.kind.reason == Reason.MISSING_SCOPE or error.kind.reason in FINAL_FOR_WEBINAR
    is_too_old = now - registrant.first_delivery.sent_at > limits.AGE_LIMIT_SECONDS
    return registrant.row is not None and registrant.row.is_registered and not is_final and not is_too_old


def as_registered(decision: Decision, row: Row | None) -> Decision:
    """Return `registered` as the row says: another environment has registered them, which is final."""
    return replace(decision, outcome=registration_of(row))


def registration_of(row: Row | None) -> Registered:
    """Return the registration that a row holds."""
    return Registered((row.join_url if row else None) or "", row.registrant_id if row else None)
