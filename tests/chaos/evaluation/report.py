"""Print a chaos run: what happened, final states, checks, and the first violations, with their history unless excused.

E-mail addresses are masked.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests.chaos.evaluation.attempts import attempts
from tests.chaos.evaluation.checks import Finding, digest, end_states, invalid_registrants
from tests.chaos.evaluation.invariants import Event
from tests.chaos.evaluation.record import Record
from tests.chaos.workload.submissions import Key, MessageKind, as_sent_to_zoom

VIOLATIONS_SHOWN = 3
EVENTS_SHOWN = 200


def show(console: Console, record: Record, findings: Sequence[Finding], seed: int) -> None:
    """Print all tables."""
    console.print(_summary(record))
    console.print(_table("Final states", ("registrants", "invalid messages"), _end_states(record)))
    console.print(_checks(record, findings))
    failed = [finding for finding in findings if finding.forbidden and finding.violations]
    for finding in findings:
        if finding.violations:
            _show_violations(console, record, finding)
    result = "[red]Checks failed.[/]" if failed else "[green]All checks passed.[/]"
    console.print(f"{result} Seed {seed}, digest {digest(record)}: the same seed gives the same run.")


def masked(email: str) -> str:
    """Return an address that identifies a registrant of this run, without the full e-mail."""
    local_part, _, domain = email.partition("@")
    return f"{local_part.partition('.')[0]}…@{domain}"


def _summary(record: Record) -> Table:
    counts = record.counts
    phases = Counter({name: number for name, number in counts.items() if ": " in name})
    rows: dict[str, str] = {
        "submissions": f"{len(record.submissions):,} for {len(record.plans)} webinars",
        "registrants": f"{len(record.validity):,}, {invalid_registrants(record)} of them invalid, in open webinars",
        "simulated time": f"{record.hours:.0f} hours",
        "invocations": f"{counts['invocations']:,}, killed {counts['invocations killed']:,}",
        "calls to Zoom": f"{len(record.calls):,}, with a fault {record.faults.total():,}",
        "calls to AWS": f"{record.aws_calls:,}, failed {record.aws_broken:,} and {record.aws_entries_failed:,} entries",
        "dead letters redriven": f"{counts['dead letters redriven']:,}",
        "approved by hosts": f"{counts['approved by hosts']:,}",
    }
    rows |= {f"phases of {service}": profiles for service, profiles in _profiles(phases).items()}
    rows["faults of Zoom"] = ", ".join(f"{name} {number}" for name, number in record.faults.most_common())
    table = Table("Run", "", box=SIMPLE_HEAD, title_justify="left")
    for name, text in rows.items():
        table.add_row(name, text)
    return table


def _profiles(phases: Mapping[str, int]) -> dict[str, str]:
    by_service: dict[str, list[str]] = {}
    for name, number in sorted(phases.items(), key=lambda entry: -entry[1]):
        service, _, profile = name.partition(": ")
        by_service.setdefault(service, []).append(f"{profile} {number}")
    return {service: ", ".join(profiles) for service, profiles in by_service.items()}


def _end_states(record: Record) -> dict[str, tuple[str, str]]:
    invalid = {f"no row: {kind}" for kind in MessageKind}
    states = end_states(record)
    return {
        name: ("", f"{number:,}") if name in invalid else (f"{number:,}", "")
        for name, number in sorted(states.items(), key=lambda entry: (entry[0].partition(":")[0], -entry[1]))
    }


def _checks(record: Record, findings: Sequence[Finding]) -> Table:
    table = Table("Check", "violations", "", box=SIMPLE_HEAD)
    table.columns[1].justify = "right"
    most = max((one.number for one in attempts(record)), default=0)
    for finding in findings:
        number = len(finding.violations)
        mark = "[dim]no failure[/]" if not finding.forbidden else "[green]✓[/]" if not number else "[red]✗[/]"
        table.add_row(finding.name, f"{number:,}", mark)
    table.add_row("most attempts per registrant and UTC day", str(most), "")
    return table


def _show_violations(console: Console, record: Record, finding: Finding) -> None:
    color = "red" if finding.forbidden else "dim"
    console.print(f"\n[{color}]{finding.name}[/]: {len(finding.violations)}, the first of them:")
    for key, what in finding.violations[:VIOLATIONS_SHOWN]:
        if key is None:
            console.print(f"  {what}", markup=False)
            continue
        kind = next((plan.kind for plan in record.plans if plan.id == key[0]), "?")
        validity = record.validity.get(key, "unknown")
        console.print(f"  {masked(key[1])} for {key[0]} ({kind}; {validity}): {what}", markup=False)
        for event in history(record, key)[-EVENTS_SHOWN:] if finding.forbidden else ():
            console.print(f"    {event.at_s:14.2f}  {event.invocation:9} {event.what}", markup=False)


def history(record: Record, key: Key) -> list[Event]:
    """Return a registrant's history in order, including the calls with them."""
    email = as_sent_to_zoom(key[1])
    calls = [
        Event(call.time, invocation, f"call of {call.registrants}: {call.status} {call.code} {call.fault}".rstrip())
        for invocation, call in record.calls
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
