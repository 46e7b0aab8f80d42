"""Decide what a response of Zoom means for each registrant in the call: exactly one outcome each. Pure.

Which reasons dead-letter a message and which defer it: contract 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from registrar import limits
from registrar.outcomes.retry_schedule import Random, backoff, next_utc_day, retry_after
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, FINAL_WHEN_ALONE, OUTCOME_UNKNOWN, Reason
from registrar.zoom.responses import NO_CALL, BatchResponse, CallInfo, Confirmation, Confirmations, ErrorResponse


@dataclass(frozen=True, slots=True)
class Registered:
    """Registered at Zoom, with a join URL."""

    join_url: str
    registrant_id: str | None


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """Known to Zoom; the host has to approve."""

    registrant_id: str | None


@dataclass(frozen=True, slots=True)
class Deferred:
    """Tried again at `until` (epoch seconds)."""

    reason: Reason
    until: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not tried again: dead-lettered with its reason."""

    reason: Reason
    detail: str = ""


Outcome = Registered | PendingApproval | Deferred | Rejected


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one registrant; `attempts` (-1 to 3) is the change that the row's count still needs."""

    registrant: QueuedRegistrant
    outcome: Outcome
    call: CallInfo = NO_CALL
    attempts: int = 0
    needs_reconciliation: bool = False  # rejected or without an attempt left, but Zoom may have registered them


def decide(
    batch: Sequence[QueuedRegistrant], response: BatchResponse, day: str, now: float, random: Random, *, alone: bool
) -> list[Decision]:
    """Return one decision per registrant; `day` is the UTC date on which the call ended, `now` is in epoch seconds.

    `alone`: the call carried this registrant only. A batch of one may be the rest of a larger call.
    """
    counts = isinstance(response, Confirmations) or response.kind.counts
    random = _drawn_once(random)
    decisions = []
    for registrant in batch:
        change = int(counts) - int(registrant.is_reserved_on(day))
        attempts, left = change + registrant.unrecorded_attempts, registrant.attempts_left(day) - change
        if isinstance(response, Confirmations):
            outcome = _confirmed(registrant, response.confirmed.get(registrant.key.email), now, random)
        else:
            outcome = _refused(registrant, response, alone, now, random)
            if _has_no_call_left_today(registrant, response, alone):
                attempts, left = limits.ATTEMPTS_PER_DAY, 0
        if isinstance(outcome, Deferred):
            outcome = outcome if left > 0 else _past_midnight(outcome, now, random)
            if registrant.outcome_unknown and outcome.reason in FINAL_WHEN_ALONE:
                # Such as a 403: the row must not say "rejected" of a registrant that may be registered.
                outcome = replace(outcome, reason=Reason.ZOOM_UNAVAILABLE)
            # Without a call, a message that is deferred for the first time has still to be tried once.
            if response.call != NO_CALL or registrant.was_deferred:
                outcome = deferred_or_too_old(registrant, outcome, now)
        if isinstance(outcome, Registered) and not registrant.reserved:
            attempts = 0  # no call ever failed: nothing is counted
        decisions.append(
            Decision(registrant, outcome, response.call, attempts, _needs_reconciliation(registrant, outcome, left))
        )
    return decisions


def _drawn_once(random: Random) -> Random:
    """Draw once per call: its registrants come back together, and fill one call again."""
    drawn = random()
    return lambda: drawn


def _needs_reconciliation(registrant: QueuedRegistrant, outcome: Outcome, left: int) -> bool:
    match outcome:
        case Deferred(reason=Reason.NOT_CONFIRMED):
            return left <= 0
        case Rejected(reason=reason):
            # A call of several that a full webinar refused may have registered some of them.
            maybe_stored = reason == Reason.WEBINAR_FULL and registrant.was_refused_with_others
            return registrant.outcome_unknown or maybe_stored or reason in OUTCOME_UNKNOWN
    return False


def no_attempt_left(registrant: QueuedRegistrant, now: float, random: Random) -> Decision:
    """Defer to the next UTC day, however old the message is: Zoom would refuse a fourth call today.

    The message may never have been tried itself, and an earlier call may have registered the registrant: the next call
    or Zoom's list shows it. Attempts of this invocation are counted, since another environment may hold a message of
    the same registrant.
    """
    return Decision(
        registrant,
        Deferred(Reason.REGISTRANT_DAILY_LIMIT, next_utc_day(now, random)),
        attempts=registrant.unrecorded_attempts,
    )


def not_served(registrant: QueuedRegistrant) -> Decision:
    """Reject a message for a meeting: it must never register anyone in a webinar of the same id."""
    detail = "Meetings are not served by this version yet. Retry this message after an update."
    return Decision(registrant, Rejected(Reason.WEBINAR_TYPE_UNSUPPORTED, detail))


def deferred_or_too_old(registrant: QueuedRegistrant, outcome: Deferred, now: float) -> Deferred | Rejected:
    """Apply the age limit, which only concerns a registrant that would be deferred again."""
    if now - registrant.first_delivery.sent_at > limits.AGE_LIMIT_SECONDS:
        return Rejected(outcome.reason, outcome.detail)
    return outcome


def _confirmed(registrant: QueuedRegistrant, confirmation: Confirmation | None, now: float, random: Random) -> Outcome:
    if confirmation is None:
        return Deferred(Reason.NOT_CONFIRMED, now + backoff(registrant.first_delivery.receive_count, random))
    if confirmation.join_url is None:
        return PendingApproval(confirmation.registrant_id)
    return Registered(confirmation.join_url, confirmation.registrant_id)


def _refused(
    registrant: QueuedRegistrant, error: ErrorResponse, alone: bool, now: float, random: Random
) -> Deferred | Rejected:
    reason, detail = error.kind.reason, error.message
    final = reason in FINAL_FOR_WEBINAR or (alone and reason in FINAL_WHEN_ALONE)
    if final or (reason == Reason.ACCOUNT_ATTENDEE_LIMIT and _waited_for_account(registrant)):
        return Rejected(reason, detail)
    if _has_no_call_left_today(registrant, error, alone):
        return Deferred(reason, next_utc_day(now, random), detail)
    return Deferred(reason, _until(registrant, error, now, random), detail)


def _has_no_call_left_today(registrant: QueuedRegistrant, error: ErrorResponse, alone: bool) -> bool:
    """Return whether Zoom says that this registrant has no call left today."""
    is_meant = alone or registrant.key.email in error.named
    return error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and is_meant


def _until(registrant: QueuedRegistrant, error: ErrorResponse, now: float, random: Random) -> float:
    reason = error.kind.reason
    if reason == Reason.ACCOUNT_ATTENDEE_LIMIT:
        return now + limits.ACCOUNT_LIMIT_DEFERRAL_SECONDS
    wait = backoff(registrant.first_delivery.receive_count, random)
    asked = retry_after(error.retry_after, now)
    if reason == Reason.ACCOUNT_DAILY_LIMIT:
        return asked + wait if asked and asked > now else next_utc_day(now, random)
    return max(asked or 0, now + wait)


def _past_midnight(outcome: Deferred, now: float, random: Random) -> Deferred:
    return Deferred(outcome.reason, max(outcome.until, next_utc_day(now, random)), outcome.detail)


def _waited_for_account(registrant: QueuedRegistrant) -> bool:
    row = registrant.row
    return row is not None and row.reason == Reason.ACCOUNT_ATTENDEE_LIMIT
