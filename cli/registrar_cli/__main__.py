"""Run `registrar`, or `python -m registrar_cli`, handling Ctrl-C from the start.

Importing app.py with all it needs takes a large part of a second.
"""

import json
import os
import signal
import sys
from typing import Any

from registrar_cli.terminal.errors import Exit

_WHAT, _TO_DO = "Interrupted before it began: nothing was changed.", "Run the same command again."
_STANDARD_ERROR = 2  # file descriptor


def main() -> None:
    """Run the command line, and end the program."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _end_at_once)
    from registrar_cli import app  # noqa: PLC0415 — after the handler is set

    signal.signal(signal.SIGINT, before)
    app.main()


def _end_at_once(_number: int, _frame: Any) -> None:
    error = {"what": _WHAT, "to_do": _TO_DO, "exit_code": int(Exit.INTERRUPTED)}
    text = json.dumps({"error": error}) if "--json" in sys.argv else f"{_WHAT} {_TO_DO}"
    os.write(_STANDARD_ERROR, f"{text}\n".encode())
    os._exit(Exit.INTERRUPTED)  # an exception could surface anywhere in the module being imported


if __name__ == "__main__":
    main()
