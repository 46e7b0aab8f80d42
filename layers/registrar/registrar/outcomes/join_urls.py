"""Decide which join URL is stored where two calls registered the same registrant. Pure.

When Zoom registers a registrant again, it may replace the join URL, and the earlier one is invalid then. Only Zoom's
list shows two environments which of their calls was the later one. So a registration is stored only over the row as it
was before its call; where the row has changed, or a call whose outcome it does not hold may have followed, the list
decides.
"""

from dataclasses import replace

from registrar.outcomes import row_transitions
from registrar.outcomes.outcome import Decision, Deferred, Registered, Rejected
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import OUTCOME_UNKNOWN
from registrar.registrants.row import Row
from registrar.zoom.client import NO_CALL, Confirmation


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


def may_have_been_sent_since(registrant: QueuedRegistrant) -> bool:
    """Return whether an earlier delivery may have been sent after the call that the registered row is of."""
    stored = registrant.row.message_id if registrant.row else None
    return any(delivery.receive_count > 1 and delivery.message_id != stored for delivery in registrant.deliveries)


def with_listed_url(decision: Decision, listed: Confirmation | None) -> Decision:
    """Return the decision with the join URL that Zoom lists; else as decided, or as the registered row says."""
    if listed is not None and listed.join_url is not None:
        return replace(decision, outcome=Registered(listed.join_url, listed.registrant_id))
    return decision if isinstance(decision.outcome, Registered) else as_registered(decision, decision.registrant.row)


def as_registered(decision: Decision, row: Row | None) -> Decision:
    """Return `registered` as the row says: another environment has registered them, which is final."""
    return replace(decision, outcome=registration_of(row))


def registration_of(row: Row | None) -> Registered:
    """Return the registration that a row holds."""
    return Registered((row.join_url if row else None) or "", row.registrant_id if row else None)
