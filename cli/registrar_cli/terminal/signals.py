"""Ctrl-C, kept waiting while something is finished that must not be left half done.

In: a block that takes seconds. Out: KeyboardInterrupt at its end, if somebody pressed Ctrl-C meanwhile; a block that
can end early asks whether somebody did.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def deferred_interrupt() -> Iterator[Callable[[], bool]]:
    """Finish the block first. Whoever has Ctrl-C ignored, as `nohup` may, goes on ignoring it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield lambda: False
        return
    received: list[int] = []

    def remember(number: int, _frame: Any) -> None:
        received.append(number)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield lambda: bool(received)
    finally:
        signal.signal(signal.SIGINT, before)
    if received:
        signal.raise_signal(signal.SIGINT)
