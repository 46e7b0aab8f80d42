"""Find the delimiter, the header and the column of each field: by common spellings of its name, or by --map.

Errors name columns and never show data of registrants.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile
from typing import Final

from registrar.registrants.field_names import FIELDS, SPELLINGS, WHOLE_NAMES, plain_name
from registrar.registrants.fields import WrongField, check_webinar_id

from registrar_cli.csv_files.cells import address
from registrar_cli.csv_files.encoding.decoding import Decoded, decode
from registrar_cli.csv_files.records import DELIMITERS, Record, records
from registrar_cli.terminal.errors import WrongInput

WHOLE_NAME: Final = "name"  # a column with first and last name in one
MAPPABLE: Final = (*FIELDS, WHOLE_NAME)
_GUESSES: Final = 4  # the likeliest encodings
_LINES_BEFORE_HEADER: Final = 30  # searched first; a report may list hundreds of panelists before its registrants
_EMAIL_LIKE: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LOOKS_LIKE: Final = {"email": re.compile("mail|correo|courriel", re.I), "first_name": re.compile("nam|nom", re.I)}


@dataclass(frozen=True)
class Layout:
    """A file's layout. `columns` maps a field to its column's index; `header_line` is the header's last line."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int
    columns: Mapping[str, int]

    def named(self) -> dict[str, str]:
        """Return each field's column by its name in the file."""
        return {field: self.header[place] for field, place in self.columns.items()}

    def cell(self, record: Record, field: str) -> str:
        """Return the cell of a field; empty where the column is absent or the line too short."""
        place = self.columns.get(field, len(record.cells))
        return record.cells[place] if place < len(record.cells) else ""


def decode_by_header(content: bytes, encoding: str | None, mapped: Mapping[str, str]) -> Decoded:
    """Decode the file; among the likeliest encodings, prefer the one in which most columns are known by their names."""
    decoded = decode(content, encoding)
    texts = {guess: decode(content, guess).text for guess in decoded.guesses[:_GUESSES]}
    best = max(texts, key=lambda guess: _columns_found(texts[guess], mapped), default=decoded.encoding)
    if best == decoded.encoding:
        return decoded
    return Decoded(texts[best], best, tuple(dict.fromkeys([best, *decoded.guesses])))


def _columns_found(text: str, mapped: Mapping[str, str]) -> int:
    try:
        return len(find_layout(text, mapped).columns)
    except WrongInput:
        return 0


def find_layout(text: str, mapped: Mapping[str, str], required: Sequence[str] = ("email", "first_name")) -> Layout:
    """Find delimiter, header and columns; `mapped` names columns by field.

    Raises:
        WrongInput: no header names the required fields, or one of them twice.
    """
    found = _layouts(text, mapped, required, _LINES_BEFORE_HEADER) or _layouts(text, mapped, required, None)
    if not found:
        raise _not_found(text, mapped, required)
    # Where several delimiters fit, the right one gives the most columns.
    layout = max(found, key=lambda layout: (len(layout.columns), len(layout.header)))
    plain = [plain_name(cell) for cell in layout.header]
    absent = [name for name in mapped.values() if plain_name(name) not in plain]
    if absent:
        what = f"There is no column {absent[0]}. The columns are: {_listed(layout.header)}."
        raise WrongInput(what, "Give --map a name from this list.")
    if "email" not in mapped:
        layout = _with_addresses(text, layout)
    twice = [name for name in layout.named().values() if plain.count(plain_name(name)) > 1]
    if twice:
        raise WrongInput(f"Two columns are called {twice[0]}.", "Rename or delete one of them in the file.")
    return layout


def webinar_of_report(text: str, layout: Layout) -> str | None:
    """Return the id that a report of Zoom's names above its table, under `Webinar ID`; None if there is none."""
    above = takewhile(lambda record: record.line < layout.header_line, records(text, layout.delimiter))
    for names, values in pairwise(record.cells for record in above):
        for name, value in zip(names, values, strict=False):
            if plain_name(name) in SPELLINGS["webinar_id"]:
                try:
                    return check_webinar_id(value)
                except WrongField:
                    continue
    return None


def is_header(cells: Sequence[str], mapped: Mapping[str, str], required: Sequence[str]) -> bool:
    """Return whether a record names every required field."""
    return not _missing(columns_of(cells, mapped), required)


