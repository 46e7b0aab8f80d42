"""How a row changes, and how the attempts of a day are counted (contract 4 and 7)."""

from dataclasses import replace

import pytest
from registrar.outcomes.outcome import Decision, Deferred, Outcome, PendingApproval, Registered, Rejected
from registrar.outcomes.row_transitions import invalid, reserved, settled, unsent
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.fields import FieldError
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import InvalidRegistrant
from registrar.registrants.row import Row, Status, moment_of, timestamp, utc_day
from registrar.zoom.responses import CallInfo

from tests.unit.registrar.samples import MIDNIGHT, NOON, TODAY, TOMORROW, delivery, queued_registrant, row

REGISTERED = row(Status.REGISTERED, join_url="https://zoom.us/w/1", attempts=1, attempts_on=TODAY)
CALL = CallInfo(200, None, "WEB_1", "batch-1")

OUTCOMES: list[Outcome] = [
    Registered("https://zoom.us/w/1", "r1"),
    PendingApproval("r1"),
    Deferred(Reason.NOT_CONFIRMED, NOON + 40, "why"),
    Rejected(Reason.WEBINAR_OVER, "why"),
]


def decision(outcome: Outcome, attempts: int = 0, call: CallInfo = CALL) -> Decision:
    return Decision(queued_registrant(), outcome, call, attempts)


# ── Attempts that killed deliveries may have used ────────────────────────────────────────────────────────────────────


def ada_with(*counts: int) -> QueuedRegistrant:
    """Return Ada with one delivery per receive count, of the messages m0, m1, …"""
    ada = queued_registrant()
    ada.deliveries = [delivery(f"m{place}", receive_count=count) for place, count in enumerate(counts)]
    return ada


@pytest.mark.parametrize(
    ("counts", "current", "attempts"),
    [
        pytest.param([1], row(message_id="other"), 1, id="a first delivery has used nothing"),
        pytest.param([2], None, 2, id="no row: one may be lost"),
        pytest.param([7], None, 2, id="received often: only the first was sent before it was reserved"),
        pytest.param([2, 3], None, 3, id="two messages, and no row: one each"),
        pytest.param([2], row(message_id="m0"), 1, id="the row names this message: counted"),
        pytest.param([2], row(message_id="other"), 2, id="the row names another message: one more"),
        pytest.param(
            [2],
            row(message_id="other", attempts=1, attempts_on=TODAY),
            3,
            id="added to the attempts of the other message",
        ),
        pytest.param([2], row(message_id="other", attempts=2, attempts_on=TODAY), None, id="no attempt left"),
        pytest.param([3], row(message_id="other"), 2, id="received again after it was returned unsent"),
        pytest.param(
            [3],
            row(message_id="other", other_message_ids="a b c d e"),
            1,
            id="the row may have dropped the id: not counted",
        ),
        pytest.param(
            [2],
            row(message_id="other", other_message_ids="a b c d e"),
            2,
            id="a second delivery is counted all the same",
        ),
        pytest.param([2], row(message_id="other", other_message_ids="x m0 y"), 1, id="the row lists the id: counted"),
    ],
)
def test_attempts_that_earlier_deliveries_may_have_used_are_counted(
    counts: list[int], current: Row | None, attempts: int | None
) -> None:
    new = reserved(current, ada_with(*counts), TODAY, NOON)
    assert (new.attempts if new else None) == attempts


def test_a_row_lists_the_last_messages_whose_attempts_it_counts() -> None:
    deferred = Decision(ada_with(1, 1, 1), OUTCOMES[2])
    first = settled(None, deferred, TODAY, NOON)
    assert first is not None
    assert (first.message_id, first.other_message_ids) == ("m0", "m1 m2")
    second = settled(replace(first, message_id="a", other_message_ids="b m2 c d"), deferred, TODAY, NOON)
    assert second is not None
    assert second.other_message_ids == "m1 m2 a b c"
    assert all(second.counts_message(one) for one in ["m0", "m1", "a"])
    assert not second.counts_message("d")


