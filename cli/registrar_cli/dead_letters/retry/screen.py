"""Format the result of `retry`, and say what becomes of those who have used the attempts of the day."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from registrar import limits
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, utc_day
from rich.console import Console

from registrar_cli.csv_files.encoding.question import readings_table
from registrar_cli.csv_files.reader import Reject
from registrar_cli.dead_letters.work_list import print_not_visible
from registrar_cli.operations.target import Target, lines_about
from registrar_cli.terminal.formatting import local_time
from registrar_cli.terminal.suggestions import suggest
from registrar_cli.terminal.totals import Totals

_NUMBERS: Final = ("sent", "would_be_sent", "failed", "registered_since", "unmapped")


def count_exhausted(rows: Mapping[Key, Row], keys: Iterable[Key], now: float) -> int:
    """Count those who have used today's attempts: they are tried on the next day (contract 7)."""
    day = utc_day(now)
    return sum(key in rows and rows[key].used(day) >= limits.ATTEMPTS_PER_DAY for key in {*keys})


def show(
    console: Console, result: Mapping[str, Any], rejects: Sequence[Reject], targets: Sequence[Target] = ()
) -> None:
    """Print what was sent back, what was not, and what follows."""
    for line in lines_about(targets):
        console.print(line)
    if result.get("possible_encodings"):
        console.print("[yellow]The file does not state its encoding: --encoding names it. Names would read:[/]")
        console.print(readings_table(result["possible_encodings"]))
    if any((rejects, *(result.get(name) for name in _NUMBERS))):
        console.print(_totals(result, rejects).table)
    else:
        console.print("Nothing to retry.")
    print_not_visible(console, result["hidden"])


def _totals(result: Mapping[str, Any], rejects: Sequence[Reject]) -> Totals:
    totals, dry_run = Totals(), result["dry_run"]
    number = result["would_be_sent"] if dry_run else result["sent"]
    where = f"to webinar {result['to']}" if result.get("to") else "back"
    totals.count(number, f"would be sent {where}" if dry_run else f"sent {where}", "bold green")
    for reason, count in result.get("by_reason", {}).items():
        totals.count(count, f"for {reason}", "dim")
    if result.get("registered_since"):
        deleted = "would be deleted" if dry_run else "deleted"
        totals.count(result["registered_since"], f"registered since: {deleted}")
    if result.get("attempts_used_today"):
        used = f"of them have used today's {limits.ATTEMPTS_PER_DAY} attempts: they are tried after {_tomorrow()}"
        totals.count(result["attempts_used_today"], used, "yellow")
    if result["failed"]:
        totals.count(result["failed"], "refused by SQS, not deleted: run this command again", "bold red")
    for one in result.get("unmapped", ()):
        form = one["form"] or "a form that was removed"
        totals.count(
            one["dead_letters"], f"of {form} cannot be mapped, and stay set aside: {one['detail']}", "bold red"
        )
        totals.note(one["command"])
    for reject in rejects:
        totals.note(f"line {reject.line:,}: {reject.reason}", style="red")
    if result.get("rejects_file"):
        totals.note(f"correct {result['rejects_file']}, then give it as --corrected", style="bold")
    if number and not dry_run:
        totals.note(f"To follow them: {suggest('watch')}, then: {suggest('failures')}")
    return totals


def show_moved(console: Console, result: Mapping[str, Any]) -> None:
    """Print what SQS is moving."""
    if not result["dead_letters"]:
        console.print("Nothing to retry.")
        print_not_visible(console, result["hidden"])
        return
    totals = Totals()
    totals.count(result["dead_letters"], "being sent back by SQS, up to 500 per second", "bold green")
    totals.note(f"Registrants who have used today's {limits.ATTEMPTS_PER_DAY} attempts are tried after {_tomorrow()}.")
    totals.note(f"To follow them: {suggest('watch')}, then: {suggest('failures')}")
    console.print(totals.table)
    print_not_visible(console, result["hidden"])


def _tomorrow() -> str:
    now = time.time()
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return f"00:00 UTC ({local_time(midnight.timestamp(), now)})"
