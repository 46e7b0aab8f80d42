"""Format a form for the screen: its URL, where to paste it, and what its submissions become."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from registrar.forms.providers.form import Form
from registrar.registrants.row import moment_of
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.forms.recipes import RECIPES, Secret
from registrar_cli.operations.target import Target, lines_about
from registrar_cli.terminal.formatting import local_time
from registrar_cli.terminal.suggestions import suggest

_LABEL_CHARACTERS: Final = 10


def url_of(session: Session, form: Form) -> str:
    """Return the URL that the provider posts to."""
    return f"{session.stack.output('FormsUrl')}/{form.form_id}"


@dataclass(frozen=True, kw_only=True)
class Added:
    """What `forms add` has connected.

    `secret` is one that was made, shown this once; `is_signed` says whether there is any. `script` is that of Google
    Forms; `allows_any` says whether AllowedWebinars is empty.
    """

    form: Form
    url: str = field(repr=False)
    secret: str | None = field(repr=False)
    is_signed: bool
    script: str | None = field(repr=False)
    script_file: Path | None
    targets: Sequence[Target]
    allows_any: bool

    def as_json(self) -> dict[str, Any]:
        """Return the form for programs."""
        return {
            "name": self.form.name,
            "provider": self.form.provider,
            "url": self.url,
            "secret": self.secret,
            "webinars": [target.as_json() for target in self.targets],
            "steps": list(RECIPES[self.form.provider][:4]),
            "script": self.script,
        }

    def _to(self) -> str:
        return f" to the webinar that its field {self.form.webinar_from} names" if self.form.webinar_from else ""

    def show(self, console: Console) -> None:
        """Print the form, its URL and the four lines."""
        console.print(Text.assemble(("✓ ", "bold green"), (self.form.name, "bold"), f" is connected{self._to()}"))
        for line in lines_about(self.targets):
            console.print(line)
        if self.form.webinar_from and self.allows_any:
            to_do = f"To limit them: {suggest('configure AllowedWebinars=ID,ID')}"
            console.print(Text(f"A visitor may name any webinar of your account. {to_do}", style="yellow"))
        console.print()
        print_line(console, "URL", self.url)
        if self.script_file:
            print_line(console, "script", str(self.script_file))
        if self.secret:
            print_line(console, "secret", self.secret)
            console.print(Text(f"{'':{_LABEL_CHARACTERS}}It is not shown again.", style="yellow"))
        elif not self.is_signed and RECIPES[self.form.provider].secret == Secret.OPERATOR:
            to_do = suggest(f"forms secret {quoted(self.form)} generate")
            console.print(
                Text(f"Without a secret, anyone who knows the URL can send forms. To add one: {to_do}", style="yellow")
            )
        console.print()
        print_steps(console, self.form)
        console.print(
            Text(f"\nTo see what a submission becomes: {suggest(f'forms try {quoted(self.form)}')}", style="dim")
        )


def print_steps(console: Console, form: Form) -> None:
    """Print where to paste the URL, in four lines."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", min_width=3)
    table.add_column(overflow="fold")
    for number, line in enumerate(RECIPES[form.provider][:4], 1):
        table.add_row(Text(str(number), style="bold"), Text(line))
    console.print(table)


def print_line(console: Console, label: str, text: str) -> None:
    """Print a line that only the terminal wraps, so that it is copied whole."""
    console.print(Text.assemble((f"{label:<{_LABEL_CHARACTERS}}", "dim"), text), soft_wrap=True)


def print_facts(console: Console, facts: Iterable[tuple[str, str]]) -> None:
    """Print labels and texts."""
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=_LABEL_CHARACTERS - 1)
    table.add_column(overflow="fold")
    for label, text in facts:
        table.add_row(Text(label, style="dim"), Text(text))
    console.print(table)


def last_delivery(form: Form, now: float) -> str:
    """Say when a form delivered last; `now` is in epoch seconds."""
    moment = moment_of(form.last_submission_at)
    return "never" if moment is None else local_time(moment, now)


def quoted(form: Form) -> str:
    """Return the form's name as a shell takes it."""
    return shlex.quote(form.name)
