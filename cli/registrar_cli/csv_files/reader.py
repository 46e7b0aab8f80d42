"""Read registrants from a CSV file; a line that cannot be used becomes a reject with its number and the reason.

The layer's own checks decide, as at the form endpoint. What only a file can get wrong (shifted cells, an unclosed
quotation mark, duplicates) is found here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from registrar.registrants.field_names import FIELDS
from registrar.registrants.fields import WrongField, check_webinar_id
from registrar.registrants.registrant import InvalidRegistrant, Key, Registrant

from registrar_cli.csv_files.columns import Layout, find_layout
from registrar_cli.csv_files.decoding import Record, decode, records
from registrar_cli.terminal.errors import WrongInput

Rows = Iterator[tuple[Record, dict[str, str] | str]]

_NUMBER_LIKE: Final = re.compile(r"[\d\s.,E+-]*\d[\d\s.,E+-]*")  # also as spreadsheets format it: 8.22345E+10
_EMAIL_LIKE: Final = re.compile(r"[^\s@]+@+[^\s@]+")  # a misspelled one too, or its line would be lost


@dataclass(frozen=True)
class Entry:
    """A registrant that can be sent, and the line of the file."""

    line: int
    registrant: Registrant


@dataclass(frozen=True)
class Reject:
    """A line that cannot be sent, with the reason; `cells` are unchanged."""

    line: int
    reason: str
    cells: list[str]


@dataclass
class Reading:
    """The content of a file. `repeats` counts lines equal to an earlier one."""

    layout: Layout
    encoding: str
    entries: list[Entry] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    repeats: int = 0

    @property
    def is_guessed(self) -> bool:
        """Return whether the encoding was guessed: nothing in the file states it."""
        return not self.encoding.startswith("utf")

    @property
    def sample(self) -> str:
        """Return a name that shows whether the encoding is right; empty if all names are ASCII."""
        registrants = (entry.registrant for entry in self.entries)
        names = (name for registrant in registrants for name in (registrant.first_name, registrant.last_name))
        return next((name for name in names if not name.isascii()), "")

    @property
    def keys(self) -> list[Key]:
        """Return the keys of all entries, in the order of the file."""
        return [entry.registrant.key for entry in self.entries]


def read_registrants(
    content: bytes,
    webinar: str | None,
    mapped: Mapping[str, str] | None = None,
    encoding: str | None = None,
    submitted_at: str | None = None,
) -> Reading:
    """Read the whole file.

    Raises:
        WrongInput: the file is not CSV, lacks the required columns, or has no line after the header.
    """
    text, found = decode(content, encoding)
    required = ("email", "first_name") if webinar else ("email", "first_name", "webinar_id")
    layout = find_layout(text, mapped or {}, required)
    if webinar and "webinar_id" not in (mapped or {}) and not _names_webinars(text, layout):
        layout = replace(layout, columns={name: at for name, at in layout.columns.items() if name != "webinar_id"})
    reading = Reading(layout, found)
    first: dict[Key, Entry] = {}
    for record, row in rows(text, layout):
        entry = row if isinstance(row, str) else _entry(record, row, webinar, submitted_at)
        outcome = _check_duplicate(first, entry) if isinstance(entry, Entry) else entry
        match outcome:
            case Entry():
                first[outcome.registrant.key] = outcome
                reading.entries.append(outcome)
            case str():
                reading.rejects.append(Reject(record.line, outcome, record.cells))
            case None:
                reading.repeats += 1
    if not (reading.entries or reading.rejects):
        raise WrongInput("The file holds no registrants: no line follows the header.", "Export it again.")
    return reading


def rows(text: str, layout: Layout, more: Mapping[str, int] | None = None) -> Rows:
    """Yield every record after the header with its fields by name (`more` too), or with what is wrong with it."""
    places = {**layout.columns, **(more or {})}
    for record in records(text, layout.delimiter):
        if record.line <= layout.header_line or record.is_blank:
            continue
        wrong = _wrong_shape(record, layout)
        if wrong:
            yield record, wrong
        else:
            cells = record.cells
            yield record, {name: cells[place].strip() for name, place in places.items() if place < len(cells)}


def _names_webinars(text: str, layout: Layout) -> bool:
    """Return whether the webinar column holds ids, damaged ones included; often it holds titles, which are ignored."""
    cells = (row.get("webinar_id", "") for _, row in rows(text, layout) if isinstance(row, dict))
    return any(_NUMBER_LIKE.fullmatch(cell) for cell in cells)


def _wrong_shape(record: Record, layout: Layout) -> str | None:
    if any(_has_swallowed(cell, layout) for cell in record.cells):
        last = record.line + record.lines - 1
        return f"a quotation mark is not closed: lines {record.line} to {last} were read as one"
    extra = [cell for cell in record.cells[len(layout.header) :] if cell.strip()]
    if extra:
        count = len(record.cells)
        return f"has {count} cells, the header has {len(layout.header)}: put quotation marks around a comma"
    return None


def _has_swallowed(cell: str, layout: Layout) -> bool:
    """Return whether a cell contains another registrant's line; a comment may have lines and e-mails too."""
    if "@" not in cell:
        return False
    email, first_name = layout.columns["email"], layout.columns["first_name"]
    swallowed = (record.cells for line in cell.splitlines()[1:] for record in records(line, layout.delimiter))
    return any(
        # The quotation mark that closes the cell may be that of the next e-mail, which then ends the line.
        len(cells) > email
        and (len(cells) > first_name or cells[email].endswith('"'))
        and _EMAIL_LIKE.fullmatch(cells[email].strip())
        for cells in swallowed
    )


def _entry(record: Record, row: Mapping[str, str], webinar: str | None, submitted_at: str | None) -> Entry | str:
    own = row.get("webinar_id") or None
    if webinar and own and _digits(own) != webinar:
        problem = "differs from" if _digits(own) else "is not a webinar id: leave it empty to use"
        return f"webinar_id {problem} --webinar"
    try:
        registrant = Registrant.from_fields(
            own or webinar, {name: row.get(name, "") for name in FIELDS[:3]}, submitted_at=submitted_at
        )
    except InvalidRegistrant as invalid:
        return str(invalid)
    return Entry(record.line, registrant)


def _digits(webinar_id: str) -> str:
    try:
        return check_webinar_id(webinar_id)
    except WrongField:
        return ""


def _check_duplicate(first: Mapping[Key, Entry], entry: Entry) -> Entry | str | None:
    """Return the entry; None if an earlier line is equal; a reason if it has the e-mail with another name."""
    earlier = first.get(entry.registrant.key)
    if earlier is None:
        return entry
    names = (entry.registrant.first_name, entry.registrant.last_name)
    if names == (earlier.registrant.first_name, earlier.registrant.last_name):
        return None
    return f"repeats the e-mail of line {earlier.line} with another name: Zoom registers an e-mail once"
