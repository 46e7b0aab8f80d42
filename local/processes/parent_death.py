"""Runs one command that ends when the process which started it ends, however that ends.

Stands between the embedded stack and each program it starts, so that even a killed stack leaves none behind:

    python -I -S parent_death.py signal <pid of the starter> <command> …    become the command
    python -I -S parent_death.py watch <pid of the starter> <command> …   stay beside it, and end all that it started

`signal` is for servers. The kernel kills them with their starter: Linux only, elsewhere `signal` means `watch`.
`watch` is for a command that starts programs of its own: its whole process group ends with the starter. The
pid 0 says that the starter's pid is not known. Run as a script: it imports only the standard library.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>
POLL_SECONDS = 0.2  # how soon `watch` notices that its starter is gone


def die_with_parent() -> None:
    """Ask the kernel to kill this process, and what it becomes, as soon as its parent is gone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl: {os.strerror(number)}")


def parent_has_ended(parent: int) -> bool:
    """Return whether somebody else has become the parent of this process."""
    return parent != 0 and os.getppid() != parent


def exec_with_signal(parent: int, command: list[str]) -> None:
    """Become the command; it is killed together with its starter."""
    die_with_parent()
    if parent_has_ended(parent):  # It went before the kernel was asked.
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606  To become the command is the point.


def watch(parent: int, command: list[str]) -> int:
    """Run the command beside this process; end the whole process group when the starter is gone."""
    # A request to end goes to the whole group: the command decides, and this waits for it. A handler that does nothing
    # rather than none: that would be handed on to the command.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with subprocess.Popen(command) as process:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(POLL_SECONDS)
            if parent_has_ended(parent):
                os.killpg(0, signal.SIGKILL)  # This process is of the group, and ends here too.


def main(arguments: list[str]) -> int:
    """Read the command line, and run what it says."""
    mode, parent, command = arguments[0], int(arguments[1]), arguments[2:]
    if mode == "signal" and sys.platform == "linux":
        exec_with_signal(parent, command)
    return watch(parent, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
