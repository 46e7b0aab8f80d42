"""Compute rates and a forecast from a series of samples."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from registrar.registrants.row import Status

from registrar_cli.operations.daily_quota import QuotaUse
from registrar_cli.operations.event_source_mapping import ENABLED
from registrar_cli.operations.queue_depths import Depth

WINDOW_SECONDS = 30.0  # over which rates are averaged: SQS's numbers fluctuate
RATES_KEPT = 60  # for the sparkline


@dataclass(frozen=True)
class Sample:
    """One sample. `status_counts` counts a webinar's rows, None where none is watched; `at` is in seconds."""

    at: float
    depth: Depth
    used: QuotaUse
    mapping: str
    status_counts: Mapping[str, int] | None = None

    @property
    def settled(self) -> int | None:
        """Return how many registrants of the webinar are registered."""
        return None if self.status_counts is None else self.status_counts.get(Status.REGISTERED, 0)


class Series:
    """The samples of the last `WINDOW_SECONDS`, and the rates computed so far."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()
        self.rates: deque[float] = deque(maxlen=RATES_KEPT)

    def add(self, sample: Sample) -> None:
        """Add a sample and compute its rate."""
        self._samples.append(sample)
        while self._samples[-1].at - self._samples[1 if len(self._samples) > 1 else 0].at > WINDOW_SECONDS:
            self._samples.popleft()
        self.rates.append(self.per_second())

    @property
    def last(self) -> Sample:
        """Return the newest sample."""
        return self._samples[-1]

    @property
    def has_one_sample(self) -> bool:
        """Return whether it is too early for a rate."""
        return len(self._samples) == 1

    def per_second(self) -> float:
        """Return the webinar's registrations per second; without a webinar, the rate at which the queue shrinks."""
        first, last = self._samples[0].settled, self.last.settled
        if first is None or last is None:
            return self.leaving_per_second()
        return self._rate(last - first)

    def leaving_per_second(self) -> float:
        """Return by how many messages per second the queue shrinks, arrivals included."""
        return self._rate(self._samples[0].depth.waiting - self.last.depth.waiting)

    def seconds_to_drain(self) -> float | None:
        """Return the seconds until the queue, which all webinars share, is empty; None if it cannot be predicted."""
        last = self.last
        if last.depth.waiting == 0:
            return 0.0
        rate = self.leaving_per_second()
        return last.depth.waiting / rate if rate > 0 and last.mapping == ENABLED else None

    def _rate(self, registrants: int) -> float:
        seconds = self.last.at - self._samples[0].at
        return max(0.0, registrants / seconds) if seconds > 0 else 0.0
