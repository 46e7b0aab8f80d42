"""The command `registrar`, and `python -m registrar_cli`: hears Ctrl-C from its first moment on.

In: the command line. Out: what app.py makes of it. Reading that, with all that it needs, takes a good part of a second.
"""

import json
import os
import signal
import sys
from typing import Any

from registrar_cli.terminal.errors import Exit

_WHAT, _TO_DO = "Interrupted before it began: nothing was changed.", "Run the same command again."
_STANDARD_ERROR = 2  # its descriptor


def main() -> None:
    """Run the command line; ends the program."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _end_at_once)
    from registrar_cli import app  # noqa: PLC0415 — after Ctrl-C is heard

    signal.signal(signal.SIGINT, before)
    app.main()


def _end_at_once(_number: int, _frame: Any) -> None:
    error = {"what": _WHAT, "to_do": _TO_DO, "exit_code": int(Exit.INTERRUPTED)}
    words = json.dumps({"error": error}) if "--json" in sys.argv else f"{_WHAT} {_TO_DO}"
    os.write(_STANDARD_ERROR, f"{words}\n".encode())
    os._exit(Exit.INTERRUPTED)  # an exception would be raised wherever modules are being read


if __name__ == "__main__":
    main()
