"""Derive how a registrant's row changes: the next status, and the attempts used today (contract 7). Pure.

Each function takes the current row (None: there is none) and returns the new row, or None to leave it unchanged.
`registrant_table.py` writes it on a condition, and calls again where another environment was faster.
"""

from dataclasses import replace

from registrar import limits
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Registered, Rejected
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.optional_fields import Kind
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import InvalidRegistrant
from registrar.registrants.row import Row, Status, timestamp


def reserved(current: Row | None, registrant: QueuedRegistrant, day: str, returns_at: float) -> Row | None:
    """Count the coming attempt before it is made; None if the registrant is registered or has no attempt left.

    This also counts attempts of earlier deliveries whose invocation may have been killed before it wrote. `returns_at`
    (epoch seconds) is when the message comes back if this invocation is killed.
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
        return _with_message(row, registrant, current)
    known = replace(current, attempts=attempts, attempts_on=day)
    return replace(known, other_message_ids=_others(registrant, current, current.message_id))


def settled(current: Row | None, decision: Decision, day: str, now: float) -> Row | None:
    """Return the row after a decision; None if it says registered already, and the decision does not."""
    if current is not None and current.is_registered and not isinstance(decision.outcome, Registered):
        return None
    # The row will hold this message's id: after that, no redelivery shows that an earlier one may have been sent.
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
    row = _with_message(row, decision.registrant, current)
    row = _with_newest(row, current, min(decision.registrant.last_submitted, now))
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


def invalid(error: InvalidRegistrant, delivery: Delivery) -> Row:
    """Return the row for a message without a valid registrant."""
    return Row(
        status=Status.REJECTED,
        reason=Reason.INVALID_REGISTRANT,
        detail=str(error),
        submission_id=error.submission_id,
        message_id=delivery.message_id,
    )


def unsent(current: Row | None, rejected: Row, day: str) -> Row | None:
    """Return the row for a message that is not sent to Zoom; None if the row says registered or pending approval.

    A registrant pending approval has no message left on the queue: the row is all that is known.
    """
    if current is not None and (current.is_registered or current.status == Status.PENDING_APPROVAL):
        return None
    attempts, attempts_on = _counted(current, 0, day)
    return _with_newest(replace(rejected, attempts=attempts, attempts_on=attempts_on), current)


def _with_message(row: Row, registrant: QueuedRegistrant, current: Row | None) -> Row:
    """Add what the row holds of the message that was sent, and of the others whose attempts it counts."""
    details, first_delivery = registrant.details, registrant.first_delivery.message_id
    return replace(
        row,
        first_name=details.first_name,
        last_name=details.last_name or None,
        submission_id=details.submission_id,
        submitted_at=details.submitted_at,
        kind=details.kind if details.kind != Kind.WEBINAR else None,
        message_id=first_delivery,
        other_message_ids=_others(registrant, current, first_delivery),
    )


def _with_newest(row: Row, current: Row | None, submitted: float = 0.0) -> Row:
    """Add the newest submission that the row settles, unless it is the one that the row holds.

    Without it, the status of a submission could not tell a row that is about it from an older one.
    """
    newest = max(current.newest_submission if current else 0.0, submitted)
    return replace(row, last_submitted_at=timestamp(newest)) if newest > row.newest_submission else row


def _others(registrant: QueuedRegistrant, current: Row | None, named: str | None) -> str | None:
    """Return the other messages whose attempts the row counts: the newest first, at most `OTHER_MESSAGES`."""
    others = [delivery.message_id for delivery in registrant.all_deliveries]
    if current is not None and current.message_id is not None:
        others += [current.message_id, *(current.other_message_ids or "").split()]
    return " ".join([one for one in dict.fromkeys(others) if one != named][: limits.OTHER_MESSAGES]) or None


def _counted(current: Row | None, change: int, day: str) -> tuple[int | None, str | None]:
    if current is None:
        return (min(change, limits.ATTEMPTS_PER_DAY), day) if change > 0 else (None, None)
    is_carried_over = current.attempts_on != day and current.used(day) > 0
    if (change == 0 and not is_carried_over) or (current.attempts_on or "") > day:
        return current.attempts, current.attempts_on
    # A zero stays: an attempt that was not used says nothing about those of earlier days.
    used = min(max(0, current.used(day) + change), limits.ATTEMPTS_PER_DAY)
    return (used, day) if used or current.attempts is not None else (None, None)
