"""The scenarios: how many registrants submit forms, when, and for which webinars; the same for every subject and
run."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from bench.processes.lambda_environment import message

REGISTRANTS_PER_CALL = 30  # Zoom's
QUOTA_HEADROOM = 0.97  # of the calls per second
PLANS = {10: "pro", 40: "business"}  # by Heavy calls per second: zoom-api.md
ROWS_PER_PARTITION = 1_000  # per second, all rows of a webinar being one partition: limits.md
FIRST_WEBINAR = 97_871_060_000


@dataclass(frozen=True)
class Form:
    """A form: its message, and when it is sent, in seconds from the start."""

    at_s: float
    webinar: str
    email: str
    body: str


@dataclass(frozen=True)
class Scenario:
    """So many registrants submit forms within `seconds`, at random moments; the sizes of webinars follow Zipf's law.

    `trickle`: the forms arrive more slowly than the rate limit allows; they determine the speed, and only waiting
    counts.
    """

    name: str
    registrants: int
    seconds: float
    webinars: int = 1
    calls_per_second: int = 10
    trickle: bool = False

    def of(self, registrants: int) -> "Scenario":
        """Return the same scenario with fewer registrants, at the same rate of forms."""
        return replace(self, registrants=registrants, seconds=self.seconds * registrants / self.registrants)

    @property
    def plan(self) -> str:
        """Return Zoom's plan with this many calls per second."""
        return PLANS[self.calls_per_second]

    @property
    def ceiling(self) -> float:
        """Return how many registrants per second Zoom's rate limit and DynamoDB's partitions allow."""
        zoom = QUOTA_HEADROOM * self.calls_per_second * REGISTRANTS_PER_CALL
        return min(zoom, ROWS_PER_PARTITION) if self.webinars == 1 else zoom

    @cached_property
    def forms(self) -> list[Form]:
        """Return all forms, in the order in which they are sent."""
        rng = random.Random(f"{self.webinars} webinars")  # noqa: S311  no secret
        webinars = [str(FIRST_WEBINAR + rank) for rank in range(self.webinars)]
        chosen = rng.choices(webinars, [1 / rank for rank in range(1, self.webinars + 1)], k=self.registrants)
        moments = sorted(rng.uniform(0, self.seconds) for _ in chosen)
        return [
            Form(at_s, webinar, f"augusta.king{number}@example.com", message(number, webinar))
            for number, (at_s, webinar) in enumerate(zip(moments, chosen, strict=True))
        ]

    @property
    def ideal_calls(self) -> int:
        """Return the calls of thirty registrants that are needed if all forms are sent at once."""
        sizes = Counter(form.webinar for form in self.forms)
        return sum(-(-size // REGISTRANTS_PER_CALL) for size in sizes.values())

    def __str__(self) -> str:
        webinars = f"{self.webinars} webinar{'s' if self.webinars > 1 else ''}"
        return f"{self.registrants:,} registrants in {self.seconds:,.0f} s, {webinars}, {self.calls_per_second} calls/s"


def _busy(webinars: int, calls_per_second: int) -> Scenario:
    name = f"busy-{webinars}" + (f"-at-{calls_per_second}" if calls_per_second != 10 else "")
    return Scenario(name, 50_000, 60.0, webinars, calls_per_second)


BUSY = [_busy(1, 10), _busy(10, 10), _busy(200, 10)]
# At 40 calls per second these forms arrive more slowly than they can be processed; so once more, all at once.
FAST = [_busy(2, 40), _busy(10, 40)]
# All at once: one webinar fills a partition of DynamoDB before it reaches Zoom's limit.
ONE_PARTITION = [Scenario("busy-1-at-40", 50_000, 1.0, 1, 40)]
AT_ONCE = [Scenario("at-once-10-at-40", 50_000, 1.0, 10, 40)]
TRICKLES = [
    Scenario("quiet", 3_600, 3_600.0, trickle=True),
    Scenario("steady", 6_000, 600.0, 10, trickle=True),
]
GROWTH = [
    Scenario(f"growth-{registrants:,}".replace(",", ""), registrants, registrants / 50_000 * 60, 10)
    for registrants in (1_000, 10_000, 100_000)
]
LOOPBACK = [
    Scenario("loopback-1", 6_000, 6.0),
    Scenario("loopback-10-at-40", 24_000, 12.0, 10, 40),
    Scenario("loopback-quiet", 30, 30.0, trickle=True),
]
