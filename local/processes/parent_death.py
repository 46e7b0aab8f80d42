"""Run one command that ends with its parent process, even if that is killed.

The local stack starts all its programs through this script, so that none outlives it:

    python -I -S parent_death.py signal <pid of the parent> <command> …   become the command
    python -I -S parent_death.py watch <pid of the parent> <command> …    run it as a child, and end its process group

`signal` is for servers: the kernel sends them SIGKILL when the parent ends. Only Linux can; elsewhere it means `watch`.
`watch` is for commands that start other programs: their whole process group ends with the parent. The pid 0 means
that the parent's pid is not known. This is a script: it imports only the standard library.
"""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>
POLL_SECONDS = 0.2  # how soon `watch` notices that the parent has ended


def die_with_parent() -> None:
    """Ask the kernel to kill this process, also after exec, when its parent ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl: {os.strerror(number)}")


def parent_has_ended(parent: int) -> bool:
    """Return whether this process has another parent than the given one."""
    return parent != 0 and os.getppid() != parent


def exec_with_signal(parent: int, command: list[str]) -> None:
    """Become the command, which is killed when its parent ends."""
    die_with_parent()
    if parent_has_ended(parent):  # It ended before `die_with_parent`.
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606


def watch(parent: int, command: list[str]) -> int:
    """Run the command as a child; end the whole process group when the parent has ended."""
    # SIGTERM goes to the whole group: the command handles it, and this process waits. An empty handler instead of
    # SIG_IGN, which the command would inherit.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with subprocess.Popen(command) as process:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(POLL_SECONDS)
            if parent_has_ended(parent):
                os.killpg(0, signal.SIGKILL)  # including this process


def main(arguments: list[str]) -> int:
    """Parse the arguments and run the command."""
    mode, parent, command = arguments[0], int(arguments[1]), arguments[2:]
    if mode == "signal" and sys.platform == "linux":
        exec_with_signal(parent, command)
    return watch(parent, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
