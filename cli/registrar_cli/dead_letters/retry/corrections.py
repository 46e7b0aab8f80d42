"""Match the lines of a corrected work list to dead letters.

The file is what `failures --csv` wrote and the operator corrected. A line belongs to the dead letter in its column
`dead_letter`, else to that of its webinar and e-mail. Fields without a column stay as they were sent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registrar.registrants.field_names import FIELDS
from registrar.registrants.registrant import Key, Registrant, RegistrantError

from registrar_cli.csv_files.cells import is_shortened_from
from registrar_cli.csv_files.columns import Layout, find_layout
from registrar_cli.csv_files.encoding.decoding import Decoded, decode
from registrar_cli.csv_files.reader import SAMPLES, Reject
from registrar_cli.csv_files.rows import rows
from registrar_cli.dead_letters.body import corrected, field_in
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.suggestions import suggest

DEAD_LETTER_COLUMN = "dead_letter"
# `retry` has no options for other layouts: it reads what `failures` wrote.
_TO_DO = (
    "Save it as “CSV UTF-8” with the columns that `registrar failures --csv` writes. --webinar replaces webinar_id."
)


@dataclass(frozen=True)
class Correction:
    """A dead letter and its corrected registrant; `others` are older dead letters, deleted along with it."""

    dead_letter: DeadLetter
    registrant: Registrant
    others: list[DeadLetter]


def read_corrections(
    content: bytes, dead_letters: Sequence[DeadLetter], webinar: str | None, encoding: str | None = None
) -> tuple[Layout, list[Correction], list[Reject]]:
    """Match the lines of the file to dead letters; the rest become rejects.

    Raises:
        WrongInput: the file is not CSV, or lacks required columns.
    """
    decoded, layout = _read(content, encoding, ("email", "first_name") if webinar else FIELDS[:2] + FIELDS[3:])
    places = {name.casefold(): place for place, name in enumerate(layout.header)}
    more = {DEAD_LETTER_COLUMN: places[DEAD_LETTER_COLUMN]} if DEAD_LETTER_COLUMN in places else {}
    by_id = {one.message_id: one for one in dead_letters}
    by_key = {one.key: one for one in dead_letters if one.key}
    found: dict[str, tuple[DeadLetter, Registrant]] = {}
    rejects: list[Reject] = []
    for record, row in rows(decoded.text, layout, more):
        outcome = row if isinstance(row, str) else _correction(row, webinar, by_id, by_key)
        if isinstance(outcome, tuple) and outcome[0].message_id in found:
            outcome = "another line has the same dead letter"
        if isinstance(outcome, str):
            rejects.append(Reject(record.line, outcome, record.cells))
        else:
            found[outcome[0].message_id] = outcome
    others: defaultdict[object, list[DeadLetter]] = defaultdict(list)
    for dead_letter in dead_letters:
        if dead_letter.key and dead_letter.message_id not in found:
            others[_identity(dead_letter)].append(dead_letter)
    return layout, [Correction(*pair, others.pop(_identity(pair[0]), [])) for pair in found.values()], rejects


def _identity(dead_letter: DeadLetter) -> tuple[Key | None, str, str]:
    """Return what identifies the registrant: two may share a mistyped e-mail, so it includes the name."""
    first_name, last_name = (field_in(dead_letter.body, name).strip() for name in ("first_name", "last_name"))
    return dead_letter.key, first_name, last_name


def guessed_encodings(content: bytes) -> tuple[list[str], tuple[str, ...]]:
    """Return a few names that depend on the encoding, and the likely encodings; both empty where it is stated."""
    decoded, layout = _read(content, None, ("email", "first_name"))
    cells = (row.get(name, "") for _, row in rows(decoded.text, layout) if isinstance(row, dict) for name in FIELDS[:3])
    samples = list(dict.fromkeys(cell for cell in cells if not cell.isascii()))[:SAMPLES]
    return (samples, decoded.guesses) if samples and decoded.guesses else ([], ())


def _read(content: bytes, encoding: str | None, required: Sequence[str]) -> tuple[Decoded, Layout]:
    try:
        decoded = decode(content, encoding)
        return decoded, find_layout(decoded.text, {}, required)
    except WrongInput as wrong:
        raise WrongInput(wrong.what, _TO_DO) from wrong


def _correction(
    row: Mapping[str, str], webinar: str | None, by_id: Mapping[str, DeadLetter], by_key: Mapping[Key, DeadLetter]
) -> tuple[DeadLetter, Registrant] | str:
    cells = dict(row)
    dead_letter = by_id.get(cells.pop(DEAD_LETTER_COLUMN, ""))
    if (
        dead_letter
        and dead_letter.webinar_id
        and is_shortened_from(cells.get("webinar_id", ""), dead_letter.webinar_id)
    ):
        cells["webinar_id"] = dead_letter.webinar_id
    # A line that was cut short means empty cells, not the old values.
    fields = {"email": "", "first_name": ""} | cells | {"webinar_id": cells.get("webinar_id") or webinar or ""}
    try:
        registrant = corrected(dead_letter.body if dead_letter else "", fields)
        dead_letter = dead_letter or by_key.get(registrant.key)
        if dead_letter is None:
            return f"the dead letter does not exist, or no longer: see `{suggest('failures')}`"
        registrant = corrected(dead_letter.body, fields)
    except RegistrantError as wrong:
        return str(wrong)
    if webinar and registrant.key.webinar_id != webinar:
        return "webinar_id differs from --webinar"
    return dead_letter, registrant
