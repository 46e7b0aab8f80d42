"""Start, watch and stop the programs of the local stack, each with its log.

Every program runs in a session of its own, so that Ctrl-C in the terminal reaches only the stack, which then stops
its programs in order; parent_death.py ends them if the stack is killed.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from local.errors import ProgramFailedError
from local.processes.paths import PARENT_DEATH_SCRIPT

ParentDeathMode = Literal["signal", "watch"]  # see parent_death.py

READY_POLL_SECONDS = 0.02
STOP_POLL_SECONDS = 0.01
STOP_GRACE_SECONDS = 2.0  # between SIGTERM and SIGKILL


def environment_of_developer() -> dict[str, str]:
    """Return the developer's environment without their AWS settings, and without a proxy for this machine."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_CLI_"))}
    return env | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


@dataclass(frozen=True)
class Command:
    """A program to start."""

    name: str
    """Its name in error messages."""
    arguments: Sequence[str | Path]
    log: Path
    """Its output is appended to this file."""
    environment: Mapping[str, str]
    directory: Path
    errors: Path | None = None
    """Its error output is appended to this file; None: to the log."""
    parent_death: ParentDeathMode = "signal"
    required: bool = False
    """Whether the stack cannot run without it."""


@dataclass(frozen=True)
class Program:
    """A running program."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def is_running(self) -> bool:
        """Return whether it is running."""
        return self.process.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until the program is ready. Raises: ProgramFailedError if it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_running():
                raise ProgramFailedError(
                    self.name, f"ended before it was ready (exit status {self.process.returncode})", self.log
                )
            if time.monotonic() > deadline:
                raise ProgramFailedError(self.name, f"was not ready after {seconds:g} seconds", self.log)
            time.sleep(READY_POLL_SECONDS)

    def wait(self, seconds: float) -> None:
        """Wait until the program has ended. Raises: ProgramFailedError if it fails or takes too long."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise ProgramFailedError(self.name, f"took longer than {seconds:g} seconds", self.log) from error
        if status != 0:
            raise ProgramFailedError(self.name, f"failed (exit status {status})", self.log)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program's process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """Kill the program's process group."""
        self.signal(signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Runs the programs of one stack. It is thread-safe."""

    def __init__(self, stop_grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        self._stop_grace_seconds = stop_grace_seconds
        self._running: list[Program] = []
        self._required: list[Program] = []
        # Linux sends the parent-death signal when the *thread* that started the program ends: one thread, which lives
        # as long as the stack, starts them all. Ctrl-C, which interrupts the main thread, does not interrupt a start.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")

    def start(self, command: Command) -> Program:
        """Start a program."""
        try:
            starting = self._starter.submit(self._start, command)
        except RuntimeError as error:  # The stack is stopping.
            raise ProgramFailedError(command.name, "was not started: the stack is stopping", command.log) from error
        return starting.result()

    def _start(self, command: Command) -> Program:
        errors = command.errors or command.log
        with command.log.open("ab") as output, errors.open("ab") as error_output:
            process = subprocess.Popen(
                bound_to_parent(command.arguments, command.parent_death),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=error_output,
                cwd=command.directory,
                env=dict(command.environment),
                start_new_session=True,
            )
        program = Program(command.name, process, errors)
        if command.required:
            self._required.append(program)
        self._running = [other for other in self._running if other.is_running()] + [program]
        return program

    def check(self) -> None:
        """Raise ProgramFailedError if a required program has ended."""
        for program in self._required:
            if not program.is_running():
                raise ProgramFailedError(
                    program.name, f"has ended (exit status {program.process.returncode})", program.log
                )

    def stop(self) -> None:
        """Stop all programs: SIGTERM first, then SIGKILL. None can be started afterwards."""
        self._starter.submit(self._stop).result()
        self._starter.shutdown()

    def _stop(self) -> None:
        for program in self._running:
            program.signal(signal.SIGTERM)
        deadline = time.monotonic() + self._stop_grace_seconds
        while any(program.is_running() for program in self._running) and time.monotonic() < deadline:
            time.sleep(STOP_POLL_SECONDS)
        for program in self._running:
            program.kill()  # The whole group: a program may have left children.


def bound_to_parent(command: Sequence[str | Path], mode: ParentDeathMode, parent: int | None = None) -> list[str]:
    """Return a command that ends with the process `parent` (None: this process; 0: not known)."""
    pid = os.getpid() if parent is None else parent
    return [sys.executable, "-I", "-S", str(PARENT_DEATH_SCRIPT), mode, str(pid), *map(str, command)]
