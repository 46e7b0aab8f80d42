"""Handle Ctrl-C: at once while modules are imported, and later than what must not be left half done."""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from registrar_cli.terminal.errors import Exit

_WHAT, _TO_DO = "Interrupted before it began: nothing was changed.", "Run the same command again."
_STANDARD_ERROR = 2  # file descriptor


@contextmanager
def importing() -> Iterator[None]:
    """Import modules in this block, which takes a large part of a second: end the program if Ctrl-C is pressed.

    An exception could surface anywhere in the module being imported. Garbage is not collected meanwhile: there is none,
    and looking for it takes an eighth of the time.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _end_at_once)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # what was imported stays
        gc.enable()
        signal.signal(signal.SIGINT, before)


def _end_at_once(_number: int, _frame: Any) -> None:
    error = {"what": _WHAT, "to_do": _TO_DO, "exit_code": int(Exit.INTERRUPTED)}
    text = json.dumps({"error": error}) if "--json" in sys.argv else f"{_WHAT} {_TO_DO}"
    os.write(_STANDARD_ERROR, f"{text}\n".encode())
    os._exit(Exit.INTERRUPTED)


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
