"""Split the text of a CSV file into records."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registrar_cli.terminal.errors import WrongInput

if TYPE_CHECKING:
    import _csv

DELIMITERS: Final = (",", ";", "\t", "|")
CELL_CHARACTERS: Final = 131_072  # csv's default limit: a longer cell means an unclosed quotation mark


@dataclass(frozen=True)
class Record:
    """One record. `line` is the number of its first line; `lines` is how many it spans."""

    line: int
    lines: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Return whether every cell is blank."""
        return not any(cell.strip() for cell in self.cells)


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield the records of the text.

    A record that is one cell with delimiters in it is split again, where it stands on one line: some programs put
    quotation marks around a whole line.

    Raises:
        WrongInput: the text is not CSV.
    """
    csv.field_size_limit(CELL_CHARACTERS)
    reader = _reader(text, delimiter)
    line = 1
    try:
        for cells in reader:
            if len(cells) == 1 and delimiter in cells[0]:
                cells = _split_again(cells, delimiter)  # noqa: PLW2901
            yield Record(line, reader.line_num - line + 1, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        # csv's messages quote no content.
        raise WrongInput(
            f"Line {line} is not CSV ({error}).", "Look for a quotation mark that is never closed."
        ) from error


def _split_again(cells: list[str], delimiter: str) -> list[str]:
    # A line break may be one of a cell, or that between two registrants.
    found = list(_reader(cells[0], delimiter))
    return found[0] if len(found) == 1 else cells


def _reader(text: str, delimiter: str) -> "_csv.Reader":
    # A quotation mark counts after a blank too: `ada@example.com, "Lovelace"`.
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
