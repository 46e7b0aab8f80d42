"""The programs that the embedded stack starts: each with its log, each gone when the stack is gone.

Every program runs in a session of its own, so that Ctrl-C in the terminal reaches only the stack, which then
ends its programs in order; and on a leash (parent_death.py), so that they end with a stack that was killed.
"""

from __future__ import annotations

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
STOP_GRACE_SECONDS = 2.0  # after which a program that was asked to end is killed


def environment_of_developer() -> dict[str, str]:
    """Return the developer's environment: nothing of a real AWS account, no proxy to this machine."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_CLI_"))}
    return env | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


@dataclass(frozen=True)
class Command:
    """A program to be started."""

    name: str
    """As it is called where a failure is told."""
    arguments: Sequence[str | Path]
    log: Path
    """Its output is added here."""
    environment: Mapping[str, str]
    directory: Path
    errors: Path | None = None
    """Its error output is added here; None: to the log."""
    parent_death: ParentDeathMode = "signal"
    required: bool = False
    """Whether the stack is of no use without it."""


@dataclass(frozen=True)
class Program:
    """A running program."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def is_running(self) -> bool:
        """Return whether it has not ended yet."""
        return self.process.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return as soon as the program is ready; tell it with its log if that does not come."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_running():
                raise ProgramFailedError(
                    self.name, f"ended at its start (exit status {self.process.returncode})", self.log
                )
            if time.monotonic() > deadline:
                raise ProgramFailedError(self.name, f"was not ready after {seconds:g} seconds", self.log)
            time.sleep(READY_POLL_SECONDS)

    def wait(self, seconds: float) -> None:
        """Return when the program has done its work; tell it with its log if it failed or takes too long."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise ProgramFailedError(self.name, f"took longer than {seconds:g} seconds", self.log) from error
        if status != 0:
            raise ProgramFailedError(self.name, f"failed (exit status {status})", self.log)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program and whatever it started in its session's group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.signal(signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """All programs of one stack. Threads may share it."""

    def __init__(self, stop_grace_seconds: float = STOP_GRACE_SECONDS) -> None:
        self._stop_grace_seconds = stop_grace_seconds
        self._running: list[Program] = []
        self._required: list[Program] = []
        # Linux ends a leashed program with the *thread* that started it: one thread, which lives as long as
        # the stack, starts them all. And Ctrl-C, which reaches the main thread, cannot come in between.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")

    def start(self, command: Command) -> Program:
        """Start a program."""
        try:
            starting = self._starter.submit(self._start, command)
        except RuntimeError as error:  # The stack is stopping; an invocation was about to begin.
            raise ProgramFailedError(command.name, "was not started any more", command.log) from error
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
        """Tell it if a program has ended that should run as long as the stack."""
        for program in self._required:
            if not program.is_running():
                raise ProgramFailedError(
                    program.name, f"has ended (exit status {program.process.returncode})", program.log
                )

    def stop(self) -> None:
        """End all programs: politely first, and for certain. None can be started afterwards."""
        self._starter.submit(self._stop).result()
        self._starter.shutdown()

    def _stop(self) -> None:
        for program in self._running:
            program.signal(signal.SIGTERM)
        deadline = time.monotonic() + self._stop_grace_seconds
        while any(program.is_running() for program in self._running) and time.monotonic() < deadline:
            time.sleep(STOP_POLL_SECONDS)
        for program in self._running:
            program.kill()  # The group too, where a program has left somebody behind.


def bound_to_parent(command: Sequence[str | Path], mode: ParentDeathMode, parent: int | None = None) -> list[str]:
    """Return the command that runs a command on a leash, held by the process `starter` (0: not known yet)."""
    pid = os.getpid() if parent is None else parent
    return [sys.executable, "-I", "-S", str(PARENT_DEATH_SCRIPT), mode, str(pid), *map(str, command)]
