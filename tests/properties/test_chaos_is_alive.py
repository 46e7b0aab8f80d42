"""The checks of the chaos run are alive: one deliberate bug, once, and the run does not pass."""

from collections.abc import Iterable, Sequence

import pytest
from registrar.outcomes import row_transitions
from registrar.outcomes.outcome import Decision
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registration.reservation import Reservation
from registrar.registration.settlement import Settlement

from tests.chaos.checks import check
from tests.chaos.run import ChaosRun, Size

SIZE = Size(submissions=250, webinars=24, hours=8)


def caught_by(seed: int) -> set[str]:
    """Return the checks that a run does not pass."""
    return {finding.name for finding in check(ChaosRun(seed, SIZE).run()) if finding.forbidden and finding.violations}


class Once:
    """Says yes for the first time it is asked."""

    def __init__(self) -> None:
        self.left = 1

    def __call__(self) -> bool:
        self.left -= 1
        return self.left >= 0


def test_one_deferral_that_is_swallowed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    is_first, defer = Once(), InFlightMessages.defer

    def swallow(self: InFlightMessages, deliveries: Iterable[Delivery], until: float) -> None:
        (InFlightMessages.delete(self, deliveries) if is_first() else defer(self, deliveries, until))

    monkeypatch.setattr(InFlightMessages, "defer", swallow)
    assert caught_by(seed=1) >= {"lost", "acknowledged before stored"}
    assert is_first.left < 0


def test_one_reservation_that_is_skipped_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    is_first, reserve = Once(), Reservation._reserve

    def skip(self: Reservation, person: QueuedRegistrant, day: str) -> bool:
        nobody_refuses = row_transitions.reserved(person.row, person, day, 0.0) is not None
        return reserve(self, person, day) if nobody_refuses or not is_first() else True

    monkeypatch.setattr(Reservation, "_reserve", skip)
    assert "sent a fourth time in a day" in caught_by(seed=1)
    assert is_first.left < 0


def test_one_acknowledgement_before_storing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    is_first, settle = Once(), Settlement.settle

    def acknowledge_first(self: Settlement, decisions: Sequence[Decision], day: str) -> None:
        if is_first():
            self._in_flight.delete(one for decision in decisions for one in decision.registrant.deliveries)
        settle(self, decisions, day)

    monkeypatch.setattr(Settlement, "settle", acknowledge_first)
    assert "acknowledged before stored" in caught_by(seed=1)
    assert is_first.left < 0
