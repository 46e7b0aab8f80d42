"""An operator pauses sending for half an hour, in which no call may start, and resumes it."""

from registrar.storage.pause_flag import ATTRIBUTE, ROW

from tests.consumer import Consumer

PAUSED_S = 1_800.0
HEEDED_S = 40.0  # after the flag is set: it has been read, and the calls under way have ended


class Pause:
    """The pause flag of a run; `violations` gets a line for each call that started while it was set."""

    def __init__(self, consumer: Consumer, violations: list[str]) -> None:
        self._consumer = consumer
        self._violations = violations
        self._began_s = 0.0

    def begin(self) -> None:
        """Set the flag, as `registrar pause` does; not by a call, which a fault might fail."""
        self._began_s = self._consumer.clock()
        self._write({"name": {"S": ROW}, ATTRIBUTE: {"S": "2026-11-23T14:00:00Z"}})

    def end(self) -> None:
        """Check the calls made meanwhile, and clear the flag."""
        late = [call for call in self._consumer.calls() if call.time > self._began_s + HEEDED_S]
        self._violations += [f"called while paused: {call.tracking_id}" for call in late]
        self._write(None)

    def _write(self, item: dict[str, dict[str, str]] | None) -> None:
        self._consumer.dynamodb.tables["Account"].write((ROW,), item)
