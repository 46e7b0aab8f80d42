"""Press Ctrl-C at a chosen moment: when a call to SQS has taken effect."""

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.unit.cli.conftest import Queues


def press_ctrl_c() -> None:
    """Send SIGINT to the main thread, as a terminal does, from any thread."""
    ident = threading.main_thread().ident
    assert ident is not None
    signal.pthread_kill(ident, signal.SIGINT)


def on_first(queues: Queues, operation: str, action: Callable[[], Any]) -> None:
    """Run an action as soon as an operation has been called for the first time."""
    done = threading.Event()
    takes_seconds = 0.01  # like a real call, so that the main thread can handle the signal

    def on_effect(name: str, *_: Any) -> None:
        if name == operation and not done.is_set():
            done.set()
            action()
        time.sleep(takes_seconds)

    queues.sqs.on_effect = on_effect
