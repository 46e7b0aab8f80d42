"""The lines of a file that could not be used, as a file of the same shape: to be corrected and used in its place.

In: a layout and its rejects. Out: the file, with each line's number and reason before its own cells. The cells are as
they were: this is the user's own text.
"""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from registrar_cli.csv_columns import Layout
from registrar_cli.csv_people import Reject
from registrar_cli.trouble import WrongInput


def beside(path: Path) -> Path:
    """`people.csv` → `people.rejects.csv`."""
    return path.with_name(f"{path.stem}.rejects{path.suffix or '.csv'}")


def write_rejects(path: Path, layout: Layout, rejects: Iterable[Reject]) -> None:
    """Write the file, readable by its owner alone.

    Raises:
        WrongInput: it cannot be written there.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=layout.delimiter)
            writer.writerow(["line", "why", *layout.header])
            for reject in rejects:
                writer.writerow([reject.line, reject.reason, *reject.cells])
    except OSError as error:
        raise WrongInput(f"{path} cannot be written: {error.strerror}.", "Name another with --rejects.") from error
