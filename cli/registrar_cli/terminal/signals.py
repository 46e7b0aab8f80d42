"""Defer Ctrl-C while something finishes that must not be left half done."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def deferred_interrupt() -> Iterator[Callable[[], bool]]:
    """Run the block to its end, then raise KeyboardInterrupt if Ctrl-C was pressed meanwhile.

    Yields a function that reports whether it was, so that the block can end early. Where SIGINT is ignored, as under
    `nohup`, it stays ignored.
    """
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
