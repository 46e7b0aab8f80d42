"""A corrected list of failures → which letter is sent again, as whom. Pure.

In: the file that `failures --csv` wrote and somebody corrected, and the letters. Out: `Correction`s, and rejects with
line and reason. A row is matched to its letter by the column `letter`, else by webinar and e-mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registrar.registrant import InvalidRegistrant, Key, Registrant

from registrar_cli.csv_columns import FIELDS, Layout, layout_of
from registrar_cli.csv_people import Reject, rows
from registrar_cli.csv_text import decode
from registrar_cli.letters_queue import Letter
from registrar_cli.spreadsheet import as_meant

LETTER_COLUMN = "letter"


@dataclass(frozen=True)
class Correction:
    """A letter, and who its person is now."""

    letter: Letter
    registrant: Registrant


def read_corrections(
    content: bytes, letters: Sequence[Letter], webinar: str | None
) -> tuple[Layout, list[Correction], list[Reject]]:
    """Match the rows of the file to letters.

    Raises:
        WrongInput: it is no CSV, or its columns are not found.
    """
    text, _ = decode(content)
    layout = layout_of(text, {}, ("email", "first_name") if webinar else FIELDS[:2] + FIELDS[3:])
    places = {name.casefold(): place for place, name in enumerate(layout.header)}
    more = {LETTER_COLUMN: places[LETTER_COLUMN]} if LETTER_COLUMN in places else {}
    by_id = {letter.message_id: letter for letter in letters}
    by_key = {letter.key: letter for letter in letters if letter.key}
    corrections: dict[str, Correction] = {}
    rejects: list[Reject] = []
    for record, row in rows(text, layout, more):
        outcome = row if isinstance(row, str) else _correction(row, webinar, by_id, by_key)
        if isinstance(outcome, Correction) and outcome.letter.message_id in corrections:
            outcome = "another line has the same letter"
        if isinstance(outcome, str):
            rejects.append(Reject(record.line, outcome, record.cells))
        else:
            corrections[outcome.letter.message_id] = outcome
    return layout, list(corrections.values()), rejects


def _correction(
    row: Mapping[str, str], webinar: str | None, by_id: Mapping[str, Letter], by_key: Mapping[Key, Letter]
) -> Correction | str:
    fields = {name: as_meant(value) for name, value in row.items()}
    try:
        registrant = Registrant.from_fields(
            fields.get("webinar_id") or webinar, {name: fields.get(name, "") for name in FIELDS[:3]}
        )
    except InvalidRegistrant as invalid:
        return str(invalid)
    letter = by_id.get(fields.get(LETTER_COLUMN, "")) or by_key.get(registrant.key)
    if letter is None:
        return "there is no such dead letter (any more): see `registrar failures`"
    before = letter.registrant
    if before is not None:
        registrant = replace(registrant, submission_id=before.submission_id, submitted_at=before.submitted_at)
    return Correction(letter, registrant)