def test_a_single_message_or_a_registered_row_lists_no_other_messages() -> None:
    deferred, registered = (settled(None, Decision(ada_with(1), OUTCOMES[place]), TODAY, NOON) for place in (2, 0))
    duplicate = settled(None, Decision(ada_with(1, 1), OUTCOMES[0]), TODAY, NOON)
    assert [one.other_message_ids for one in (deferred, registered, duplicate) if one] == [None] * 3


def test_counted_deliveries_are_not_counted_again() -> None:
    ada = ada_with(2)
    ada.mark_counted(ada.deliveries)
    new = reserved(row(message_id="other"), ada, TODAY, NOON)
    assert (new.attempts if new else None) == 1


def test_a_delivery_that_joins_during_the_call_is_not_counted_yet() -> None:
    ada = ada_with(2)
    ada.row = row(message_id="m0", attempts=2, attempts_on=TODAY)
    ada.mark_counted(ada.deliveries)
    ada.is_in_call = True
    ada.add_duplicate(delivery("late", receive_count=2), ada.details)
    assert (ada.attempts_left(TODAY), ada.outcome_unknown) == (0, True)


def test_a_reservation_lists_the_message_whose_attempts_it_counts() -> None:
    new = reserved(row(message_id="other"), ada_with(3), TODAY, NOON)
    assert new is not None
    assert (new.message_id, new.other_message_ids) == ("other", "m0")
    again = reserved(new, ada_with(4), TODAY, NOON)
    assert again is not None
    assert again.attempts == 3, "2 before, and the coming one"


@pytest.mark.parametrize(
    ("outcome", "attempts"), [(OUTCOMES[1], 1), (OUTCOMES[2], 1), (OUTCOMES[3], 1), (OUTCOMES[0], None)]
)
def test_settling_counts_attempts_of_earlier_deliveries_unless_registered(
    outcome: Outcome, attempts: int | None
) -> None:
    new = settled(row(message_id="other"), Decision(ada_with(2), outcome), TODAY, NOON)
    assert new is not None
    assert new.attempts == attempts


# ── Reserving ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "current",
    [
        pytest.param(REGISTERED, id="registered"),
        pytest.param(replace(REGISTERED, attempts=None, attempts_on=None), id="registered, nothing counted"),
        pytest.param(row(attempts=3, attempts_on=TODAY), id="three used"),
        pytest.param(row(attempts=4, attempts_on=TODAY), id="more than three used"),
        pytest.param(row(Status.REJECTED, attempts=3, attempts_on=TODAY), id="rejected, three used"),
        pytest.param(row(Status.PENDING_APPROVAL, attempts=3, attempts_on=TODAY), id="pending, three used"),
    ],
)
def test_no_attempt_is_reserved_when_none_is_left_or_registered(current: Row) -> None:
    assert reserved(current, queued_registrant(), TODAY, NOON) is None


@pytest.mark.parametrize(
    ("current", "attempts"),
    [
        (row(), 1),
        (row(attempts=1, attempts_on=TODAY), 2),
        (row(attempts=2, attempts_on=TODAY), 3),
        (row(attempts=3, attempts_on="2026-11-22"), 1),
        (row(Status.REJECTED, attempts=1, attempts_on=TODAY, message_id="old", reason="webinar_over"), 2),
        (row(Status.REGISTERED), 1),  # registered, and no join URL: not registered for good
    ],
)
def test_a_reservation_adds_an_attempt_and_changes_nothing_else(current: Row, attempts: int) -> None:
    new = reserved(current, queued_registrant(), TODAY, NOON)
    assert new is not None
    assert new.other_message_ids == "m-ada@example.com"
    assert replace(new, other_message_ids=None) == replace(current, attempts=attempts, attempts_on=TODAY)


@pytest.mark.parametrize(("receive_count", "attempts"), [(1, 1), (2, 2), (7, 2)])
def test_without_a_row_earlier_deliveries_count_as_one_attempt(receive_count: int, attempts: int) -> None:
    new = reserved(None, queued_registrant(receive_count=receive_count), TODAY, NOON + 330)
    assert new is not None
    assert (new.attempts, new.attempts_on) == (attempts, TODAY)
    assert (new.status, new.reason, new.deferred_until) == ("deferred", "not_confirmed", timestamp(NOON + 330))
    assert (new.first_name, new.last_name, new.message_id) == ("Ada", "Lovelace", "m-ada@example.com")


