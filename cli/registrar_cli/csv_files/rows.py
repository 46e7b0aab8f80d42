"""Yield the records of a file as fields by name, or with what is wrong with their shape.

Shifted cells, an unclosed quotation mark, a second header: what only a file can get wrong, line by line.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from registrar.registrants.whole_names import split_name

from registrar_cli.csv_files.cells import address, clean, webinar_id
from registrar_cli.csv_files.columns import WHOLE_NAME, Layout, is_header
from registrar_cli.csv_files.records import Record, records
from registrar_cli.terminal.errors import WrongInput

Rows = Iterator[tuple[Record, dict[str, str] | str]]

REQUIRED: Final = ("email", "first_name")
_EMAIL_LIKE: Final = re.compile(r"[^\s@]+@+[^\s@]+")  # a misspelled one too, or its line would be lost
_CLEAN: Final[Mapping[str, Callable[[str], str]]] = {"email": address, "webinar_id": webinar_id}


def rows(text: str, layout: Layout, more: Mapping[str, int] | None = None) -> Rows:
    """Yield every record after the header with its fields by name (`more` too), or with what is wrong with it.

    Raises:
        WrongInput: another header follows, with other columns.
    """
    places = {**layout.columns, **(more or {})}
    header = [cell.strip() for cell in layout.header]
    for record in records(text, layout.delimiter):
        cells = record.cells
        if record.line <= layout.header_line or record.is_blank or [cell.strip() for cell in cells] == header:
            continue
        if not any("@" in cell for cell in cells) and is_header(cells, {}, REQUIRED):
            what = f"Line {record.line:,} is another header, with other columns."
            raise WrongInput(what, "Save the lines from there on as a file of their own.")
        wrong = _wrong_shape(record, layout)
        if wrong:
            yield record, wrong
        else:
            yield record, _fields({name: cells[place] for name, place in places.items() if place < len(cells)})


def _fields(cells: Mapping[str, str]) -> dict[str, str]:
    """Clean the cells, and split a whole name."""
    found = {name: _CLEAN.get(name, clean)(cell) for name, cell in cells.items()}
    if WHOLE_NAME in found:
        found["first_name"], found["last_name"] = split_name(found.pop(WHOLE_NAME))
    return found


def _wrong_shape(record: Record, layout: Layout) -> str | None:
    if any(_has_swallowed(cell, layout) for cell in record.cells):
        last = record.line + record.lines - 1
        return f"a quotation mark is not closed: lines {record.line} to {last} were read as one"
    extra = [cell for cell in record.cells[len(layout.header) :] if cell.strip()]
    if extra:
        count = len(record.cells)
        to_do = "put quotation marks around a comma"
        if any('"' in cell for cell in record.cells):
            to_do = "a quotation mark has to follow the delimiter at once, and to be closed"
        elif any(sign in cell for cell in record.cells for sign in "“„«"):
            to_do = 'only straight quotation marks (") protect a comma'
        return f"has {count} cells, the header has {len(layout.header)}: {to_do}"
    return None


def _has_swallowed(cell: str, layout: Layout) -> bool:
    """Return whether a cell contains another registrant's line; a comment may have lines and e-mails too."""
    if "@" not in cell:
        return False
    email, name = layout.columns["email"], layout.columns.get("first_name", layout.columns.get(WHOLE_NAME, 0))
    swallowed = (record.cells for line in cell.splitlines()[1:] for record in records(line, layout.delimiter))
    return any(
        # The quotation mark that closes the cell may be that of the next e-mail, which then ends the line.
        len(cells) > email
        and (len(cells) > name or cells[email].endswith('"'))
        and _EMAIL_LIKE.fullmatch(cells[email].strip())
        for cells in swallowed
    )
