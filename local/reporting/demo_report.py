"""The demo's findings as tables that a person enjoys reading.

Comes in: findings, and the functions' metrics. Goes out: text on the console, and the exit code.
"""

from collections import Counter

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from local.reporting.metrics import Reading
from local.reporting.results import FULL_CALL, Findings, Key, key_of
from local.reporting.samples import REFUSED_AT_THE_DOOR, REGISTERED, Submission

EXAMPLES = 2  # people shown with their join URL, a webinar
URL_CHARACTERS = 42


def show(findings: Findings, metrics: Reading, seconds: float, console: Console) -> int:
    """Print everything; returns 0 if all ended where they should, else 1."""
    console.print()
    console.print(people_table(findings))
    console.print(examples_table(findings))
    console.print(letters_table(findings))
    console.print(calls_table(findings, seconds))
    console.print(metrics.table())
    console.print()
    mistakes = list(findings.mistakes())
    for mistake in mistakes:
        console.print(f"  ✗ {mistake}", style="red")
    if mistakes:
        console.print("\nNot everybody ended where they should.\n", style="bold red")
        return 1
    console.print("  ✓ Everybody ended where they should; nobody was lost.\n", style="bold green")
    return 0


def people(findings: Findings) -> dict[Key, Submission]:
    """One submission a person: duplicates are one person."""
    accepted = (one for one in findings.samples.submissions if one.ends != REFUSED_AT_THE_DOOR)
    return {key_of(one): one for one in accepted}


def people_table(findings: Findings) -> Table:
    """What became of the people, a line a webinar and end."""
    table = Table(title="What became of everybody", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("Webinar")
    table.add_column("Topic")
    table.add_column("Forms", justify="right")
    table.add_column("People", justify="right")
    table.add_column("End")
    everybody = people(findings)
    forms = Counter((one.webinar_id, one.ends) for one in findings.samples.submissions)
    ends = Counter((one.webinar_id, findings.ends(one)) for one in everybody.values())
    for (webinar_id, end), number in sorted(ends.items(), key=lambda item: (item[0][1] != REGISTERED, -item[1])):
        colour = "green" if end == REGISTERED else "yellow"
        topic = findings.samples.topic(webinar_id)
        sent = str(forms[webinar_id, end])
        table.add_row(grouped(webinar_id), topic, sent, str(number), f"[{colour}]{in_words(end)}[/]")
    refused = sum(one.ends == REFUSED_AT_THE_DOOR for one in findings.samples.submissions)
    table.add_row("", "", str(refused), "", "[yellow]refused at the door[/]")
    return table


def examples_table(findings: Findings) -> Table:
    """A few people of each webinar with what they got."""
    table = Table(title="Some of them", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("E-mail", no_wrap=True)
    table.add_column("Join URL, or why there is none", no_wrap=True)
    shown: Counter[str] = Counter()
    for key, one in people(findings).items():
        if shown[one.webinar_id] < EXAMPLES:
            shown[one.webinar_id] += 1
            row = findings.rows.get(key, {})
            got = shortened(str(row["join_url"])) if "join_url" in row else in_words(findings.ends(one))
            table.add_row(key[1], got)
    return table


def letters_table(findings: Findings) -> Table:
    """The dead letters by reason."""
    table = Table(title="Dead letters", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("Reason")
    table.add_column("Messages", justify="right")
    for reason, number in findings.letters.most_common():
        table.add_row(in_words(reason), str(number))
    return table


def calls_table(findings: Findings, seconds: float) -> Table:
    """The calls to Zoom, and how full they were."""
    table = Table(title="Calls to Zoom", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("", justify="right")
    sent = sum(call.registrants for call in findings.calls)
    full = sum(call.registrants == FULL_CALL for call in findings.calls)
    table.add_row("calls", str(len(findings.calls)))
    table.add_row("registrants", str(sent))
    table.add_row("registrants per call", f"{sent / len(findings.calls):.1f}" if findings.calls else "none")
    table.add_row(f"calls of a full {FULL_CALL}", str(full))
    table.add_row("seconds, queue full to queue empty", f"{seconds:.1f}")
    return table


def grouped(webinar_id: str) -> str:
    """A webinar id as Zoom writes it: `978 7106 0099`."""
    return f"{webinar_id[:3]} {webinar_id[3:7]} {webinar_id[7:]}"


def in_words(end: str) -> str:
    """`webinar_full` → `webinar full`."""
    return end.replace("_", " ")


def shortened(url: str) -> str:
    """A URL that fits on a line."""
    return url if len(url) <= URL_CHARACTERS else url[: URL_CHARACTERS - 1] + "…"
