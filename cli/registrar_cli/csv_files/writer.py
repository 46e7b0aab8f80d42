"""Write CSV files for spreadsheets, readable by their owner only: exports, and the rejected lines of a file.

They are UTF-8 with a BOM, without which Excel garbles names. No part of a cell is a formula.
"""

import csv
import io
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from itertools import count
from pathlib import Path
from typing import TextIO

from registrar_cli.csv_files.cells import escape_formula
from registrar_cli.csv_files.columns import Layout
from registrar_cli.csv_files.reader import Reject
from registrar_cli.terminal.errors import WrongInput

STANDARD_OUTPUT = Path("-")


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> int:
    """Write the file, replacing an older one at the end, and return the number of rows; `-` is standard output.

    Raises:
        WrongInput: the file cannot be written.
    """
    if path == STANDARD_OUTPUT:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # regardless of the locale, which might lose characters
        return _write(sys.stdout, header, rows, delimiter)
    try:
        # Mode 0600, and in the same folder, so that the last step is an atomic rename.
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
                number = _write(file, header, rows, delimiter)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WrongInput(f"{path} cannot be written: {error.strerror}.", "Name another file.") from error
    return number


def _write(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str) -> int:
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(header)
    number = 0
    for row in rows:
        writer.writerow([escape_formula(value) for value in row])
        number += 1
    return number


def write_rejects(source: Path, layout: Layout, rejects: Iterable[Reject], target: Path | None = None) -> Path:
    """Write the rejected lines, each with its number and the reason, to a file of the same shape; return its path.

    It is `target`, or a new one beside the source. `read_registrants` takes it again once it is corrected.

    Raises:
        WrongInput: the file cannot be written.
    """
    content = _rejects(layout, rejects)
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


def _rejects(layout: Layout, rejects: Iterable[Reject]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=layout.delimiter)
    writer.writerow(["line", "why", *layout.header])
    for reject in rejects:
        writer.writerow([reject.line, reject.reason, *map(escape_formula, reject.cells)])
    return file.getvalue().encode("utf-8-sig")
