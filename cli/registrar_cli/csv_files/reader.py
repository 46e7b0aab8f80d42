"""Read registrants from a CSV file; a line that cannot be used becomes a reject with its number and the reason.

The layer's own checks decide, as at the form endpoint. What only a whole file can get wrong (duplicates, ids that a
spreadsheet shortened) is found here.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from registrar.registrants.field_names import FIELDS
from registrar.registrants.fields import WrongField, check_webinar_id
from registrar.registrants.registrant import InvalidRegistrant, Key, Registrant

from registrar_cli.csv_files.cells import count_addresses, is_shortened
from registrar_cli.csv_files.columns import (
    WHOLE_NAME,
    Layout,
    decode_by_header,
    find_layout,
    webinar_of_report,
)
from registrar_cli.csv_files.eligibility import check_columns, why_ineligible
from registrar_cli.csv_files.records import Record
from registrar_cli.csv_files.rows import REQUIRED, rows
from registrar_cli.terminal.errors import WrongInput

_NUMBER_LIKE: Final = re.compile(r"[\d\s.,E+-]*\d[\d\s.,E+-]*")  # also as spreadsheets format it: 8.22345E+10
SAMPLES: Final = 3


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
    """The content of a file. `repeats` counts lines equal to an earlier one.

    Attributes:
        guesses: the likely encodings, in order, where nothing in the file states it and it was not named.
        report_webinar: the webinar that a report of Zoom's names above its header, where it is used.
        ineligible: how many lines were left out because a column of theirs says no, by what it says.
        split: a whole name, and the first and last name that it was split into.
    """

    layout: Layout
    encoding: str
    guesses: tuple[str, ...] = ()
    report_webinar: str | None = None
    entries: list[Entry] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    repeats: int = 0
    ineligible: Counter[str] = field(default_factory=Counter)
    split: tuple[str, str] | None = None

    @property
    def samples(self) -> list[str]:
        """Return a few names that show whether the encoding is right; empty if all that is used is ASCII."""
        registrants = (entry.registrant for entry in self.entries)
        words = (word for one in registrants for word in (f"{one.first_name} {one.last_name}".strip(), one.email))
        return list(dict.fromkeys(word for word in words if not word.isascii()))[:SAMPLES]

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
    any_status: bool = False,
) -> Reading:
    """Read the whole file; `any_status` uses also the lines of which a status or consent column says no.

    Raises:
        WrongInput: the file is not CSV, lacks the required columns, or has no line after the header.
    """
    mapped = mapped or {}
    decoded = decode_by_header(content, encoding, mapped)
    layout = find_layout(decoded.text, mapped, REQUIRED)
    named = None if webinar or "webinar_id" in layout.columns else webinar_of_report(decoded.text, layout)
    webinar = webinar or named
    if webinar is None:
        layout = find_layout(decoded.text, mapped, (*REQUIRED, "webinar_id"))
    if webinar and "webinar_id" not in mapped and not _names_webinars(decoded.text, layout):
        layout = replace(layout, columns={name: at for name, at in layout.columns.items() if name != "webinar_id"})
    reading = Reading(layout, decoded.encoding, decoded.guesses, named)
    says_no = {} if any_status else check_columns(layout.header, [*layout.columns.values()])
    first: dict[Key, Entry] = {}
    for record, row in rows(decoded.text, layout):
        why_not = why_ineligible(record.cells, says_no)
        if why_not:
            reading.ineligible[why_not] += 1
            continue
        entry = row if isinstance(row, str) else _entry(record, row, webinar, submitted_at)
        outcome = _check_duplicate(first, entry) if isinstance(entry, Entry) else entry
        match outcome:
            case Entry():
                first[outcome.registrant.key] = outcome
                reading.entries.append(outcome)
                reading.split = _clearest_split(reading.split, outcome.registrant, WHOLE_NAME in layout.columns)
            case str():
                reading.rejects.append(Reject(record.line, outcome, record.cells))
            case None:
                reading.repeats += 1
    if not (reading.entries or reading.rejects or reading.ineligible):
        raise WrongInput("The file holds no registrants: no line follows the header.", "Export it again.")
    return reading


def _clearest_split(sample: tuple[str, str] | None, registrant: Registrant, is_split: bool) -> tuple[str, str] | None:
    """Return the first name that was split into two parts: it shows best how whole names are read."""
    if not is_split or (sample and sample[1]):
        return sample
    return registrant.first_name, registrant.last_name


def _names_webinars(text: str, layout: Layout) -> bool:
    """Return whether the webinar column holds ids, damaged ones included; often it holds titles, which are ignored."""
    if "webinar_id" not in layout.columns:
        return False
    cells = (row.get("webinar_id", "") for _, row in rows(text, layout) if isinstance(row, dict))
    return any(_NUMBER_LIKE.fullmatch(cell) for cell in cells)


def _entry(record: Record, row: Mapping[str, str], webinar: str | None, submitted_at: str | None) -> Entry | str:
    own = row.get("webinar_id") or None
    if own and is_shortened(own):
        return "webinar_id was shortened by a spreadsheet: format its column as text and enter the id again"
    if count_addresses(row.get("email", "")) > 1:
        return "holds more than one e-mail address: give each a line of its own"
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
