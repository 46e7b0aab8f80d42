"""Read and switch the event source mapping, which passes the queue's messages to the consumer."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.row import moment_of
from registrar.runtime.aws import error_code

from registrar_cli.clients import aws
from registrar_cli.clients.pause_flag import PauseFlag
from registrar_cli.clients.session import Session
from registrar_cli.terminal.errors import Unreachable
from registrar_cli.terminal.formatting import local_time
from registrar_cli.terminal.suggestions import suggest_deployment

POLL_SECONDS = 1
ENABLED, DISABLED, DISABLING = "Enabled", "Disabled", "Disabling"
_PAUSED = ", paused since "
_BUSY = "ResourceInUseException"  # Lambda is still enabling or disabling it


def in_local_time(state: str, now: float) -> str:
    """Return a state for a screen: it holds the moment of a pause in UTC, for programs."""
    switched, paused, since = state.partition(_PAUSED)
    return f"{switched}{paused}{local_time(moment_of(since) or now, now)}" if paused else state


class EventSourceMapping:
    """Control the consumer's only event source mapping; `paused_since` reads the pause flag."""

    def __init__(
        self,
        functions: Any,
        function: str,
        paused_since: Callable[[], str | None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._functions = functions
        self._function = function
        self._paused_since = paused_since
        self._sleep = sleep

    @classmethod
    def of(cls, session: Session) -> "EventSourceMapping":
        """Open the mapping of the session's stack."""
        function = session.stack.resource("RegisterBatchFunction")
        return cls(session.functions, function, PauseFlag.of(session).since)

    def state(self) -> str:
        """Return Lambda's state (Enabled, Disabled, Enabling, …), and since when sending is paused, if it is."""
        since = self._paused_since()
        return self.switched() + (f"{_PAUSED}{since}" if since else "")

    def switched(self) -> str:
        """Return Lambda's state alone."""
        return str(self._found()["State"])

    def state_if_readable(self) -> str | None:
        """Return the state, or None where it cannot be read: the caller's own result does not depend on it."""
        try:
            return self.state()
        except Unreachable:
            return None

    def switch(self, on: bool, seconds: int) -> str:
        """Enable or disable the mapping, wait until Lambda has done so, `seconds` at most; return its state."""
        wanted, is_accepted = ENABLED if on else DISABLED, False
        for _ in range(0, seconds, POLL_SECONDS):
            found = self._found()
            if found["State"] == wanted:
                break
            is_accepted = is_accepted or self._update(found["UUID"], on)
            self._sleep(POLL_SECONDS)
        return self.switched()

    def _update(self, mapping: str, on: bool) -> bool:
        """Return whether Lambda takes the change; it does not while it still makes an earlier one."""
        try:
            self._functions.update_event_source_mapping(UUID=mapping, Enabled=on)
        except (ClientError, BotoCoreError) as error:
            if error_code(error) == _BUSY:
                return False
            raise aws.as_cli_error(error, "updating the event source mapping") from error
        return True

    def _found(self) -> dict[str, Any]:
        try:
            response = self._functions.list_event_source_mappings(FunctionName=self._function)
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading the event source mapping") from error
        if not response["EventSourceMappings"]:
            raise Unreachable("The consumer has no event source mapping.", f"Deploy it again: {suggest_deployment()}")
        found: dict[str, Any] = response["EventSourceMappings"][0]
        return found
