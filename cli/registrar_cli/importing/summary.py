"""Format the result of `import`: how the file was read, and what was queued, left out and rejected."""

from collections import Counter
from typing import Any, Final

from rich.console import Group
from rich.text import Text

from registrar_cli.csv_files.reader import Reading
from registrar_cli.operations.event_source_mapping import ENABLED
from registrar_cli.terminal.totals import Totals

REASONS_SHOWN: Final = 8
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

_REGISTERED_NOW: Final = "They are being registered. To follow them: registrar watch"


def screen(result: dict[str, Any], reading: Reading) -> Group:
    """Return the whole screen."""
    return Group(*_how_read(result, reading), _totals(result, reading).table)


def _how_read(result: dict[str, Any], reading: Reading) -> list[Text]:
    delimiter = reading.layout.delimiter
    columns = ", ".join(f"{column} → {field}" for field, column in result["columns"].items())
    lines = [
        Text(f"read as {reading.encoding}, separated by {_DELIMITERS.get(delimiter, delimiter)}", style="dim"),
        Text(columns, style="dim"),
    ]
    if reading.is_guessed and reading.sample:
        guess = f"The encoding is a guess; one name reads {reading.sample}. If it is garbled, give --encoding."
        lines.append(Text(guess, style="yellow"))
    return lines


def _totals(result: dict[str, Any], reading: Reading) -> Totals:
    totals, dry_run = Totals(), result["dry_run"]
    number = result["would_be_queued"] if dry_run else result["queued"]
    totals.count(number, "would be queued" if dry_run else "queued", "bold green")
    for label, count in result["left_out"].items():
        totals.count(count, label)
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
        paused = f"They wait: the consumer's event source mapping is {mapping}. To resume: registrar resume"
        totals.note(_REGISTERED_NOW if is_running else paused)
    return totals


def _reasons(totals: Totals, reading: Reading) -> None:
    by_reason = Counter(reject.reason for reject in reading.rejects)
    first = {reject.reason: reject.line for reject in reversed(reading.rejects)}
    for reason, count in by_reason.most_common(REASONS_SHOWN):
        lines = f"line {first[reason]:,}" if count == 1 else f"{count:,} lines, the first is {first[reason]:,}"
        totals.note(f"{lines}: {reason}", style="red")
    if len(by_reason) > REASONS_SHOWN:
        totals.note(f"… and {len(by_reason) - REASONS_SHOWN:,} other reasons in the file")