def columns_of(header: Sequence[str], mapped: Mapping[str, str]) -> dict[str, int]:
    """Return the index of each field's column; omit fields without one.

    A column `Name` is the last name beside a first name, the first beside a last, and the whole name where it is alone.
    """
    plain = [plain_name(cell) for cell in header]
    columns = {field: plain.index(plain_name(name)) for field, name in mapped.items() if plain_name(name) in plain}
    for field in FIELDS:
        if field not in mapped:
            place = next((plain.index(spelling) for spelling in SPELLINGS[field] if spelling in plain), None)
            columns |= {} if place is None else {field: place}
    unused = [name for name in WHOLE_NAMES if name in plain and plain.index(name) not in columns.values()]
    partner = {"first_name": "last_name", "last_name": "first_name"}
    half = next((other for field, other in partner.items() if field in columns and other not in columns), None)
    if WHOLE_NAME in mapped or not unused or {*partner} <= {*columns}:
        return columns
    if half is None:
        return columns | {WHOLE_NAME: plain.index(unused[0])}
    return columns | ({half: plain.index(WHOLE_NAME)} if WHOLE_NAME in unused else {})


def _layouts(text: str, mapped: Mapping[str, str], required: Sequence[str], lines: int | None) -> list[Layout]:
    return [found for delimiter in DELIMITERS if (found := _layout(text, delimiter, mapped, required, lines))]


def _layout(
    text: str, delimiter: str, mapped: Mapping[str, str], required: Sequence[str], lines: int | None
) -> Layout | None:
    for record in _first(text, delimiter, lines):
        if is_header(record.cells, mapped, required):
            header = tuple(cell.strip() for cell in record.cells)
            return Layout(delimiter, header, record.line + record.lines - 1, columns_of(header, mapped))
    return None


def _with_addresses(text: str, layout: Layout) -> Layout:
    """Use another e-mail column where the first holds no address: Microsoft Forms writes `anonymous` in its own.

    Raises:
        WrongInput: only a column of another name holds addresses.
    """
    spelled = [at for at, cell in enumerate(layout.header) if plain_name(cell) in SPELLINGS["email"]]

    def holds_address(layout: Layout) -> bool:
        lines = (record for record in records(text, layout.delimiter) if record.line > layout.header_line)
        return any(_EMAIL_LIKE.fullmatch(address(layout.cell(record, "email"))) for record in lines)

    if holds_address(layout):
        return layout
    with_other = {at: replace(layout, columns={**layout.columns, "email": at}) for at in range(len(layout.header))}
    found = [at for at, other in with_other.items() if holds_address(other)]
    for at in spelled:
        if at in found:
            return with_other[at]
    if found:
        what = f"No cell of the column {layout.named()['email']} is an e-mail address."
        column = shlex.quote(layout.header[found[0]])
        raise WrongInput(what, f"Name the column that holds the addresses, for example: --map email={column}")
    return layout


def _missing(columns: Iterable[str], required: Sequence[str]) -> list[str]:
    found = {*columns}
    return [field for field in required if field not in found and (field != "first_name" or WHOLE_NAME not in found)]


def _not_found(text: str, mapped: Mapping[str, str], required: Sequence[str]) -> WrongInput:
    """Name what is missing and list the columns, unless the first line may hold personal data."""
    lines = [record.cells for delimiter in DELIMITERS for record in _first(text, delimiter, _LINES_BEFORE_HEADER)]
    header = max(lines, key=lambda cells: (len(columns_of(cells, mapped)), len(cells)), default=[])
    columns = columns_of(header, mapped)
    if any(_EMAIL_LIKE.fullmatch(cell.strip()) for cell in header):
        return WrongInput(
            "The first line looks like a registrant: the file has no header.",
            "Add a first line with the column names, for example: email,first_name,last_name",
        )
    missing = _missing(columns, required) or required
    unused = [cell.strip() for place, cell in enumerate(header) if cell.strip() and place not in columns.values()]
    return WrongInput(
        f"No column for {' and '.join(missing)} was found. The columns are: {_listed(header)}.",
        " ".join(_hints(missing, unused)),
    )


def _hints(missing: Sequence[str], unused: list[str]) -> Iterator[str]:
    if "webinar_id" in missing:
        yield "Give --webinar."
    options = []
    for field in (one for one in missing if one != "webinar_id"):
        # The likeliest column that is there; it is only an example.
        column = next((one for one in unused if _LOOKS_LIKE[field].search(one)), next(iter(unused), "COLUMN"))
        unused = [one for one in unused if one != column]
        options.append(f"--map {field}={shlex.quote(column)}")
    if options:
        yield f"Name the column, for example: {' '.join(options)}"


def _listed(header: Sequence[str]) -> str:
    return ", ".join(cell.strip() for cell in header) or "none"


def _first(text: str, delimiter: str, lines: int | None) -> Iterator[Record]:
    """Yield the first records that can be read with this delimiter."""
    with suppress(WrongInput):  # reported when the whole file is read
        yield from (record for record in islice(records(text, delimiter), lines) if not record.is_blank)
