"""Print what `make demo` and `make serve` are doing, with the seconds since their start."""

import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table
from rich.text import Text

SECONDS_CHARACTERS = 7


def progress_printer(console: Console) -> Callable[[str], None]:
    """Return a function that prints a message; one that wraps stays beside its time."""
    began = time.monotonic()

    def progress(message: str) -> None:
        line = Table.grid(padding=(0, 2))
        line.add_column(justify="right", style="dim", min_width=SECONDS_CHARACTERS, no_wrap=True)
        line.add_column()
        line.add_row(f"{time.monotonic() - began:.1f} s", Text(message))
        console.print(line)

    return progress
