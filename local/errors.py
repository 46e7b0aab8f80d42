"""Why the embedded stack cannot start or go on. The message is for the developer, and says what to do.

EmbeddedStackError
    NotInstalledError      a program is not where the Makefile puts it
    UnknownMachineError    a machine that Lambda knows no architecture for
    AlreadyRunningError    a stack of this name is running
    PortBusyError          a port that was asked for is taken
    ProgramFailedError     a program ended, or was not ready in time
    FunctionFailedError    a function that was invoked here ended with an error
"""

from __future__ import annotations

from pathlib import Path

LAST_LINES = 15  # of a log, shown when its program has failed


class EmbeddedStackError(RuntimeError):
    """The root of the tree."""


class NotInstalledError(EmbeddedStackError):
    """A program is not where the Makefile puts it."""

    def __init__(self, missing: Path) -> None:
        super().__init__(f"{missing} is missing. `make serve`, `make demo` and `make test` install what they need.")


class UnknownMachineError(EmbeddedStackError):
    """A machine that Lambda knows no architecture for."""

    def __init__(self, machine: str) -> None:
        super().__init__(f"Lambda has no architecture for this machine ({machine}): it needs x86_64 or arm64.")


class AlreadyRunningError(EmbeddedStackError):
    """A stack of this name is running."""

    def __init__(self, name: str, pid: str) -> None:
        super().__init__(f"The embedded stack {name!r} is running already (process {pid}). Stop that one first.")


class PortBusyError(EmbeddedStackError):
    """A port that was asked for is taken."""

    def __init__(self, port: int, purpose: str, option: str) -> None:
        super().__init__(
            f"Port {port}, meant for {purpose}, is taken by another program. "
            f"End that program, or choose another port with {option}."
        )


class ProgramFailedError(EmbeddedStackError):
    """A program ended, or was not ready in time: says which, and the end of its log."""

    def __init__(self, name: str, what: str, log: Path) -> None:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:] if log.exists() else []
        message = [f"{name} {what}. Its log is {log}; it ends with:", *(f"    {line}" for line in lines)]
        super().__init__("\n".join(message))


class FunctionFailedError(EmbeddedStackError):
    """A function that was invoked here ended with an error."""

    def __init__(self, logical_id: str, error: str, log: Path) -> None:
        super().__init__(f"{logical_id} failed: {error}\nIts log is {log}.")
