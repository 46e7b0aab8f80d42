"""What a person reads of a chaos run: what happened, where everybody ended, what was checked; and whom to look at.

In: a `Record` and its findings. Out: tables on a console. Nobody's address is shown in full.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests.chaos.attempts import attempts
from tests.chaos.checks import Finding, digest, end_states, guilty
from tests.chaos.invariants import Event
from tests.chaos.record import Record
from tests.chaos.submissions import Key, Sort, as_zoom_hears

OFFENDERS_SHOWN = 3
EVENTS_SHOWN = 200


def show(console: Console, record: Record, findings: Sequence[Finding], seed: int) -> None:
    """Print all of it."""
    console.print(_happenings(record))
    console.print(_table("Where everybody ended", ("people", "messages of nobody"), _ends(record)))
    console.print(_checks(record, findings))
    failed = [finding for finding in findings if finding.forbidden and finding.offenders]
    for finding in failed:
        _show_offenders(console, record, finding)
    verdict = "[red]Not everything holds.[/]" if failed else "[green]Everything holds.[/]"
    console.print(f"{verdict} Seed {seed}, digest {digest(record)}: the same seed runs the same story.")


def masked(email: str) -> str:
    """Return an address by which a run's person can be found again, and nobody else."""
    local_part, _, domain = email.partition("@")
    return f"{local_part.partition('.')[0]}…@{domain}"


def _happenings(record: Record) -> Table:
    counts = record.counts
    phases = Counter({name: number for name, number in counts.items() if ": " in name})
    rows: dict[str, str] = {
        "submissions": f"{len(record.submissions):,} for {len(record.plans)} webinars",
        "people": f"{len(record.guilt):,}, of whom Zoom refuses {guilty(record)} in webinars that are open",
        "time in the story": f"{record.hours:.0f} hours",
        "invocations": f"{counts['invocations']:,}, killed {counts['invocations killed']:,}",
        "calls to Zoom": f"{len(record.calls):,}, broken {record.faults.total():,}",
        "calls to AWS": f"{record.aws_calls:,}, broken {record.aws_broken:,} and {record.aws_entries_failed:,} entries",
        "dead letters redriven": f"{counts['dead letters redriven']:,}",
        "approved by hosts": f"{counts['approved by hosts']:,}",
    }
    rows |= {f"moods of {service}": told for service, told in _moods(phases).items()}
    rows["faults of Zoom"] = ", ".join(f"{name} {number}" for name, number in record.faults.most_common())
    table = Table("what happened", "", box=SIMPLE_HEAD, title_justify="left")
    for name, told in rows.items():
        table.add_row(name, told)
    return table


def _moods(phases: Mapping[str, int]) -> dict[str, str]:
    by_service: dict[str, list[str]] = {}
    for name, number in sorted(phases.items(), key=lambda entry: -entry[1]):
        service, _, mood = name.partition(": ")
        by_service.setdefault(service, []).append(f"{mood} {number}")
    return {service: ", ".join(moods) for service, moods in by_service.items()}


def _ends(record: Record) -> dict[str, tuple[str, str]]:
    nobody = {f"no row: {sort}" for sort in Sort}
    states = end_states(record)
    return {
        name: ("", f"{number:,}") if name in nobody else (f"{number:,}", "")
        for name, number in sorted(states.items(), key=lambda entry: (entry[0].partition(":")[0], -entry[1]))
    }


def _checks(record: Record, findings: Sequence[Finding]) -> Table:
    table = Table("what must hold", "found", "", box=SIMPLE_HEAD)
    table.columns[1].justify = "right"
    most = max((one.number for one in attempts(record)), default=0)
    for finding in findings:
        number = len(finding.offenders)
        told = "[dim]told, no failure[/]" if not finding.forbidden else "[green]✓[/]" if not number else "[red]✗[/]"
        table.add_row(finding.name, f"{number:,}", told)
    table.add_row("most attempts of anybody for a webinar on a UTC day", str(most), "")
    return table


def _show_offenders(console: Console, record: Record, finding: Finding) -> None:
    console.print(f"\n[red]{finding.name}[/]: {len(finding.offenders)}, the first of them:")
    for key, what in finding.offenders[:OFFENDERS_SHOWN]:
        if key is None:
            console.print(f"  {what}", markup=False)
            continue
        kind = next((plan.kind for plan in record.plans if plan.id == key[0]), "?")
        guilt = record.guilt.get(key, "nobody")
        console.print(f"  {masked(key[1])} for {key[0]} ({kind}; {guilt}): {what}", markup=False)
        for event in history(record, key)[-EVENTS_SHOWN:]:
            console.print(f"    {event.at_s:14.2f}  {event.who:9} {event.what}", markup=False)


def history(record: Record, key: Key) -> list[Event]:
    """Return what happened to somebody, the calls that carried him included, in order."""
    email = as_zoom_hears(key[1])
    calls = [
        Event(call.time, who, f"call of {call.registrants}: {call.status} {call.code} {call.fault}".rstrip())
        for who, call in record.calls
        if call.webinar == key[0] and email in {one.lower() for one in call.emails}
    ]
    return sorted([*record.histories.get(key, []), *calls])


def _table(name: str, columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> Table:
    table = Table(name, *columns, box=SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    for row, cells in rows.items():
        table.add_row(row, *cells)
    return table
