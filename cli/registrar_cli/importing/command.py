"""`registrar import`: put the registrants of a CSV file on the queue, as if each had sent the form.

Repeated, or killed and started again, it queues no registrant twice.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from registrar._compat import batched
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar.storage.registrant_table import StorageError
from registrar.storage.suppression_list import SuppressionList

from registrar_cli.clients.queue_sender import Outgoing, QueueSender
from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import Encoding, Map, mapped_columns, read_file, refuse_overwriting
from registrar_cli.csv_files.reader import Reading, read_registrants
from registrar_cli.csv_files.rejects import write_rejects
from registrar_cli.importing.journal import Journal
from registrar_cli.importing.plan import REJECTED, SUPPRESSED, Plan, plan
from registrar_cli.importing.summary import screen
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, Interrupted, Unreachable, WrongInput
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    FLAG,
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
        metavar=FLAG,
        help="Also queue registrants that were queued by an earlier import, rejected, or erased by `forget`.",
    ),
]


def import_csv(
    file: CsvFile,
    webinar: WebinarOption = None,
    map: Map = None,
    encoding: Encoding = None,
    rejects: Rejects = None,
    again: Again = False,
    dry_run: DryRun = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Queue the registrants of a CSV file.

    Encoding, delimiter and columns are detected: e-mail, first name, last name and webinar id, in many spellings and
    languages. --webinar is needed unless a column names the webinar of each line.

    Lines that cannot be used are written to a file with the reason; correct that file and import it. Registrants that
    are registered, or were queued by an earlier import, are left out, so it is safe to run this again after any error.
    People erased by `registrar forget` are left out for 14 days.

    Exit code 0: all are queued or registered. 3: some are not: lines that cannot be used, registrants that Zoom
    rejected, erased people. 130: interrupted; run it again.

    Example: `registrar import people.csv --webinar 97871060099 --map first_name=Rufname`
    """
    session = Session.open(stack, as_json)
    webinar_id = parse_optional_webinar(webinar)
    if rejects is not None:
        refuse_overwriting(file, rejects, "--rejects")
    reading = read_registrants(read_file(file), webinar_id, mapped_columns(map), encoding, timestamp(time.time()))
    journal = Journal(session.stack.arn)
    planned = plan(
        reading.entries, _rows(session, reading), journal.queued(), journal.digest, _suppression_check(session), again
    )
    if not dry_run:
        journal.add(())  # so that a journal that cannot be written is reported before anything is done
    is_written = bool(reading.rejects) and not dry_run
    written = write_rejects(file, reading.layout, reading.rejects, rejects) if is_written else None
    refused = 0 if dry_run else _queue(session, planned, journal)
    result = _result(reading, planned, refused, written, dry_run)
    result["mapping"] = EventSourceMapping.of(session).state_if_readable()
    session.output.print_result(result, lambda console: console.print(screen(result, reading)))
    is_partial = reading.rejects or refused or planned.left_out[REJECTED] or planned.left_out[SUPPRESSED]
    raise typer.Exit(Exit.NEGATIVE if is_partial else Exit.OK)


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


def _queue(session: Session, planned: Plan, journal: Journal) -> int:
    """Send all messages, and return how many SQS refused.

    Raises:
        Unreachable: SQS does not answer; the message says how many were queued.
        Interrupted: Ctrl-C was pressed, or the journal cannot be written any more; likewise.
    """
    registrants = planned.to_queue
    outgoing = (
        Outgoing(one.registrant.key, one.registrant.to_message(), one.registrant.key.webinar_id) for one in registrants
    )
    sent = 0
    with session.output.progress() as progress:
        bar = progress.add_task("queueing", total=len(registrants))

        def acknowledged(keys: list[Key]) -> None:
            nonlocal sent
            journal.add(keys)
            sent += len(keys)
            progress.advance(bar, len(keys))

        try:
            return len(QueueSender(session.sqs, session.stack.queue_url).send(outgoing, acknowledged))
        except KeyboardInterrupt:
            raise Interrupted(*_stopped("Interrupted", sent, len(registrants))) from None
        except Unreachable as error:
            raise Unreachable(*_stopped(error.what, sent, len(registrants))) from error
        except WrongInput as error:
            what, to_do = _stopped(error.what, sent, len(registrants))
            raise Interrupted(what, f"{error.to_do} {to_do}") from error


def _stopped(why: str, sent: int, of: int) -> tuple[str, str]:
    return (
        f"{why.removesuffix('.')}: {sent:,} of {of:,} are queued.",
        "Run the same command again: it continues where it stopped.",
    )


def _result(reading: Reading, planned: Plan, refused: int, written: Path | None, dry_run: bool) -> dict[str, Any]:
    queued = len(planned.to_queue) - refused
    return {
        "dry_run": dry_run,
        "encoding": reading.encoding,
        "delimiter": reading.layout.delimiter,
        "columns": reading.layout.named(),
        "would_be_queued" if dry_run else "queued": queued,
        "refused_by_the_queue": refused,
        "left_out": dict(planned.left_out),
        "repeated_lines": reading.repeats,
        "rejects": [{"line": reject.line, "reason": reject.reason} for reject in reading.rejects],
        "rejects_file": str(written) if written else None,
    }
