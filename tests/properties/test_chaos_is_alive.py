"""The checks of the chaos run find defects: with one deliberate bug, once, the run fails."""

from collections.abc import Iterable, Sequence

import pytest
from registrar.outcomes import row_transitions
from registrar.outcomes.outcome import Decision
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.registrant import Key
from registrar.registration.reservation import Reservation
from registrar.registration.settlement import Settlement
from registrar.storage.registrant_table import RegistrantTable

from tests.chaos.evaluation.checks import check
from tests.chaos.run import ChaosRun, Size

SIZE = Size(submissions=250, webinars=24, hours=8)


def caught_by(seed: int) -> set[str]:
    """Return the checks that a run fails."""
    return {finding.name for finding in check(ChaosRun(seed, SIZE).run()) if finding.forbidden and finding.violations}


class Once:
    """Returns True on the first call only."""

    def __init__(self) -> None:
        self.left = 1

    def __call__(self) -> bool:
        self.left -= 1
        return self.left >= 0


def test_one_message_deleted_instead_of_deferred_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    is_first, defer = Once(), InFlightMessages.defer

    def delete_instead(self: InFlightMessages, deliveries: Iterable[Delivery], until: float) -> None:
        (InFlightMessages.delete(self, deliveries) if is_first() else defer(self, deliveries, until))

    monkeypatch.setattr(InFlightMessages, "defer", delete_instead)
    assert caught_by(seed=1) >= {"lost", "deleted before stored"}
    assert is_first.left < 0


def test_one_skipped_reservation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    is_first, reserve = Once(), Reservation._reserve

    def skip(self: Reservation, registrant: QueuedRegistrant, day: str, until: float) -> bool:
        is_allowed = row_transitions.reserved(registrant.row, registrant, day, 0.0) is not None
        return reserve(self, registrant, day, until) if is_allowed or not is_first() else True

    monkeypatch.setattr(Reservation, "_reserve", skip)
    assert "fourth attempt on a UTC day" in caught_by(seed=8)
    assert is_first.left < 0


def test_one_deletion_before_storing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    is_first, settle = Once(), Settlement.settle

    def delete_first(self: Settlement, decisions: Sequence[Decision], day: str) -> None:
        if is_first():
            self._in_flight.delete(one for decision in decisions for one in decision.registrant.deliveries)
        settle(self, decisions, day)

    monkeypatch.setattr(Settlement, "settle", delete_first)
    assert "deleted before stored" in caught_by(seed=1)
    assert is_first.left < 0


def test_one_submission_that_a_row_does_not_note_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    is_first, note = Once(), RegistrantTable.note_submission

    def skip(self: RegistrantTable, key: Key, submitted_at: str, until: float) -> None:
        if not is_first():
            note(self, key, submitted_at, until)

    monkeypatch.setattr(RegistrantTable, "note_submission", skip)
    assert caught_by(seed=1) == {"submission settled, and not in the row, or before"}
    assert is_first.left < 0
