"""Wait while DynamoDB throttles: all rows of a webinar are one partition, which takes 1,000 write units per second.

Throttling is back-pressure, not a failure: whoever waits for the table keeps a slot of the concurrency limit, so calls
to Zoom start more slowly. Source: DynamoDB Developer Guide, "Key range throughput exceeded".
"""

from collections.abc import Callable, Iterator
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar.runtime.aws import error_code

# A batch call raises one of them if none of its items was taken. Source: botocore's model of BatchWriteItem.
_CODES: Final = frozenset({"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"})


def is_throttled(error: ClientError | BotoCoreError) -> bool:
    """Return whether DynamoDB refused the call only because it was too busy."""
    return error_code(error) in _CODES


class Backoff:
    """Spaces the tries of a call that DynamoDB throttles."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None], random: Callable[[], float]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._random = random

    def until(self, given: float | None) -> float:
        """Return until when (epoch seconds) to go on: half of the time that is kept for storing, unless given."""
        return self._clock() + limits.STORE_SECONDS / 2 if given is None else given

    def tries(self, until: float) -> Iterator[None]:
        """Yield once per try: at once, then after doubling waits with jitter, until this moment (epoch seconds)."""
        wait = limits.THROTTLED_FIRST_SECONDS
        yield
        while (left := until - self._clock()) > 0:
            self._sleep(min(left, wait * (1 - limits.THROTTLED_JITTER * self._random())))
            yield
            wait = min(2 * wait, limits.THROTTLED_LONGEST_SECONDS)
