"""The folder of a stack: logs, unpacked packages, the emulator's files.

It stays after the stack has stopped. The next start empties it, except for the packages, which rarely change.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import AlreadyRunningError
from local.processes.paths import STACKS

PACKAGES = "packages"


@contextmanager
def stack_directory(name: str, stacks: Path = STACKS) -> Iterator[Path]:
    """Yield the emptied folder, locked against another stack of that name. Raises: AlreadyRunningError."""
    stacks.mkdir(parents=True, exist_ok=True)
    with (stacks / f"{name}.pid").open("a+", encoding="ascii") as pid_file:
        try:
            fcntl.flock(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid_file.seek(0)
            raise AlreadyRunningError(name, pid_file.read().strip()) from error
        pid_file.truncate(0)
        pid_file.write(f"{os.getpid()}\n")
        pid_file.flush()
        directory = stacks / name
        directory.mkdir(exist_ok=True)
        _empty(directory)
        for folder in (PACKAGES, "functions"):
            (directory / folder).mkdir(exist_ok=True)
        yield directory


def _empty(directory: Path) -> None:
    for entry in directory.iterdir():
        if entry.is_dir() and entry.name != PACKAGES:
            shutil.rmtree(entry)
        elif entry.is_file():
            entry.unlink()
