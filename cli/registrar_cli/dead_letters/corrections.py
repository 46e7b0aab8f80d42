"""A corrected list of failures → which letter is sent again, as whom. Pure.

In: the file that `failures --csv` wrote and somebody corrected, and the letters. Out: `Correction`s, and rejects with
line and reason. A row is matched to its letter by the column `letter`, else by webinar and e-mail. What has no column
stays as it was sent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registrar.registrants.registrant import Key, Registrant, RegistrantError

from registrar_cli.csv_files.columns import FIELDS, Layout, find_layout
from registrar_cli.csv_files.decoding import decode
from registrar_cli.csv_files.reader import Reject, rows
from registrar_cli.csv_files.writer import unescape_formula
from registrar_cli.dead_letters.body import corrected, field_in
from registrar_cli.dead_letters.queue import DeadLetter
from registrar_cli.terminal.errors import WrongInput

DEAD_LETTER_COLUMN = "dead_letter"
# `retry` has no options for a file of another shape: it reads what `failures` wrote.
_TO_DO = (
    "Save it as “CSV UTF-8” with the columns that `registrar failures --csv` writes; --webinar stands for webinar_id."
)


@dataclass(frozen=True)
class Correction:
    """A letter, and who its person is now. `others`: the person's further letters, which are settled with it."""

    dead_letter: DeadLetter
    registrant: Registrant
    others: list[DeadLetter]


def read_corrections(
    content: bytes, dead_letters: Sequence[DeadLetter], webinar: str | None
) -> tuple[Layout, list[Correction], list[Reject]]:
    """Match the rows of the file to letters.

    Raises:
        WrongInput: it is no CSV, or its columns are not found.
    """
    text, layout = _read(content, ("email", "first_name") if webinar else FIELDS[:2] + FIELDS[3:])
    places = {name.casefold(): place for place, name in enumerate(layout.header)}
    more = {DEAD_LETTER_COLUMN: places[DEAD_LETTER_COLUMN]} if DEAD_LETTER_COLUMN in places else {}
    by_id = {dead_letter.message_id: dead_letter for dead_letter in dead_letters}
    by_key = {dead_letter.key: dead_letter for dead_letter in dead_letters if dead_letter.key}
    found: dict[str, tuple[DeadLetter, Registrant]] = {}
    rejects: list[Reject] = []
    for record, row in rows(text, layout, more):
        outcome = row if isinstance(row, str) else _correction(row, webinar, by_id, by_key)
        if isinstance(outcome, tuple) and outcome[0].message_id in found:
            outcome = "another line has the same letter"
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
    """Whose letter it is: people may have sent the same e-mail by mistake, and one of them is corrected."""
    first_name, last_name = (field_in(dead_letter.body, name).strip() for name in ("first_name", "last_name"))
    return dead_letter.key, first_name, last_name


def _read(content: bytes, required: Sequence[str]) -> tuple[str, Layout]:
    try:
        text, _ = decode(content)
        return text, find_layout(text, {}, required)
    except WrongInput as wrong:
        raise WrongInput(wrong.what, _TO_DO) from wrong


def _correction(
    row: Mapping[str, str], webinar: str | None, by_id: Mapping[str, DeadLetter], by_key: Mapping[Key, DeadLetter]
) -> tuple[DeadLetter, Registrant] | str:
    cells = {name: unescape_formula(value) for name, value in row.items()}
    dead_letter = by_id.get(cells.pop(DEAD_LETTER_COLUMN, ""))
    # Whoever shortens a line means its end to be empty, not as it was.
    fields = {"email": "", "first_name": ""} | cells | {"webinar_id": cells.get("webinar_id") or webinar or ""}
    try:
        registrant = corrected(dead_letter.body if dead_letter else "", fields)
        dead_letter = dead_letter or by_key.get(registrant.key)
        if dead_letter is None:
            return "there is no such dead letter (any more): see `registrar failures`"
        registrant = corrected(dead_letter.body, fields)
    except RegistrantError as wrong:
        return str(wrong)
    if webinar and registrant.key.webinar_id != webinar:
        return "webinar_id is another than that of --webinar"
    return dead_letter, registrant
