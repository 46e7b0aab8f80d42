"""What a series of looks tells: how fast people get in, and when all will be. Pure.

In: looks, one after another. Out: rates and a forecast.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from registrar.registrants.row import Status

from registrar_cli.operations.daily_quota import QuotaUse
from registrar_cli.operations.event_source_mapping import ENABLED
from registrar_cli.operations.queue_depths import Depth

WINDOW_SECONDS = 30.0  # a rate is that of so long: SQS's figures jump
RATES_KEPT = 60  # rates for the little curve


@dataclass(frozen=True)
class Sample:
    """One look. `sums`: a webinar's rows by status; None where no webinar is watched. `at` is in seconds."""

    at: float
    depth: Depth
    used: QuotaUse
    mapping: str
    status_counts: Mapping[str, int] | None = None

    @property
    def settled(self) -> int | None:
        """How many of the webinar are in."""
        return None if self.status_counts is None else self.status_counts.get(Status.REGISTERED, 0)


class Series:
    """The looks of the last half minute, and the rates they gave."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()
        self.rates: deque[float] = deque(maxlen=RATES_KEPT)

    def add(self, sample: Sample) -> None:
        """Take in a look."""
        self._samples.append(sample)
        while self._samples[-1].at - self._samples[1 if len(self._samples) > 1 else 0].at > WINDOW_SECONDS:
            self._samples.popleft()
        self.rates.append(self.per_second())

    @property
    def last(self) -> Sample:
        """The newest look."""
        return self._samples[-1]

    @property
    def has_one_sample(self) -> bool:
        """Whether no rate can be told yet."""
        return len(self._samples) == 1

    def per_second(self) -> float:
        """Registered people a second where a webinar is watched; else those who leave the queue, less newcomers."""
        first, last = self._samples[0].settled, self.last.settled
        if first is None or last is None:
            return self.leaving_per_second()
        return self._rate(last - first)

    def leaving_per_second(self) -> float:
        """How fast the queue shrinks, newcomers included."""
        return self._rate(self._samples[0].depth.waiting - self.last.depth.waiting)

    def seconds_to_drain(self) -> float | None:
        """When the queue, in which all webinars wait, will be empty at this rate; None: not foreseeable."""
        last = self.last
        if last.depth.waiting == 0:
            return 0.0
        rate = self.leaving_per_second()
        return last.depth.waiting / rate if rate > 0 and last.mapping == ENABLED else None

    def _rate(self, registrants: int) -> float:
        seconds = self.last.at - self._samples[0].at
        return max(0.0, registrants / seconds) if seconds > 0 else 0.0
