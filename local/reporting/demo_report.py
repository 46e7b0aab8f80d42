"""Print the results of the demo as tables."""

from collections import Counter

from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from local.reporting.metrics import Reading
from local.reporting.results import FULL_CALL, Key, Results, key_of
from local.reporting.samples import INVALID_FORM, REGISTERED, Samples, Submission

EXAMPLES = 2  # registrants shown per webinar
URL_CHARACTERS = 42


def show(results: Results, metrics: Reading, seconds: float, console: Console) -> int:
    """Print all tables; return 0 if every outcome is as expected, else 1."""
    console.print()
    console.print(outcomes_table(results))
    for note in outcome_notes(results.samples):
        console.print(Padding(note, (0, 0, 1, 2)))
    console.print(ways_in_table(results))
    console.print(examples_table(results))
    console.print(dead_letters_table(results))
    console.print(Padding("They are kept with the reason until you handle them: registrar failures", (0, 0, 1, 2)))
    console.print(calls_table(results, seconds))
    console.print(metrics.table())
    console.print()
    errors = list(results.errors())
    for error in errors:
        console.print(f"  ✗ {error}", style="red")
    if errors:
        console.print("\nThe results are not as expected.\n", style="bold red")
        return 1
    done = Text("✓ Every submission has the expected outcome; none was lost.", style="bold green")
    console.print(Padding(done, (0, 0, 1, 2)))
    console.print(next_steps())
    return 0


def next_steps() -> Table:
    """Return what a newcomer may do next."""
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    table.add_row("Next:", "")
    table.add_row("make serve", "keeps this stack running: send a form of your own, and see the registrant appear")
    table.add_row("make cli", "installs the command `registrar`, which works on that stack and on AWS")
    table.add_row("README.md", "how to deploy it to AWS, and register the first person with Zoom")
    return table


def registrants(results: Results) -> dict[Key, Submission]:
    """Return one submission per registrant: duplicates have the same key."""
    accepted = (one for one in results.samples.submissions if one.expected != INVALID_FORM)
    return {key_of(one): one for one in accepted}


def outcomes_table(results: Results) -> Table:
    """Return a table with a line per webinar and outcome."""
    table = table_of("Outcomes", "Webinar", "Topic", ">Forms", ">Registrants", "Outcome")
    forms = Counter((one.webinar_id, one.expected) for one in results.samples.submissions)
    outcomes = Counter((one.webinar_id, results.outcome(one)) for one in registrants(results).values())
    for (webinar_id, outcome), number in sorted(
        outcomes.items(), key=lambda item: (item[0][1] != REGISTERED, -item[1])
    ):
        colour = "green" if outcome == REGISTERED else "yellow"
        topic = results.samples.topic(webinar_id)
        sent = str(forms[webinar_id, outcome])
        table.add_row(grouped(webinar_id), topic, sent, str(number), f"[{colour}]{readable(outcome)}[/]")
    refused = sum(one.expected == INVALID_FORM for one in results.samples.submissions)
    table.add_row("", "", str(refused), "", "[yellow]invalid form (HTTP 422)[/]")
    return table


def outcome_notes(samples: Samples) -> list[str]:
    """Return what the numbers of forms, registrants and messages do not say by themselves."""
    forms = Counter(key_of(one) for one in samples.submissions if one.expected != INVALID_FORM)
    repeated = sum(number > 1 for number in forms.values())
    notes = []
    if repeated:
        they = "registrant submitted" if repeated == 1 else "registrants submitted"
        notes.append(f"{repeated} {they} the form twice: registered once.")
    if samples.messages:
        number = len(samples.messages)
        what = "message was" if number == 1 else "messages were"
        notes.append(f"{number} {what} sent to the queue directly, past the form, without a webinar: no registrant.")
    return notes


def ways_in_table(results: Results) -> Table:
    """Return a table of the submissions that did not come by a form of one's own."""
    table = table_of("Other ways in", "", "E-mail", "Outcome")
    for one in results.samples.submissions:
        if one.way_in:
            outcome = results.outcome(one)
            colour = "green" if outcome == one.expected else "red"
            table.add_row(one.way_in, one.email, f"[{colour}]{readable(outcome)}[/]")
    return table


def examples_table(results: Results) -> Table:
    """Return a table with some registrants of each webinar."""
    table = table_of("Examples", "E-mail", "Join URL or reason", no_wrap=True)
    shown: Counter[str] = Counter()
    for key, one in registrants(results).items():
        if shown[one.webinar_id] < EXAMPLES:
            shown[one.webinar_id] += 1
            row = results.rows.get(key, {})
            outcome = shortened(str(row["join_url"])) if "join_url" in row else readable(results.outcome(one))
            table.add_row(key[1], outcome)
    return table


def dead_letters_table(results: Results) -> Table:
    """Return a table of the dead letters by reason."""
    table = table_of("Dead letters", "Reason", ">Messages")
    for reason, number in results.dead_letters.most_common():
        table.add_row(readable(reason), str(number))
    return table


def calls_table(results: Results, seconds: float) -> Table:
    """Return a table of the calls to Zoom and their sizes."""
    table = table_of("Calls to Zoom", "", ">")
    sent = sum(call.registrants for call in results.calls)
    full = sum(call.registrants == FULL_CALL for call in results.calls)
    table.add_row("calls", str(len(results.calls)))
    table.add_row("registrants in these calls, repeats included", str(sent))
    table.add_row("registrants per call, on average", f"{sent / len(results.calls):.1f}" if results.calls else "none")
    table.add_row(f"full calls, of {FULL_CALL} registrants", str(full))
    table.add_row("seconds until the queue was empty", f"{seconds:.1f}")
    return table


def table_of(title: str, *columns: str, no_wrap: bool = False) -> Table:
    """Return an empty table; columns that begin with `>` are aligned to the right. `no_wrap` cuts long cells off."""
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold", show_header=any(columns[0]))
    for column in columns:
        justify: JustifyMethod = "right" if column.startswith(">") else "left"
        overflow: OverflowMethod = "ellipsis" if no_wrap else "fold"
        table.add_column(column.removeprefix(">"), justify=justify, no_wrap=no_wrap, overflow=overflow)
    return table


def grouped(webinar_id: str) -> str:
    """Return a webinar id as Zoom writes it: `978 7106 0099`."""
    return f"{webinar_id[:3]} {webinar_id[3:7]} {webinar_id[7:]}"


def readable(outcome: str) -> str:
    """Return `webinar full` for `webinar_full`."""
    return outcome.replace("_", " ")


def shortened(url: str) -> str:
    """Return the URL, cut to fit on a line."""
    return url if len(url) <= URL_CHARACTERS else url[: URL_CHARACTERS - 1] + "…"
