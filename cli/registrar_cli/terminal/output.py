"""Print results on standard output, and questions, progress and errors on standard error.

A person gets text and tables, a program gets JSON, never both: `registrar … --json > file` is always valid JSON.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from registrar_cli.terminal.errors import CliError, Declined, WrongInput

WIDE: Final = 10_000  # columns, so that no line wraps


class Output:
    """Writes to the two streams."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.out = _console()
        self.err = _console(stderr=True)

    def print_result(self, value: Any, show: Callable[[Console], None]) -> None:
        """Print the value as JSON, or call `show` to print it as text."""
        if self.as_json:
            json.dump(value, sys.stdout, indent=2, default=str)  # ASCII: safe in every pipe and locale
            sys.stdout.write("\n")
        elif self.out.is_terminal:
            show(self.out)
        else:
            with self.out.capture() as captured:
                show(self.out)
            # rich pads every line of a table to the longest.
            sys.stdout.write(re.sub(" +$", "", captured.get(), flags=re.MULTILINE))

    def error(self, error: CliError) -> None:
        """Print an error."""
        if self.as_json:
            document = {"what": error.what, "to_do": error.to_do, "exit_code": int(error.exit_code)}
            sys.stderr.write(json.dumps({"error": document}) + "\n")
            return
        lines = Table.grid(padding=(0, 1))
        lines.add_row(Text("✗", style="bold red"), Text(error.what))
        lines.add_row(Text("→", style="bold"), Text(error.to_do))
        self.err.print(lines)

    def note(self, text: str) -> None:
        """Print a remark on standard error; omitted with --json."""
        if not self.as_json:
            self.err.print(Text(text, style="dim"))

    def confirm(self, question: str, yes: bool, option: str = "--yes") -> None:
        """Ask before an irreversible change; `option` is what answers the question in advance.

        Raises:
            WrongInput: standard input is no terminal, and the option was not given.
            Declined: the operator answered no.
        """
        if yes:
            return
        if not sys.stdin.isatty():
            to_do = f"Run it in a terminal, or give {option} if you are sure."
            raise WrongInput(f"{question} There is no terminal to confirm this.", to_do)
        if not typer.confirm(question, err=True):
            raise Declined("You answered no: nothing was changed.", f"To continue, answer y or give {option}.")

    def progress(self) -> Progress:
        """Return a progress bar on standard error; invisible for programs."""
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

    @contextmanager
    def activity(self, description: str) -> Iterator[Callable[[str], None]]:
        """Show, on standard error, that something of unknown length goes on; yield what changes its description."""
        bar = Progress(
            *(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()),
            console=self.err,
            disable=self.as_json or not self.err.is_terminal,
            transient=True,
        )
        with bar:
            task = bar.add_task(description, total=None)
            yield lambda text: bar.update(task, description=text)


def _console(stderr: bool = False) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDE  # so that `grep` finds an e-mail, and a log keeps an error, in one line
    return console
