"""Find the delimiter, the header and the column of each field: by common spellings of its name, or by --map.

Errors name columns and never show data of registrants.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from registrar.registrants.field_names import FIELDS, SPELLINGS, WHOLE_NAMES, plain_name

from registrar_cli.csv_files.decoding import DELIMITERS, Record, records
from registrar_cli.terminal.errors import WrongInput

_NAME_THEM: Final = "Name the columns: --map email='E-Mail 2' --map first_name=Rufname"
_LINES_BEFORE_HEADER: Final = 30  # Zoom's reports describe the webinar before they list registrants


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


def find_layout(text: str, mapped: Mapping[str, str], required: Sequence[str] = ("email", "first_name")) -> Layout:
    """Find delimiter, header and columns; `mapped` names columns by field.

    Raises:
        WrongInput: no header names the required fields, or one of them twice.
    """
    found = [layout for delimiter in DELIMITERS if (layout := _layout(text, delimiter, mapped, required))]
    if not found:
        raise _not_found(text, mapped, required)
    # Where several delimiters fit, the right one gives the most columns.
    layout = max(found, key=lambda layout: (len(layout.columns), len(layout.header)))
    plain = [plain_name(cell) for cell in layout.header]
    absent = [name for name in mapped.values() if plain_name(name) not in plain]
    if absent:
        raise WrongInput(f"There is no column {absent[0]}. The columns are: {', '.join(layout.header)}.", _NAME_THEM)
    twice = [name for name in layout.named().values() if plain.count(plain_name(name)) > 1]
    if twice:
        raise WrongInput(f"Two columns are called {twice[0]}.", "Rename or delete one of them in the file.")
    return layout


def _layout(text: str, delimiter: str, mapped: Mapping[str, str], required: Sequence[str]) -> Layout | None:
    for record in _first(text, delimiter):
        columns = columns_of(record.cells, mapped)
        if all(field in columns for field in required):
            header = tuple(cell.strip() for cell in record.cells)
            return Layout(delimiter, header, record.line + record.lines - 1, columns)
    return None


def columns_of(header: Sequence[str], mapped: Mapping[str, str]) -> dict[str, int]:
    """Return the index of each field's column; omit fields without one."""
    plain = [plain_name(cell) for cell in header]
    columns = {field: plain.index(plain_name(name)) for field, name in mapped.items() if plain_name(name) in plain}
    for field in FIELDS:
        if field not in mapped:
            place = next((plain.index(spelling) for spelling in SPELLINGS[field] if spelling in plain), None)
            columns |= {} if place is None else {field: place}
    whole = next((plain.index(name) for name in WHOLE_NAMES if name in plain), None)
    target = "last_name" if "first_name" in columns else "first_name"
    if whole is not None and target not in columns and whole not in columns.values():
        columns[target] = whole
    return columns


def _not_found(text: str, mapped: Mapping[str, str], required: Sequence[str]) -> WrongInput:
    """Name what is missing and list the columns, unless the first line may hold personal data."""
    records_ = max(
        (_first(text, delimiter) for delimiter in DELIMITERS), key=lambda one: len(one[0].cells) if one else 0
    )
    header = records_[0].cells if records_ else []
    if any("@" in cell for cell in header):
        return WrongInput(
            "The first line looks like a registrant: the file has no header.",
            "Add a first line with the column names, for example: email,first_name,last_name",
        )
    named = {*columns_of(header, mapped)}
    missing = [field for field in required if field not in named] or required
    return WrongInput(
        f"No column for {' and '.join(missing)} was found. The columns are: {', '.join(header) or 'none'}.",
        "Give --webinar, or name its column: --map webinar_id=Event" if [*missing] == ["webinar_id"] else _NAME_THEM,
    )


def _first(text: str, delimiter: str) -> list[Record]:
    """Return the first records that can be read with this delimiter."""
    found: list[Record] = []
    with suppress(WrongInput):  # reported when the whole file is read
        found.extend(islice(records(text, delimiter), _LINES_BEFORE_HEADER))
    return [record for record in found if not record.is_blank]
