"""When to receive: one after the other from a quiet queue, several side by side from a full one. Pure.

In: what each receive brought, and when (epoch seconds). Out: whether another one is due, whether the queue is quiet.
"""

from registrar import limits


class Polling:
    """The receives of one invocation."""

    def __init__(self) -> None:
        self._poor_since: float | None = None
        self._wanted = 1
        self._in_progress = 0
        self._was_empty_at: float | None = None

    def started(self) -> None:
        """A receive has begun."""
        self._in_progress += 1

    def ended(self, messages: int, now: float) -> None:
        """A receive has ended; the queue may hold more than it brought, or nothing."""
        self._in_progress -= 1
        self._wanted = min(self._wanted + 1, limits.RECEIVERS) if messages else 1
        self._was_empty_at = None if messages else now
        is_rich = messages >= limits.MESSAGES_PER_CALL / 2  # a short poll of a long queue may bring less than all
        self._poor_since = None if is_rich else self._poor_since or now

    def seconds_until_due(self, now: float) -> float:
        """Seconds until the next receive should begin; infinite while enough of them are under way."""
        if self._in_progress >= self._wanted:
            return float("inf")
        return 0.0 if self._was_empty_at is None else max(0.0, self._was_empty_at + limits.POLL_SECONDS - now)

    def is_empty(self, now: float) -> bool:
        """Whether the queue was empty just now."""
        was_empty = self._was_empty_at is not None and now - self._was_empty_at < limits.POLL_SECONDS
        return was_empty and not self._in_progress

    def is_slow(self, now: float) -> bool:
        """Whether receives have brought little for a while: the mapping alone keeps up with those who come.

        To go on would only keep the environment from those whom the mapping has received ahead.
        """
        return self._poor_since is not None and now - self._poor_since > limits.LULL_SECONDS
