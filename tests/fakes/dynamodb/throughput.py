"""What one partition can serve per second: 1,000 write units and 3,000 read units, as a token bucket per partition key.

Source: Developer Guide, "key range throughput exceeded": it holds on demand too, separately for reads and writes, and
burst capacity does not raise it. Assumed: the bucket holds one second's units. Not modelled: DynamoDB splits a
partition that stays hot, after minutes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

WRITE_UNITS_PER_S: Final = 1_000.0
READ_UNITS_PER_S: Final = 3_000.0
_ROUNDING: Final = 1e-3  # of epoch seconds, times units per second


@dataclass
class Buckets:
    """One bucket per partition key, full at its first use."""

    units_per_s: float
    clock: Callable[[], float]
    burst_s: float
    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def take(self, partition: tuple[str, str], units: float) -> bool:
        """Take the units; take none and return False if the bucket holds fewer."""
        now_s, most = self.clock(), self.units_per_s * self.burst_s
        left, at_s = self._buckets.get(partition, (most, now_s))
        left = min(most, left + (now_s - at_s) * self.units_per_s)
        is_served = left >= units - _ROUNDING
        self._buckets[partition] = (left - units if is_served else left, now_s)
        return is_served


@dataclass
class PartitionLimits:
    """The limits of reading and of writing."""

    writes: Buckets
    reads: Buckets

    @classmethod
    def of(cls, clock: Callable[[], float], burst_s: float) -> "PartitionLimits":
        """Make DynamoDB's limits, with buckets that hold the units of `burst_s` seconds."""
        return cls(Buckets(WRITE_UNITS_PER_S, clock, burst_s), Buckets(READ_UNITS_PER_S, clock, burst_s))
