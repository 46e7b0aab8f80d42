"""Define a check: one line of `doctor`, with its result and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from registrar_cli.terminal.errors import CliError


class Light(StrEnum):
    """The result of a check."""

    GREEN = "green"
    YELLOW = "yellow"  # a warning
    RED = "red"  # registrations fail, or a failure would go unnoticed
    NOT_CHECKED = "not_checked"  # a check before it failed


@dataclass(frozen=True)
class Check:
    """One result: `what` was checked, what it `says`, and what `to_do` about it (empty where there is nothing)."""

    what: str
    light: Light
    says: str
    to_do: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the check for JSON."""
        return asdict(self)


def green(what: str, says: str) -> Check:
    """Return a check that passed."""
    return Check(what, Light.GREEN, says)


def yellow(what: str, says: str, to_do: str) -> Check:
    """Return a warning."""
    return Check(what, Light.YELLOW, says, to_do)


def red(what: str, says: str, to_do: str) -> Check:
    """Return a check that failed."""
    return Check(what, Light.RED, says, to_do)


def not_checked(what: str, why: str) -> Check:
    """Return a check that could not be made; the check that failed before it says what to do."""
    return Check(what, Light.NOT_CHECKED, f"not checked: {why}")


def checked(what: str, run: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """Yield the checks; where one raises an error, a red check with its message."""
    try:
        yield from run()
    except CliError as error:
        yield red(what, error.what, error.to_do)
