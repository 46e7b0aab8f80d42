"""Write the rejected lines to a file of the same shape, each with its number and the reason, to be corrected.

The cells are unchanged but for formulas, which would run in a spreadsheet; `read_registrants` reverses that.
"""

import csv
import io
import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from registrar_cli.csv_files.cells import escape_formula
from registrar_cli.csv_files.columns import Layout
from registrar_cli.csv_files.reader import Reject
from registrar_cli.terminal.errors import WrongInput


def write_rejects(source: Path, layout: Layout, rejects: Iterable[Reject], target: Path | None = None) -> Path:
    """Write the file, readable by its owner only, to `target` or beside its source; return its path.

    Raises:
        WrongInput: the file cannot be written.
    """
    content = _content(layout, rejects)
    path = target
    try:
        path = path or _beside(source, content)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise WrongInput(f"{path or source} cannot be written: {error.strerror}.", "Name another file.") from error
    return path


def _beside(source: Path, content: bytes) -> Path:
    """Return `people.rejects.csv` for `people.csv`, with a number if a different file of that name exists."""
    for number in count(1):
        middle = "rejects" if number == 1 else f"rejects-{number}"
        path = source.with_name(f"{source.stem}.{middle}{source.suffix or '.csv'}")
        if not path.exists() or path.read_bytes() == content:
            break
    return path


def _content(layout: Layout, rejects: Iterable[Reject]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=layout.delimiter)
    writer.writerow(["line", "why", *layout.header])
    for reject in rejects:
        writer.writerow([reject.line, reject.reason, *map(escape_formula, reject.cells)])
    return file.getvalue().encode("utf-8-sig")
