"""How a registrant's row changes: which status follows, and how many of the day's attempts are used (contract 7).

Pure. In: the row as it is (None: there is none) and what happened. Out: the row as it has to be, or None: leave it.
`registrant_table.py` writes it, and asks again where somebody else was faster.
"""

from dataclasses import replace

from registrar import limits
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Registered, Rejected
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import InvalidRegistrant
from registrar.registrants.row import Row, Status, timestamp


def reserved(current: Row | None, registrant: QueuedRegistrant, day: str, returns_at: float) -> Row | None:
    """Count the coming attempt before it is made; None if he is registered, or no attempt is left.

    Earlier deliveries that may have been sent, and killed before they could write, are counted too. `returns_at` (epoch
    seconds) is when the message comes back if this invocation is killed.
    """
    attempts = (
        (current.used(day) if current else 0)
        + registrant.uncounted_attempts(current)
        + registrant.unrecorded_attempts
        + 1
    )
    if attempts > limits.ATTEMPTS_PER_DAY or (current is not None and current.is_registered):
        return None
    if current is None:
        row = Row(
            status=Status.DEFERRED,
            reason=Reason.NOT_CONFIRMED,
            deferred_until=timestamp(returns_at),
            attempts=attempts,
            attempts_on=day,
        )
        return _naming(row, registrant, current)
    known = replace(current, attempts=attempts, attempts_on=day)
    return replace(known, other_message_ids=_others(registrant, current, current.message_id))


def settled(current: Row | None, decision: Decision, day: str, now: float) -> Row | None:
    """The row after a verdict; None if he is registered already: nothing turns that back."""
    if current is not None and current.is_registered:
        return None
    # The row will name this message: from then on nothing tells that an earlier delivery of it may have been sent.
    uncounted_attempts = (
        0 if isinstance(decision.outcome, Registered) else decision.registrant.uncounted_attempts(current)
    )
    attempts, attempts_on = _counted(current, decision.attempts + uncounted_attempts, day)
    row = Row(
        status=Status.DEFERRED,
        attempts=attempts,
        attempts_on=attempts_on,
        zoom_tracking_id=decision.call.tracking_id or (current.zoom_tracking_id if current else None),
    )
    row = _naming(row, decision.registrant, current)
    match decision.outcome:
        case Registered(join_url, registrant_id):
            return replace(
                row,
                status=Status.REGISTERED,
                other_message_ids=None,
                join_url=join_url,
                registrant_id=registrant_id,
                registered_at=timestamp(now),
            )
        case PendingApproval(registrant_id):
            return replace(row, status=Status.PENDING_APPROVAL, registrant_id=registrant_id)
        case Deferred(reason, until, detail):
            return replace(row, reason=reason, detail=detail or None, deferred_until=timestamp(until))
        case Rejected(reason, detail):
            return replace(row, status=Status.REJECTED, reason=reason, detail=detail or None)


def invalid(current: Row | None, error: InvalidRegistrant, delivery: Delivery, day: str) -> Row | None:
    """The row of somebody whose message cannot be sent to Zoom; None if he is registered already, or pending.

    Whoever is pending has no message left on the queue: his row is all that is known of him.
    """
    if current is not None and (current.is_registered or current.status == Status.PENDING_APPROVAL):
        return None
    attempts, attempts_on = _counted(current, 0, day)
    return Row(
        status=Status.REJECTED,
        reason=Reason.INVALID_REGISTRANT,
        detail=str(error),
        message_id=delivery.message_id,
        attempts=attempts,
        attempts_on=attempts_on,
    )


def _naming(row: Row, registrant: QueuedRegistrant, current: Row | None) -> Row:
    """The row with what it says of the message that was sent, and of the others whose attempts it counts."""
    details, first_delivery = registrant.details, registrant.first_delivery.message_id
    return replace(
        row,
        first_name=details.first_name,
        last_name=details.last_name or None,
        submission_id=details.submission_id,
        submitted_at=details.submitted_at,
        message_id=first_delivery,
        other_message_ids=_others(registrant, current, first_delivery),
    )


def _others(registrant: QueuedRegistrant, current: Row | None, named: str | None) -> str | None:
    """The messages whose attempts the row counts, beside the one that it names; the newest first, and only a few."""
    others = [delivery.message_id for delivery in registrant.deliveries]
    if current is not None and current.message_id is not None:
        others += [current.message_id, *(current.other_message_ids or "").split()]
    return " ".join([one for one in dict.fromkeys(others) if one != named][: limits.OTHER_MESSAGES]) or None


def _counted(current: Row | None, change: int, day: str) -> tuple[int | None, str | None]:
    if current is None:
        return (min(change, limits.ATTEMPTS_PER_DAY), day) if change > 0 else (None, None)
    is_carried_over = current.attempts_on != day and current.used(day) > 0
    if (change == 0 and not is_carried_over) or (current.attempts_on or "") > day:
        return current.attempts, current.attempts_on
    # A zero stays: an attempt that was given back tells nothing of those of earlier days.
    used = min(max(0, current.used(day) + change), limits.ATTEMPTS_PER_DAY)
    return (used, day) if used or current.attempts is not None else (None, None)
