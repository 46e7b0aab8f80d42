"""A corrected list of failures → which letter is sent again, as whom. Pure.

In: the file that `failures --csv` wrote and somebody corrected, and the letters. Out: `Correction`s, and rejects with
line and reason. A row is matched to its letter by the column `letter`, else by webinar and e-mail. What has no column
stays as it was sent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registrar.registrants.registrant import Key, Registrant, RegistrantError

from registrar_cli.csv_files.columns import FIELDS, Layout, layout_of
from registrar_cli.csv_files.decoding import decode
from registrar_cli.csv_files.reader import Reject, rows
from registrar_cli.csv_files.writer import as_meant
from registrar_cli.dead_letters.body import corrected, field_in
from registrar_cli.dead_letters.queue import Letter
from registrar_cli.terminal.errors import WrongInput

LETTER_COLUMN = "letter"
# `retry` has no options for a file of another shape: it reads what `failures` wrote.
_TO_DO = (
    "Save it as “CSV UTF-8” with the columns that `registrar failures --csv` writes; --webinar stands for webinar_id."
)


@dataclass(frozen=True)
class Correction:
    """A letter, and who its person is now. `others`: the person's further letters, which are settled with it."""

    letter: Letter
    registrant: Registrant
    others: list[Letter]


def read_corrections(
    content: bytes, letters: Sequence[Letter], webinar: str | None
) -> tuple[Layout, list[Correction], list[Reject]]:
    """Match the rows of the file to letters.

    Raises:
        WrongInput: it is no CSV, or its columns are not found.
    """
    text, layout = _read(content, ("email", "first_name") if webinar else FIELDS[:2] + FIELDS[3:])
    places = {name.casefold(): place for place, name in enumerate(layout.header)}
    more = {LETTER_COLUMN: places[LETTER_COLUMN]} if LETTER_COLUMN in places else {}
    by_id = {letter.message_id: letter for letter in letters}
    by_key = {letter.key: letter for letter in letters if letter.key}
    found: dict[str, tuple[Letter, Registrant]] = {}
    rejects: list[Reject] = []
    for record, row in rows(text, layout, more):
        outcome = row if isinstance(row, str) else _correction(row, webinar, by_id, by_key)
        if isinstance(outcome, tuple) and outcome[0].message_id in found:
            outcome = "another line has the same letter"
        if isinstance(outcome, str):
            rejects.append(Reject(record.line, outcome, record.cells))
        else:
            found[outcome[0].message_id] = outcome
    others: defaultdict[object, list[Letter]] = defaultdict(list)
    for letter in letters:
        if letter.key and letter.message_id not in found:
            others[_person_in(letter)].append(letter)
    return layout, [Correction(*pair, others.pop(_person_in(pair[0]), [])) for pair in found.values()], rejects


def _person_in(letter: Letter) -> tuple[Key | None, str, str]:
    """Whose letter it is: people may have sent the same e-mail by mistake, and one of them is corrected."""
    first_name, last_name = (field_in(letter.body, name).strip() for name in ("first_name", "last_name"))
    return letter.key, first_name, last_name


def _read(content: bytes, needs: Sequence[str]) -> tuple[str, Layout]:
    try:
        text, _ = decode(content)
        return text, layout_of(text, {}, needs)
    except WrongInput as wrong:
        raise WrongInput(wrong.what, _TO_DO) from wrong


def _correction(
    row: Mapping[str, str], webinar: str | None, by_id: Mapping[str, Letter], by_key: Mapping[Key, Letter]
) -> tuple[Letter, Registrant] | str:
    cells = {name: as_meant(value) for name, value in row.items()}
    letter = by_id.get(cells.pop(LETTER_COLUMN, ""))
    # Whoever shortens a line means its end to be empty, not as it was.
    fields = {"email": "", "first_name": ""} | cells | {"webinar_id": cells.get("webinar_id") or webinar or ""}
    try:
        registrant = corrected(letter.body if letter else "", fields)
        letter = letter or by_key.get(registrant.key)
        if letter is None:
            return "there is no such dead letter (any more): see `registrar failures`"
        registrant = corrected(letter.body, fields)
    except RegistrantError as wrong:
        return str(wrong)
    if webinar and registrant.key.webinar_id != webinar:
        return "webinar_id is another than that of --webinar"
    return letter, registrant
