"""The demo's findings as tables that a person enjoys reading.

Comes in: findings, and the functions' metrics. Goes out: text on the console, and the exit code.
"""

from __future__ import annotations

from collections import Counter

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from local.reporting.metrics import Reading
from local.reporting.results import FULL_CALL, Key, Results, key_of
from local.reporting.samples import INVALID_FORM, REGISTERED, Submission

EXAMPLES = 2  # people shown with their join URL, a webinar
URL_CHARACTERS = 42


def show(results: Results, metrics: Reading, seconds: float, console: Console) -> int:
    """Print everything; returns 0 if all ended where they should, else 1."""
    console.print()
    console.print(outcomes_table(results))
    console.print(examples_table(results))
    console.print(dead_letters_table(results))
    console.print(calls_table(results, seconds))
    console.print(metrics.table())
    console.print()
    errors = list(results.errors())
    for error in errors:
        console.print(f"  ✗ {error}", style="red")
    if errors:
        console.print("\nNot everybody ended where they should.\n", style="bold red")
        return 1
    console.print("  ✓ Everybody ended where they should; nobody was lost.\n", style="bold green")
    return 0


def registrants(results: Results) -> dict[Key, Submission]:
    """One submission a person: duplicates are one person."""
    accepted = (one for one in results.samples.submissions if one.expected != INVALID_FORM)
    return {key_of(one): one for one in accepted}


def outcomes_table(results: Results) -> Table:
    """What became of the people, a line a webinar and end."""
    table = Table(title="What became of everybody", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("Webinar")
    table.add_column("Topic")
    table.add_column("Forms", justify="right")
    table.add_column("People", justify="right")
    table.add_column("End")
    forms = Counter((one.webinar_id, one.expected) for one in results.samples.submissions)
    ends = Counter((one.webinar_id, results.outcome(one)) for one in registrants(results).values())
    for (webinar_id, end), number in sorted(ends.items(), key=lambda item: (item[0][1] != REGISTERED, -item[1])):
        colour = "green" if end == REGISTERED else "yellow"
        topic = results.samples.topic(webinar_id)
        sent = str(forms[webinar_id, end])
        table.add_row(grouped(webinar_id), topic, sent, str(number), f"[{colour}]{readable(end)}[/]")
    refused = sum(one.expected == INVALID_FORM for one in results.samples.submissions)
    table.add_row("", "", str(refused), "", "[yellow]refused at the door[/]")
    return table


def examples_table(results: Results) -> Table:
    """A few people of each webinar with what they got."""
    table = Table(title="Some of them", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("E-mail", no_wrap=True)
    table.add_column("Join URL, or why there is none", no_wrap=True)
    shown: Counter[str] = Counter()
    for key, one in registrants(results).items():
        if shown[one.webinar_id] < EXAMPLES:
            shown[one.webinar_id] += 1
            row = results.rows.get(key, {})
            got = shortened(str(row["join_url"])) if "join_url" in row else readable(results.outcome(one))
            table.add_row(key[1], got)
    return table


def dead_letters_table(results: Results) -> Table:
    """The dead letters by reason."""
    table = Table(title="Dead letters", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("Reason")
    table.add_column("Messages", justify="right")
    for reason, number in results.dead_letters.most_common():
        table.add_row(readable(reason), str(number))
    return table


def calls_table(results: Results, seconds: float) -> Table:
    """The calls to Zoom, and how full they were."""
    table = Table(title="Calls to Zoom", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("", justify="right")
    sent = sum(call.registrants for call in results.calls)
    full = sum(call.registrants == FULL_CALL for call in results.calls)
    table.add_row("calls", str(len(results.calls)))
    table.add_row("registrants", str(sent))
    table.add_row("registrants per call", f"{sent / len(results.calls):.1f}" if results.calls else "none")
    table.add_row(f"calls of a full {FULL_CALL}", str(full))
    table.add_row("seconds, queue full to queue empty", f"{seconds:.1f}")
    return table


def grouped(webinar_id: str) -> str:
    """A webinar id as Zoom writes it: `978 7106 0099`."""
    return f"{webinar_id[:3]} {webinar_id[3:7]} {webinar_id[7:]}"


def readable(end: str) -> str:
    """`webinar_full` → `webinar full`."""
    return end.replace("_", " ")


def shortened(url: str) -> str:
    """A URL that fits on a line."""
    return url if len(url) <= URL_CHARACTERS else url[: URL_CHARACTERS - 1] + "…"
