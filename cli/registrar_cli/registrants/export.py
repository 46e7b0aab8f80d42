"""`registrar export`: write a webinar's registrants to a CSV file, with join URLs and reasons."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import (
    Delimiter,
    Encoding,
    Map,
    mapped_columns,
    parse_delimiter,
    read_file,
    refuse_overwriting,
)
from registrar_cli.csv_files.reader import read_registrants
from registrar_cli.csv_files.writer import STANDARD_OUTPUT, write
from registrar_cli.registrants.explanation import explain
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, Webinar, parse_webinar

HEADER = (
    *("email", "first_name", "last_name", "status", "join_url", "reason", "detail", "means", "to_do"),
    *("registered_at", "deferred_until", "submitted_at", "submission_id", "webinar_id"),
)
Target = Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv", help="File to write; - is standard output.")]
Like = Annotated[
    Path | None,
    typer.Option("--like", exists=True, dir_okay=False, metavar="IN.csv", help="An imported file, whose order to use."),
]


def export(
    webinar: Webinar,
    output: Target,
    like: Like = None,
    map: Map = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Write a webinar's registrants to a CSV file, with join URLs and reasons.

    With --like, the registrants of that file come first, in its order (`waiting` where there is no row yet), then all
    others; the delimiter is that file's unless --delimiter names another. --map and --encoding are those of `registrar
    import`.

    Example: `registrar export 97871060099 -o out.csv --like people.csv`
    """
    if like is not None:
        refuse_overwriting(like, output, "-o")
    own_delimiter = parse_delimiter(delimiter)
    session, webinar_id = Session.open(stack, as_json), parse_webinar(webinar)
    registrants: dict[Key, Row | None] = dict(RegistrantRows.of(session).of_webinar(webinar_id))
    typed: dict[Key, str] = {}
    if like is not None:
        reading = read_registrants(read_file(like), webinar_id, mapped_columns(map), encoding)
        # As the followed file has it: an internationalised address is stored in ASCII, and would not be found there.
        typed = {one.registrant.key: one.registrant.email for one in reading.entries}
        wanted = [key for key in reading.keys if key.webinar_id == webinar_id]
        registrants = {key: registrants.get(key) for key in wanted} | registrants
        own_delimiter = parse_delimiter(delimiter, reading.layout.delimiter)
    write(output, HEADER, _csv_rows(registrants.items(), typed), own_delimiter)
    status_counts = Counter(explain(row).status for row in registrants.values())
    text = ", ".join(f"{number:,} {status}" for status, number in status_counts.items()) or "no registrants"
    if output != STANDARD_OUTPUT:
        result = {"file": str(output), "webinar_id": webinar_id, "sums": dict(status_counts)}
        session.output.print_result(result, lambda console: console.print(Text(f"{output}: {text}")))


def _csv_rows(registrants: Iterable[tuple[Key, Row | None]], typed: Mapping[Key, str]) -> Iterable[list[object]]:
    for key, row in registrants:
        explanation = explain(row)
        facts = {
            "email": typed.get(key, key.email),
            "webinar_id": key.webinar_id,
            "status": explanation.status,
            "means": explanation.meaning,
            "to_do": explanation.action,
        }
        yield [facts.get(name, getattr(row, name, None)) for name in HEADER]
