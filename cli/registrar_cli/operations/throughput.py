"""Compute rates and a forecast from a series of samples."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registrar.registrants.row import Status

from registrar_cli.operations.daily_quota import QuotaUse
from registrar_cli.operations.event_source_mapping import ENABLED
from registrar_cli.operations.queue_depths import Depth
from registrar_cli.registrants.deferrals import Deferral, total

WINDOW_SECONDS = 30.0  # over which rates are averaged: SQS's numbers fluctuate
RATES_KEPT = 60  # for the sparkline
STILL_SECONDS = 27.0  # without a change: longer than a Zoom call may take, so no message is being processed


@dataclass(frozen=True)
class Sample:
    """One sample.

    Args:
        at: seconds of a clock that never goes back; `now`: epoch seconds.
        status_counts: the webinar's rows by status; None where none is watched.
        deferrals: the deferred registrants of the webinar; of all webinars where none is watched.
        others_deferred: those of the other webinars. Where messages are visible, neither may have been read.
    """

    at: float
    now: float
    depth: Depth
    used: QuotaUse
    mapping: str
    status_counts: Mapping[str, int] | None = None
    deferrals: Sequence[Deferral] = ()
    others_deferred: int = 0

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

    def waits_only(self) -> bool:
        """Return whether every waiting message is a deferred registrant's: none is new, none is being processed.

        A registrant may have several messages, so a queue that does not change for long enough is such a one too.
        """
        last = self.last
        deferred = total(last.deferrals) + last.others_deferred
        if last.depth.visible or not deferred:
            return False
        is_unchanged = all(sample.depth == last.depth for sample in self._samples)
        is_still = is_unchanged and last.at - self._samples[0].at >= STILL_SECONDS
        return last.depth.not_visible <= deferred or is_still

    def has_ended(self) -> bool:
        """Return whether there is no more to watch: no message waits, or only registrants that are tried at a date.

        Where a webinar is watched, its own registrants decide.
        """
        last = self.last
        waits_for_dates = all(deferral.waits_for_a_date(last.now) for deferral in last.deferrals)
        return last.depth.waiting == 0 or (self.waits_only() and waits_for_dates)

    def _rate(self, registrants: int) -> float:
        seconds = self.last.at - self._samples[0].at
        return max(0.0, registrants / seconds) if seconds > 0 else 0.0
