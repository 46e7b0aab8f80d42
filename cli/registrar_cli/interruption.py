"""Ctrl-C, kept waiting while something is finished that must not be left half done.

In: a block of seconds. Out: KeyboardInterrupt at its end, if somebody pressed Ctrl-C meanwhile.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def held_off() -> Iterator[None]:
    """Finish the block first."""
    pressed: list[int] = []

    def remember(number: int, _frame: Any) -> None:
        pressed.append(number)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        signal.raise_signal(signal.SIGINT)
