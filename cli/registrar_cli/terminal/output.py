"""What is printed: words and tables for a person, or one JSON document for a program; never both.

In: a value that JSON can hold, and how a person would like to see it. Out: the answer on standard output; questions,
progress and failures on standard error, so that `registrar … --json > file` is always a clean file.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from typing import Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from registrar_cli.terminal.errors import CliError, Declined, WrongInput

WIDE: Final = 10_000  # columns: nothing is folded


class Output:
    """The two streams."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.out = _console()
        self.err = _console(stderr=True)

    def print_result(self, value: Any, show: Callable[[Console], None]) -> None:
        """Print the answer."""
        if self.as_json:
            json.dump(value, sys.stdout, indent=2, default=str)  # ASCII: it survives any pipe and any locale
            sys.stdout.write("\n")
        elif self.out.is_terminal:
            show(self.out)
        else:
            with self.out.capture() as captured:
                show(self.out)
            # Tables fill up each line to the longest, which is as long as it likes here.
            sys.stdout.write(re.sub(" +$", "", captured.get(), flags=re.MULTILINE))

    def error(self, error: CliError) -> None:
        """Print a failure."""
        if self.as_json:
            document = {"what": error.what, "to_do": error.to_do, "exit_code": int(error.exit_code)}
            sys.stderr.write(json.dumps({"error": document}) + "\n")
            return
        lines = Table.grid(padding=(0, 1))
        lines.add_row(Text("✗", style="bold red"), Text(error.what))
        lines.add_row(Text("→", style="bold"), Text(error.to_do))
        self.err.print(lines)

    def note(self, text: str) -> None:
        """Say something on the way; a program does not hear it."""
        if not self.as_json:
            self.err.print(Text(text, style="dim"))

    def confirm(self, question: str, yes: bool) -> None:
        """Ask before something is gone for good.

        Raises:
            WrongInput: nobody is there to answer, and --yes was not given.
            Declined: the answer is no.
        """
        if yes:
            return
        if not sys.stdin.isatty():
            raise WrongInput(f"{question} Nobody is at the terminal to answer.", "Give --yes if you are sure.")
        if not typer.confirm(question, err=True):
            raise Declined("You answered no: nothing was changed.", "To go on, answer with y, or give --yes.")

    def progress(self) -> Progress:
        """A bar on standard error; invisible for programs."""
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(complete_style="green", finished_style="green"),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self.err,
            disable=self.as_json or not self.err.is_terminal,
            transient=True,
        )


def _console(stderr: bool = False) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDE  # `grep` is to find an e-mail in one piece, and a log a failure in one line
    return console
