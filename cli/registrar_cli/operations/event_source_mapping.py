"""Read and switch the event source mapping, which passes the queue's messages to the consumer."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.terminal.errors import Unreachable
from registrar_cli.terminal.suggestions import suggest_deployment

SETTLE_SECONDS = 60  # Lambda takes a few seconds to enable or disable
POLL_SECONDS = 1
ENABLED, DISABLED = "Enabled", "Disabled"


class EventSourceMapping:
    """Control the consumer's only event source mapping."""

    def __init__(self, functions: Any, function: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._functions = functions
        self._function = function
        self._sleep = sleep

    @classmethod
    def of(cls, session: Session) -> "EventSourceMapping":
        """Open the mapping of the session's stack."""
        return cls(session.functions, session.stack.resource("RegisterBatchFunction"))

    def state(self) -> str:
        """Return Lambda's state: Enabled, Disabled, Enabling, …"""
        return str(self._found()["State"])

    def state_if_readable(self) -> str | None:
        """Return the state, or None where it cannot be read: the caller's own result does not depend on it."""
        try:
            return self.state()
        except Unreachable:
            return None

    def switch(self, on: bool) -> str:
        """Enable or disable the mapping, wait until Lambda has done so, and return its state."""
        wanted = ENABLED if on else DISABLED
        found = self._found()
        if found["State"] == wanted:
            return wanted
        try:
            self._functions.update_event_source_mapping(UUID=found["UUID"], Enabled=on)
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "updating the event source mapping") from error
        state = self.state()
        for _ in range(SETTLE_SECONDS // POLL_SECONDS):
            if state == wanted:
                break
            self._sleep(POLL_SECONDS)
            state = self.state()
        return state

    def _found(self) -> dict[str, Any]:
        try:
            response = self._functions.list_event_source_mappings(FunctionName=self._function)
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading the event source mapping") from error
        if not response["EventSourceMappings"]:
            raise Unreachable("The consumer has no event source mapping.", f"Deploy it again: {suggest_deployment()}")
        found: dict[str, Any] = response["EventSourceMappings"][0]
        return found
