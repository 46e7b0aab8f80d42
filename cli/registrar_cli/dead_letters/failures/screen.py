"""Format the work list of `failures` for the screen."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from registrar.registrants.reasons import Reason
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.selection import Choice, Selection
from registrar_cli.dead_letters.work_list import Group, print_not_visible
from registrar_cli.registrants.deferrals import Deferral, next_try, total
from registrar_cli.terminal.formatting import local_time, quantity
from registrar_cli.terminal.suggestions import suggest
from registrar_cli.terminal.totals import Totals

BODY_CHARACTERS = 200  # shown of a dead letter without a registrant
_WEBINARS = 5  # named per reason
_NUMBER_CHARACTERS = 6
# What these reasons need is found out, or seen, by this command.
_DOCTOR = {Reason.TOKEN_REJECTED, Reason.MISSING_SCOPE, Reason.ZOOM_UNAVAILABLE, Reason.ACCOUNT_DAILY_LIMIT}


@dataclass(frozen=True)
class Waiting:
    """What is still on RegistrationQueue: its messages, and the deferred registrants among them."""

    messages: int
    deferrals: Sequence[Deferral]


@dataclass(frozen=True)
class Screen:
    """Prints the work list; `now` is in epoch seconds."""

    console: Console
    selection: Selection
    lists_registrants: bool
    now: float

    def show(self, groups: Sequence[Group], choice: Choice, not_visible: int, waiting: Waiting) -> None:
        """Print dead letters, totals and deferred registrants."""
        if not groups and not not_visible:
            self._print_none(choice, waiting)
        for group in groups:
            since = f"since {local_time(group.first_at, self.now)}"
            name = f"{group.reason} of {group.form}" if group.form else group.reason
            self._print_group(len(group.dead_letters), name, since, "bold red", self._facts(group))
        totals = Totals()
        for text, count in (
            (f"registered since; to delete them: {suggest('discard --registered')}", len(choice.registered)),
            ("older dead letters of the same registrants", len(choice.older)),
        ):
            if count:
                totals.count(count, text, "dim")
        if groups and self.selection.is_all:
            if all(group.can_be_sent_back for group in groups):
                totals.note(f"To send them all back: {suggest('retry')}")
            totals.note(f"To write a list to correct: {suggest('failures --csv work.csv')}")
        self.console.print(totals.table)
        print_not_visible(self.console, not_visible)
        self._print_deferred(waiting.deferrals)
        others = waiting.messages - total(waiting.deferrals)
        if self.selection.is_all and others > 0:
            text = f"{quantity(others, 'other message')} on the queue, without a result yet: {suggest('watch')}"
            self.console.print(Text(text, style="dim"))

    def _print_none(self, choice: Choice, waiting: Waiting) -> None:
        text = "All their registrants are registered since." if choice.registered else "No dead letters are waiting."
        style = "" if waiting.deferrals else "green"  # green only if no registrant waits at all
        self.console.print(Text(f"● {text}", style=style))

    def _print_deferred(self, deferrals: Sequence[Deferral]) -> None:
        if deferrals:
            number = total(deferrals)
            are_retried = "registrant is retried" if number == 1 else "registrants are retried"
            self.console.print(Text(f"● {number:,} {are_retried} automatically:", style="yellow"))
        for deferral in deferrals:
            webinars = deferral.webinars.most_common(_WEBINARS)
            facts = [("means", deferral.text.meaning), ("do", deferral.text.action)]
            facts += [("then", suggest("doctor"))] if deferral.reason in _DOCTOR else []
            facts += [("list", suggest(f"list {webinars[0][0]} --status deferred")), ("webinar", _counted(webinars))]
            when = next_try(deferral.first_at, self.now)
            self._print_group(deferral.registrants, deferral.reason, when, "bold yellow", facts)

    def _print_group(self, number: int, reason: str, when: str, style: str, facts: Sequence[tuple[str, str]]) -> None:
        head = Table.grid(padding=(0, 2))
        head.add_column(min_width=_NUMBER_CHARACTERS, justify="right")
        head.add_column()
        head.add_row(Text(f"{number:,}", style=style), Text.assemble((reason, "bold"), (f"  {when}", "dim")))
        self.console.print(head)
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column(overflow="fold")
        for label, text in facts:
            table.add_row(Text(label, style="dim"), Text(text, style="bold" if label == "do" else ""))
        self.console.print(Padding(table, (0, 0, 1, _NUMBER_CHARACTERS + 2)))

    def _facts(self, group: Group) -> list[tuple[str, str]]:
        facts = [("means", group.text.meaning), ("do", group.text.action), ("then", group.command)]
        facts += _then_of_a_form(group)
        facts += [("webinar", _counted(group.webinars.most_common(_WEBINARS)))]
        facts += [("detail", f"{detail} ({n:,})") for detail, n in group.details[:3]]
        if self.lists_registrants:
            facts += [("", _contents(dead_letter)) for dead_letter in group.dead_letters]
        elif group.examples:
            more = len(group.dead_letters) - len(group.examples)
            facts += [("e-mail", ", ".join(group.examples) + (f" and {more:,} more" if more else ""))]
        return facts


def _counted(webinars: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{webinar} ({number:,})" for webinar, number in webinars)


def _contents(dead_letter: DeadLetter) -> str:
    """Return the full e-mail and the webinar; without a registrant, what was sent."""
    key, sent = dead_letter.key, dead_letter.set_aside
    if key:
        return f"{key.email} {key.webinar_id}"
    return (", ".join(f"{one.key}={one.text}" for one in sent.fields) if sent else dead_letter.body)[:BODY_CHARACTERS]


def _then_of_a_form(group: Group) -> list[tuple[str, str]]:
    """Return the commands after `forms try`, and how many need them no longer."""
    if not group.form:
        return []
    commands = [f"forms change {shlex.quote(group.form)} --map OUR=KEY", f"retry --reason {group.reason}"]
    facts = [("", suggest(command)) for command in commands] if group.unmapped else []
    mapped = len(group.dead_letters) - group.unmapped
    return facts + ([("now", f"the present mapping finds a registrant in {mapped:,} of them")] if mapped else [])
