"""Have the operator confirm a guessed encoding, before anything is sent: Zoom keeps the first name that it is given."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from registrar_cli.terminal.errors import Declined, WrongInput
from registrar_cli.terminal.output import Output

_SHOWN: Final = 4
NONE: Final = "0"


def possible_readings(samples: Sequence[str], guesses: Sequence[str]) -> dict[str, str]:
    """Return how names read in each encoding that makes a difference; `samples` are read in the first guess."""
    written = ", ".join(samples).encode(guesses[0], errors="replace")
    by_text: dict[str, str] = {}
    for guess in guesses:
        by_text.setdefault(written.decode(guess, errors="replace"), guess)
    return {guess: text for text, guess in [*by_text.items()][:_SHOWN]}


def confirm_encoding(output: Output, file: Path, samples: Sequence[str], guesses: Sequence[str]) -> str:
    """Ask which encoding is right, and return it.

    Raises:
        WrongInput: there is no terminal to ask on.
        Declined: none of them is.
    """
    if output.as_json or not sys.stdin.isatty():
        command = shlex.join(["registrar", *sys.argv[1:], "--encoding", guesses[0]])
        raise WrongInput(
            f"{file.name} does not state its encoding, and names depend on it. Nothing was sent.",
            f"Probably it is {guesses[0]}: {command}\nTo see how names read in it, and in others, use --dry-run first.",
        )
    readings = possible_readings(samples, guesses)
    output.err.print(Text(f"{file.name} does not state its encoding. How are these names written?", style="bold"))
    output.err.print(readings_table(readings, numbered=True))
    answer = typer.prompt(f"The number of the right line ({NONE}: none)", err=True).strip()
    chosen = dict(enumerate(readings, 1)).get(int(answer) if answer.isdecimal() else -1)
    if chosen is None:
        to_do = "Save it as “CSV UTF-8”, or name its encoding with --encoding."
        raise Declined("You chose none of these lines: nothing was sent.", to_do)
    return chosen


def readings_table(readings: dict[str, str], numbered: bool = False) -> Table:
    """Return a table of encodings and how names read in them."""
    table = Table.grid(padding=(0, 2))
    for number, (encoding, text) in enumerate(readings.items(), 1):
        first = [Text(f"{number:>3}", style="bold")] if numbered else [Text("")]
        table.add_row(*first, Text(encoding, style="dim"), Text(text))
    return table
