"""`registrar export`: a webinar's people as a CSV file: join URLs, and why somebody has none.

In: a webinar; a file in whose order they are wanted. Out: a file for a spreadsheet.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import Encoding, Map, columns_told, content_of, refuse_overwriting
from registrar_cli.csv_files.reader import read_people
from registrar_cli.csv_files.writer import STANDARD_OUTPUT, write
from registrar_cli.registrants.explanation import standing_of
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, Webinar, webinar_of

HEADER = (
    *("email", "first_name", "last_name", "status", "join_url", "reason", "detail", "means", "to_do"),
    *("registered_at", "deferred_until", "submitted_at", "submission_id", "webinar_id"),
)
Target = Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv", help="The file to write; - is the screen.")]
Like = Annotated[
    Path | None,
    typer.Option(
        "--like", exists=True, dir_okay=False, metavar="IN.csv", help="An imported file: its people, its order."
    ),
]


def export(
    webinar: Webinar,
    output: Target,
    like: Like = None,
    map: Map = None,
    encoding: Encoding = None,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Write a webinar's people into a CSV file: join URLs, reasons.

    With --like, everybody of that file in its order (whoever has no row yet is `waiting`), then the others; --map and
    --encoding as for `registrar import`.

    Example: `registrar export 97871060099 -o out.csv --like people.csv`
    """
    if like is not None:
        refuse_overwriting(like, output, "-o")
    session, webinar_id = Session.open(stack, as_json), webinar_of(webinar)
    people: dict[Key, Row | None] = dict(session.people.of_webinar(webinar_id))
    if like is not None:
        reading = read_people(content_of(like), webinar_id, columns_told(map), encoding)
        wanted = [key for key in reading.keys if key.webinar_id == webinar_id]
        people = {key: people.get(key) for key in wanted} | people
    write(output, HEADER, _cells(people.items()))
    sums = Counter(standing_of(row).word for row in people.values())
    said = ", ".join(f"{number:,} {word}" for word, number in sums.items()) or "nobody"
    if output != STANDARD_OUTPUT:
        answer = {"file": str(output), "webinar_id": webinar_id, "sums": dict(sums)}
        session.output.answer(answer, lambda console: console.print(Text(f"{output}: {said}")))


def _cells(people: Iterable[tuple[Key, Row | None]]) -> Iterable[list[object]]:
    for key, row in people:
        standing = standing_of(row)
        facts = {
            "email": key.email,
            "webinar_id": key.webinar_id,
            "status": standing.word,
            "means": standing.means,
            "to_do": standing.to_do,
        }
        yield [facts.get(name, getattr(row, name, None)) for name in HEADER]
