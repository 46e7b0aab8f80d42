"""Format the result of `import`: how the file was read, and what was queued, left out and rejected."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from registrar_cli.csv_files.columns import WHOLE_NAME
from registrar_cli.csv_files.encoding.question import readings_table
from registrar_cli.csv_files.reader import Reading
from registrar_cli.importing.plan import REGISTERED_OTHERWISE
from registrar_cli.operations.event_source_mapping import ENABLED
from registrar_cli.operations.target import SHOWN, Target, lines_about
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.suggestions import suggest
from registrar_cli.terminal.totals import Totals

REASONS_SHOWN: Final = 8
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_FIELDS: Final = {WHOLE_NAME: "first and last name"}
HINTS_SHOWN: Final = 3


def screen(result: dict[str, Any], reading: Reading, targets: Sequence[Target]) -> Group:
    """Return the whole screen."""
    return Group(*_how_read(result, reading), *lines_about(targets), _totals(result, reading, targets).table)


def _how_read(result: dict[str, Any], reading: Reading) -> Iterator[Text | Table]:
    delimiter = reading.layout.delimiter
    columns = ", ".join(f"{column} → {_FIELDS.get(field, field)}" for field, column in result["columns"].items())
    yield Text(f"read as {reading.encoding}, separated by {_DELIMITERS.get(delimiter, delimiter)}", style="dim")
    yield Text(columns, style="dim")
    if reading.report_webinar:
        yield Text(f"the report is of webinar {reading.report_webinar}: used, because --webinar is absent", style="dim")
    if reading.split:
        example = " | ".join(part for part in reading.split if part)
        text = f"Whole names are split, as in “{example}”. If that is wrong, give the names in two columns."
        yield Text(text, style="yellow")
    if result["possible_encodings"]:
        text = "The file does not state its encoding: the import will ask for it, or give --encoding. Names would read:"
        yield Text(text, style="yellow")
        yield readings_table(result["possible_encodings"])
    yield from _misspelled(result["misspelled_domains"])


def _misspelled(found: Sequence[Mapping[str, Any]]) -> Iterator[Text]:
    if found:
        shown = ", ".join(f"line {one['line']:,} {one['domain']} ({one['probably']}?)" for one in found[:HINTS_SHOWN])
        more = f" and {len(found) - HINTS_SHOWN:,} more" if len(found) > HINTS_SHOWN else ""
        number = quantity(len(found), "e-mail")
        yield Text(f"{number} may be misspelled: {shown}{more}. Such mail reaches no one.", style="yellow")


def _totals(result: dict[str, Any], reading: Reading, targets: Sequence[Target]) -> Totals:
    totals, dry_run = Totals(), result["dry_run"]
    number = result["would_be_queued"] if dry_run else result["queued"]
    totals.count(number, "would be queued" if dry_run else "queued", "bold green")
    for label, count in result["left_out"].items():
        totals.count(count, label)
    if result["left_out"].get(REGISTERED_OTHERWISE):
        forget = suggest("forget EMAIL --cancel-at-zoom")
        totals.note(
            f"Zoom keeps the name that it was given first. To change one: {forget}, then import with --again. "
            "The join URL changes too."
        )
    for label, count in result["ineligible"].items():
        totals.count(count, f"left out, {label}: --any-status queues them too", "bold yellow")
    if reading.repeats:
        totals.count(reading.repeats, "repeated: equal to an earlier line")
    if result["refused_by_the_queue"]:
        totals.count(result["refused_by_the_queue"], "refused by SQS: run this command again", "bold red")
    if reading.rejects:
        where = f": correct and import {result['rejects_file']}" if result["rejects_file"] else ""
        totals.count(len(reading.rejects), f"rejected{where}", "bold red")
        _reasons(totals, reading)
    if number and not dry_run:
        mapping = result["mapping"]
        is_running = mapping in {None, ENABLED}
        paused = f"They wait: the consumer's event source mapping is {mapping}. To resume: {suggest('resume')}"
        totals.note(f"They are being registered. To follow them: {suggest('watch')}" if is_running else paused)
        for target in targets[:SHOWN]:
            if target.mail:
                totals.note(f"{target.mail.says}. {target.mail.to_do}")
    return totals


def _reasons(totals: Totals, reading: Reading) -> None:
    by_reason = Counter(reject.reason for reject in reading.rejects)
    first = {reject.reason: reject.line for reject in reversed(reading.rejects)}
    for reason, count in by_reason.most_common(REASONS_SHOWN):
        lines = f"line {first[reason]:,}" if count == 1 else f"{count:,} lines, the first is {first[reason]:,}"
        totals.note(f"{lines}: {reason}", style="red")
    if len(by_reason) > REASONS_SHOWN:
        totals.note(f"… and {len(by_reason) - REASONS_SHOWN:,} other reasons in the file")