def test_an_earlier_delivery_of_a_duplicate_counts_too() -> None:
    ada = queued_registrant()
    ada.deliveries.append(delivery("m2", receive_count=2))
    new = reserved(None, ada, TODAY, NOON)
    assert new is not None
    assert new.attempts == 2


# ── Settling ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outcome", OUTCOMES[1:])
def test_a_registered_row_is_never_overwritten(outcome: Outcome) -> None:
    assert settled(REGISTERED, decision(outcome), TODAY, NOON) is None


def test_a_registered_row_without_a_join_url_is_replaced() -> None:
    new = settled(row(Status.REGISTERED), decision(OUTCOMES[3]), TODAY, NOON)
    assert new is not None
    assert new.status == Status.REJECTED


NAMES = {"first_name", "last_name", "message_id", "zoom_tracking_id"}
DEFERRED = row(
    reason="zoom_unavailable", detail="d", deferred_until="x", attempts=1, attempts_on=TODAY, zoom_tracking_id="WEB_0"
)


@pytest.mark.parametrize(
    ("outcome", "status", "more"),
    [
        (OUTCOMES[0], "registered", {"join_url", "registrant_id", "registered_at"}),
        (OUTCOMES[1], "pending_approval", {"registrant_id"}),
        (OUTCOMES[2], "deferred", {"reason", "detail", "deferred_until"}),
        (OUTCOMES[3], "rejected", {"reason", "detail"}),
        (Rejected(Reason.WEBINAR_OVER), "rejected", {"reason"}),
    ],
)
@pytest.mark.parametrize("current", [None, DEFERRED, row(Status.REJECTED, reason="webinar_over", detail="d")])
def test_each_status_has_its_attributes_and_no_others(
    current: Row | None, outcome: Outcome, status: str, more: set[str]
) -> None:
    new = settled(current, decision(outcome, 1), TODAY, NOON)
    assert new is not None
    assert new.status == status
    assert new.to_item().keys() == NAMES | more | {"status", "attempts", "attempts_on"}


@pytest.mark.parametrize(
    ("current", "change", "day", "counted"),
    [
        (None, 0, TODAY, (None, None)),
        (None, 1, TODAY, (1, TODAY)),
        (None, -1, TODAY, (None, None)),
        (row(), 1, TODAY, (1, TODAY)),
        (row(attempts=1, attempts_on=TODAY), 0, TODAY, (1, TODAY)),
        (row(attempts=1, attempts_on=TODAY), 1, TODAY, (2, TODAY)),
        (row(attempts=2, attempts_on=TODAY), -1, TODAY, (1, TODAY)),
        (row(attempts=1, attempts_on=TODAY), -1, TODAY, (0, TODAY)),
        (row(), -1, TODAY, (None, None)),
        (row(attempts=3, attempts_on=TODAY), 1, TOMORROW, (1, TOMORROW)),
        (row(attempts=3, attempts_on=TODAY), -1, TOMORROW, (0, TOMORROW)),
        (row(attempts=3, attempts_on=TODAY), 0, TOMORROW, (3, TODAY)),
        # Another environment is in the next day already: its count is the one that matters.
        (row(attempts=1, attempts_on=TOMORROW), 1, TODAY, (1, TOMORROW)),
        (row(attempts=1, attempts_on=TOMORROW), -1, TODAY, (1, TOMORROW)),
    ],
)
def test_attempts_are_counted_by_the_utc_day(
    current: Row | None, change: int, day: str, counted: tuple[int | None, str | None]
) -> None:
    new = settled(current, decision(OUTCOMES[2], change), day, NOON)
    assert new is not None
    assert (new.attempts, new.attempts_on) == counted


@pytest.mark.parametrize(("current", "tracking_id"), [(None, None), (DEFERRED, "WEB_0")])
def test_without_a_tracking_id_the_previous_one_stays(current: Row | None, tracking_id: str | None) -> None:
    new = settled(current, decision(OUTCOMES[2], call=CallInfo()), TODAY, NOON)
    assert new is not None
    assert new.zoom_tracking_id == tracking_id


