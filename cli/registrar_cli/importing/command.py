"""`registrar import`: put the registrants of a CSV file on the queue, as if each had sent the form.

Repeated, or killed and started again, it queues no registrant twice.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from registrar._compat import batched
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar.storage.registrant_table import StorageError
from registrar.storage.suppression_list import SuppressionList

from registrar_cli.clients.session import Session
from registrar_cli.csv_files.encoding.question import confirm_encoding, possible_readings
from registrar_cli.csv_files.options import Encoding, Map, mapped_columns, read_file, refuse_overwriting
from registrar_cli.csv_files.reader import Reading, read_registrants
from registrar_cli.csv_files.writer import write_rejects
from registrar_cli.importing.journal import Journal
from registrar_cli.importing.mail_domains import misspelled
from registrar_cli.importing.plan import REJECTED, SUPPRESSED, Plan, plan
from registrar_cli.importing.queueing import queue
from registrar_cli.importing.summary import screen
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.operations.target import Target, confirm, look_up
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, Unreachable
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    AsJson,
    CsvFile,
    DryRun,
    StackName,
    WebinarOption,
    parse_optional_webinar,
)

ROWS_PER_STEP = 1_000  # rows read per step of the progress bar
READERS = 8  # threads

Rejects = Annotated[
    Path | None, typer.Option(metavar="OUT.csv", help="File for the rejected lines, instead of FILE.rejects.csv.")
]
Again = Annotated[
    bool,
    typer.Option(
        "--again",
        help="Also queue registrants that were queued by an earlier import, rejected, or erased by `forget`.",
    ),
]

AnyStatus = Annotated[
    bool,
    typer.Option(
        "--any-status",
        help="Also queue lines whose status column says denied or cancelled, or whose consent column says no.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Queue even if the webinar takes no registrants or is full.")]


def import_csv(
    file: CsvFile,
    webinar: WebinarOption = None,
    map: Map = None,
    encoding: Encoding = None,
    rejects: Rejects = None,
    again: Again = False,
    any_status: AnyStatus = False,
    force: Force = False,
    dry_run: DryRun = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Queue the registrants of a CSV file.

    Encoding, delimiter and columns are detected: e-mail, first name, last name (or the whole name) and webinar id, in
    many spellings and languages. --webinar is needed unless a column, or the head of a Zoom report, names the webinar.
    Where the file does not state its encoding and names depend on it, nothing is queued before you confirm it.

    Zoom is asked about the webinar first: if it does not exist, is over or takes no registrants, nothing is queued.

    Lines that cannot be used are written to a file with the reason; correct that file and import it. Registrants that
    are registered, or were queued by an earlier import, are left out, so it is safe to run this again after any error.
    People erased by `registrar forget` are left out for 14 days.

    Exit code 0: all are queued or registered. 2: nothing was queued; the message says why. 3: some are not queued:
    lines that cannot be used, denied or cancelled ones, registrants that Zoom rejected, erased people. 130:
    interrupted; run it again.

    Example: `registrar import people.csv --webinar 97871060099 --map first_name=Rufname`
    """
    session = Session.open(stack, as_json)
    webinar_id = parse_optional_webinar(webinar)
    if rejects is not None:
        refuse_overwriting(file, rejects, "--rejects")
    reading = _read(session, file, webinar_id, mapped_columns(map), encoding, any_status, dry_run)
    journal = Journal(session.stack.arn)
    planned = plan(
        reading.entries, _rows(session, reading), journal.queued(), journal.digest, _suppression_check(session), again
    )
    targets = look_up(session, Counter(one.registrant.key.webinar_id for one in planned.to_queue))
    confirm(session.output, targets, force, dry_run)
    if not dry_run:
        journal.add(())  # so that a journal that cannot be written is reported before anything is done
    is_written = bool(reading.rejects) and not dry_run
    written = write_rejects(file, reading.layout, reading.rejects, rejects) if is_written else None
    refused = 0 if dry_run else queue(session, planned, journal)
    result = _result(reading, planned, targets, refused, written, dry_run)
    result["mapping"] = EventSourceMapping.of(session).state_if_readable()
    session.output.print_result(result, lambda console: console.print(screen(result, reading, targets)))
    left_out = planned.left_out[REJECTED] or planned.left_out[SUPPRESSED] or reading.ineligible
    raise typer.Exit(Exit.NEGATIVE if reading.rejects or refused or left_out else Exit.OK)


def _read(
    session: Session,
    file: Path,
    webinar_id: str | None,
    mapped: dict[str, str],
    encoding: str | None,
    any_status: bool,
    dry_run: bool,
) -> Reading:
    """Read the file; where its encoding is a guess that names depend on, ask first."""
    content, now = read_file(file), timestamp(time.time())
    reading = read_registrants(content, webinar_id, mapped, encoding, now, any_status)
    if dry_run or not (reading.guesses and reading.samples):
        return reading
    chosen = confirm_encoding(session.output, file, reading.samples, reading.guesses)
    return read_registrants(content, webinar_id, mapped, chosen, now, any_status)


def _suppression_check(session: Session) -> Callable[[Key], bool]:
    suppression_list = SuppressionList(session.dynamodb, session.stack.resource("AccountTable"))

    def is_suppressed(key: Key) -> bool:
        try:
            return suppression_list.contains(key.email, submitted=0)  # regardless of when it was submitted
        except StorageError as error:
            what = f"{error}: the suppression list of erased people is unknown."
            raise Unreachable(what, "Check your rights on AccountTable.") from error

    return is_suppressed


def _rows(session: Session, reading: Reading) -> dict[Key, Row]:
    rows: dict[Key, Row] = {}
    with session.output.progress() as progress:
        bar = progress.add_task("reading rows", total=len(reading.keys))
        parts = list(batched(reading.keys, ROWS_PER_STEP))
        with ThreadPoolExecutor(READERS) as readers:
            for part, found in zip(parts, readers.map(RegistrantRows.of(session).read, parts), strict=True):
                rows |= found
                progress.advance(bar, len(part))
    return rows


def _result(
    reading: Reading, planned: Plan, targets: Sequence[Target], refused: int, written: Path | None, dry_run: bool
) -> dict[str, Any]:
    queued = len(planned.to_queue) - refused
    is_open = dry_run and reading.guesses and reading.samples
    return {
        "dry_run": dry_run,
        "encoding": reading.encoding,
        "delimiter": reading.layout.delimiter,
        "possible_encodings": possible_readings(reading.samples, reading.guesses) if is_open else {},
        "columns": reading.layout.named(),
        "would_be_queued" if dry_run else "queued": queued,
        "refused_by_the_queue": refused,
        "left_out": dict(planned.left_out),
        "ineligible": dict(reading.ineligible),
        "repeated_lines": reading.repeats,
        "rejects": [{"line": reject.line, "reason": reject.reason} for reject in reading.rejects],
        "rejects_file": str(written) if written else None,
        "misspelled_domains": misspelled((one.line, one.registrant.email) for one in reading.entries),
        "webinars": [target.as_json() for target in targets],
    }
