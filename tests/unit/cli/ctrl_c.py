"""Ctrl-C, pressed at a chosen moment: when a call to SQS has taken effect."""

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.unit.cli.conftest import Queues


def press_ctrl_c() -> None:
    """In the main thread, as a terminal's is; from whichever thread."""
    ident = threading.main_thread().ident
    assert ident is not None
    signal.pthread_kill(ident, signal.SIGINT)


def on_first(queues: Queues, operation: str, action: Callable[[], Any]) -> None:
    """Do something as soon as an operation has been called for the first time."""
    done = threading.Event()
    takes_seconds = 0.01  # as calls do: the main thread has time to hear what it is told

    def on_effect(name: str, *_: Any) -> None:
        if name == operation and not done.is_set():
            done.set()
            action()
        time.sleep(takes_seconds)

    queues.sqs.on_effect = on_effect
