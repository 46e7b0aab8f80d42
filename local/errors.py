"""Errors of the local stack, with messages that say what to do.

LocalStackError
    NotInstalledError      a program is not installed
    UnknownMachineError    Lambda does not support this machine's architecture
    AlreadyRunningError    a stack with this name is running
    PortBusyError          a requested port is in use
    ProgramFailedError     a program failed, or was not ready in time
    FunctionFailedError    an invoked function returned an error
    PageUnusableError      a page lacks what a visitor needs
"""

from pathlib import Path

LAST_LINES = 15  # of the log of a failed program, for the message


class LocalStackError(RuntimeError):
    """The base class."""


class NotInstalledError(LocalStackError):
    """A program is not where the Makefile installs it."""

    def __init__(self, missing: Path) -> None:
        super().__init__(f"{missing} is missing. Run `make serve`, `make demo` or `make test`, which install it.")


class UnknownMachineError(LocalStackError):
    """Lambda does not support this machine's architecture."""

    def __init__(self, machine: str) -> None:
        super().__init__(f"Lambda does not support this machine's architecture ({machine}). Use x86_64 or arm64.")


class AlreadyRunningError(LocalStackError):
    """A stack with this name is running."""

    def __init__(self, name: str, pid: str) -> None:
        super().__init__(f"The local stack {name!r} is already running (process {pid}). Stop it first.")


class PortBusyError(LocalStackError):
    """A requested port is in use."""

    def __init__(self, port: int, purpose: str, option: str) -> None:
        super().__init__(
            f"Port {port} for {purpose} is in use by another program. "
            f"Stop that program, or choose another port with {option}."
        )


class ProgramFailedError(LocalStackError):
    """A program failed, or was not ready in time. The message ends with the last lines of its log."""

    def __init__(self, name: str, what: str, log: Path) -> None:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:] if log.exists() else []
        message = [f"{name} {what}. Log: {log}. Last lines:", *(f"    {line}" for line in lines)]
        super().__init__("\n".join(message))


class FunctionFailedError(LocalStackError):
    """An invoked function returned an error."""

    def __init__(self, logical_id: str, error: str, log: Path) -> None:
        super().__init__(f"{logical_id} failed: {error}\nLog: {log}.")


class PageUnusableError(LocalStackError):
    """A page of the product cannot be used as a visitor uses it."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"The page {url} cannot be used: {why}.")
