"""Zoom's answer → what becomes of each person in the call. Pure; outcomes are values, and everybody gets exactly one.

In: a batch and the answer to it. Out: a `Decision` a person: registered, pending approval, deferred or rejected.
Which reasons bury and which defer: contract 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from registrar import limits
from registrar.outcomes.retry_schedule import Random, backoff, next_utc_day, retry_after
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, FINAL_WHEN_ALONE, OUTCOME_UNKNOWN, Reason
from registrar.registrants.row import Status
from registrar.zoom.client import NO_CALL, BatchResponse, CallInfo, Confirmation, Confirmations, ErrorResponse


@dataclass(frozen=True, slots=True)
class Registered:
    """In, with a join URL."""

    join_url: str
    registrant_id: str | None


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """Known to Zoom, and waiting for the host's approval."""

    registrant_id: str | None


@dataclass(frozen=True, slots=True)
class Deferred:
    """To be tried again at `until` (epoch seconds)."""

    reason: Reason
    until: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not to be tried again: to be buried with its reason."""

    reason: Reason
    detail: str = ""


Outcome = Registered | PendingApproval | Deferred | Rejected


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one person. `attempts` is what the row's count has still to change by, -1 to 3."""

    registrant: QueuedRegistrant
    outcome: Outcome
    call: CallInfo = NO_CALL
    attempts: int = 0
    needs_reconciliation: bool = False  # given up for today or for good, and maybe registered at Zoom


def decide(
    batch: Sequence[QueuedRegistrant], response: BatchResponse, day: str, now: float, random: Random, *, alone: bool
) -> list[Decision]:
    """One verdict a person. `day` is the UTC date on which the call ended, `now` in epoch seconds.

    `alone`: the call carried nobody but him. A batch of one may be the rest of a larger call.
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
            if _is_about_his_day(registrant, response, alone):
                attempts, left = limits.ATTEMPTS_PER_DAY, 0
        if isinstance(outcome, Deferred):
            outcome = outcome if left > 0 else _past_midnight(outcome, now, random)
            if registrant.outcome_unknown and outcome.reason in FINAL_WHEN_ALONE:
                # Such as a 403: the row must not say of who may be in that he was refused.
                outcome = replace(outcome, reason=Reason.ZOOM_UNAVAILABLE)
            # Where no call was made, a message that waits for the first time is still to be tried once.
            if response.call != NO_CALL or registrant.was_deferred:
                outcome = deferred_or_too_old(registrant, outcome, now)
        if isinstance(outcome, Registered) and not registrant.reserved:
            attempts = 0  # nothing ever failed: nothing is counted
        decisions.append(
            Decision(registrant, outcome, response.call, attempts, _needs_reconciliation(registrant, outcome, left))
        )
    return decisions


def _drawn_once(random: Random) -> Random:
    """One draw for a whole call: its people come back together, and are one call again."""
    drawn = random()
    return lambda: drawn


def _needs_reconciliation(registrant: QueuedRegistrant, outcome: Outcome, left: int) -> bool:
    match outcome:
        case Deferred(reason=Reason.NOT_CONFIRMED):
            return left <= 0
        case Rejected(reason=reason):
            return registrant.outcome_unknown or reason in OUTCOME_UNKNOWN
    return False


def no_attempt_left(registrant: QueuedRegistrant, now: float, random: Random) -> Decision:
    """Zoom would refuse a fourth call today: wait for the next UTC day, however old the message is.

    It may be one that was never tried itself, and he may have been registered unseen: the next call, or Zoom when it is
    asked, tells. What he has used in this invocation is counted all the same: another environment may have a message
    of his in hand.
    """
    return Decision(
        registrant,
        Deferred(Reason.REGISTRANT_DAILY_LIMIT, next_utc_day(now, random)),
        attempts=registrant.unrecorded_attempts,
    )


def deferred_or_too_old(registrant: QueuedRegistrant, outcome: Deferred, now: float) -> Deferred | Rejected:
    """The age limit, judged only when somebody would be deferred again."""
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
    if _is_about_his_day(registrant, error, alone):
        return Deferred(reason, next_utc_day(now, random), detail)
    return Deferred(reason, _until(registrant, error, now, random), detail)


def _is_about_his_day(registrant: QueuedRegistrant, error: ErrorResponse, alone: bool) -> bool:
    """Whether Zoom says that this very person has no call left today."""
    about_him = alone or registrant.key.email in error.named
    return error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and about_him


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
    return row is not None and row.status == Status.DEFERRED and row.reason == Reason.ACCOUNT_ATTENDEE_LIMIT
