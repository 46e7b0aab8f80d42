"""Write a CSV file for spreadsheets: whole or not at all, readable by its owner only.

It is UTF-8 with a BOM, without which Excel garbles names. No part of a cell is a formula.
"""

import csv
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from registrar_cli.csv_files.cells import escape_formula
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
