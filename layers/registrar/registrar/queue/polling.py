"""Decide when to poll the queue: one receive at a time while it is empty, several while it is full. Pure."""

from registrar import limits


class Polling:
    """The receives of one invocation; `now` is in epoch seconds."""

    def __init__(self) -> None:
        self._slow_since: float | None = None
        self._wanted = 1
        self._in_progress = 0
        self._was_empty_at: float | None = None

    def started(self) -> None:
        """Note that a receive has started."""
        self._in_progress += 1

    def ended(self, messages: int, now: float) -> None:
        """Note that a receive has returned this many messages."""
        self._in_progress -= 1
        self._wanted = min(self._wanted + 1, limits.RECEIVERS) if messages else 1
        self._was_empty_at = None if messages else now
        # A short poll of a long queue may return less than a full receive.
        is_fast = messages >= limits.MESSAGES_PER_CALL / 2
        self._slow_since = None if is_fast else self._slow_since or now

    def seconds_until_due(self, now: float) -> float:
        """Return the seconds until the next receive should start; infinite while enough are in progress."""
        if self._in_progress >= self._wanted:
            return float("inf")
        return 0.0 if self._was_empty_at is None else max(0.0, self._was_empty_at + limits.POLL_SECONDS - now)

    def is_empty(self, now: float) -> bool:
        """Return whether the last receive, less than `POLL_SECONDS` ago, found the queue empty."""
        was_empty = self._was_empty_at is not None and now - self._was_empty_at < limits.POLL_SECONDS
        return was_empty and not self._in_progress

    def is_slow(self, now: float) -> bool:
        """Return whether receives have returned little for `LULL_SECONDS`: the event source mapping alone keeps up.

        Receiving more would only delay the messages that the mapping has already received for this environment.
        """
        return self._slow_since is not None and now - self._slow_since > limits.LULL_SECONDS