# ── Invalid ──────────────────────────────────────────────────────────────────────────────────────────────────────────

INVALID = InvalidRegistrant([FieldError("first_name", "must not be empty")])


@pytest.mark.parametrize("current", [REGISTERED, row(status="pending_approval")])
def test_an_unsent_message_does_not_overwrite_registered_or_pending(current: Row) -> None:
    assert unsent(current, invalid(INVALID, delivery()), TODAY) is None


@pytest.mark.parametrize("current", [None, row(attempts=2, attempts_on=TODAY, first_name="Ada", deferred_until="x")])
def test_the_row_of_an_invalid_message_keeps_the_count_of_attempts(current: Row | None) -> None:
    new = unsent(current, invalid(INVALID, delivery("m9")), TODAY)
    assert new == Row(
        status="rejected",
        reason="invalid_registrant",
        detail="first_name must not be empty",
        message_id="m9",
        attempts=current.attempts if current else None,
        attempts_on=current.attempts_on if current else None,
    )


# ── The row ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_survives_the_table_and_drops_unknown_attributes() -> None:
    full = Row(**{name: 1 if name in {"expires_at", "attempts"} else f"<{name}>" for name in Row.__slots__})  # type: ignore[arg-type]
    assert Row.from_item(full.to_item() | {"webinar_id": {"S": "1"}, "later": {"M": {}}}) == full


@pytest.mark.parametrize(
    ("current", "used"),
    [(row(), 0), (row(attempts=2, attempts_on=TODAY), 2), (row(attempts=3, attempts_on=TOMORROW), 0)],
)
def test_attempts_used(current: Row, used: int) -> None:
    assert current.used(TODAY) == used


@pytest.mark.parametrize(
    ("written", "counted_on", "used"),
    [
        ("23:56:00", TODAY, 1),
        ("23:54:59", TODAY, 0),
        ("23:56:00", "2026-11-20", 0),  # written for another reason
    ],
)
def test_an_attempt_just_before_midnight_counts_for_the_new_day(written: str, counted_on: str, used: int) -> None:
    current = row(attempts=3, attempts_on=counted_on, updated_at=f"{TODAY}T{written}Z")
    assert current.used(TOMORROW) == used
    assert (current.used(counted_on), current.used("2026-11-25")) == (3, 0)


@pytest.mark.parametrize("kind", [Rejected(Reason.WEBINAR_NOT_FOUND), Deferred(Reason.TOKEN_REJECTED, MIDNIGHT + 60)])
def test_a_row_written_after_midnight_counts_that_attempt_for_the_new_day(kind: Outcome) -> None:
    current = row(attempts=3, attempts_on=TODAY, updated_at=f"{TODAY}T23:59:59Z")
    new = settled(current, Decision(queued_registrant(row=current), kind), TOMORROW, MIDNIGHT + 10)
    assert new is not None
    assert (new.attempts, new.attempts_on) == (1, TOMORROW)
    rejected = unsent(current, invalid(INVALID, delivery()), TOMORROW)
    assert rejected is not None
    assert (rejected.attempts, rejected.attempts_on) == (1, TOMORROW)


def test_moments_are_utc_to_the_second() -> None:
    assert timestamp(NOON + 0.999) == "2026-11-23T12:00:00Z"
    assert moment_of(timestamp(NOON)) == NOON
    assert moment_of(None) is None
    assert (utc_day(MIDNIGHT - 0.001), utc_day(MIDNIGHT)) == (TODAY, TOMORROW)


def test_a_reservation_counts_a_redelivered_duplicate_that_waits_once() -> None:
    """The duplicate is looked up after its registrant's batch: by then the row counts its earlier delivery."""
    ada = queued_registrant(message_id="m1")
    ada.add_waiting(delivery("m2", receive_count=2))
    row = reserved(None, ada, TODAY, NOON + 300)
    assert row is not None
    assert (row.attempts, row.message_id, row.other_message_ids) == (2, "m1", "m2")
    assert queued_registrant(message_id="m2", receive_count=2, row=row).attempts_left(TODAY) == 1
