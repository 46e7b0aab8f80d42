"""One line of `doctor`: green, yellow or red, and what to do. Pure; `checked` turns failures into red lines.

In: what was found. Out: `Check`s.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from registrar_cli.terminal.errors import CliError


class Light(StrEnum):
    """How bad it is."""

    GREEN = "green"
    YELLOW = "yellow"  # worth knowing
    RED = "red"  # people do not get in, or nobody would notice


@dataclass(frozen=True)
class Check:
    """`what` was looked at, what it `says`, what `to_do` (empty where green)."""

    what: str
    light: Light
    says: str
    to_do: str = ""

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


def green(what: str, says: str) -> Check:
    """All is well."""
    return Check(what, Light.GREEN, says)


def yellow(what: str, says: str, to_do: str) -> Check:
    """Worth knowing."""
    return Check(what, Light.YELLOW, says, to_do)


def red(what: str, says: str, to_do: str) -> Check:
    """To be mended."""
    return Check(what, Light.RED, says, to_do)


def checked(what: str, run: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """The checks of a look; where it fails, a red line with the failure in words."""
    try:
        yield from run()
    except CliError as error:
        yield red(what, error.what, error.to_do)
