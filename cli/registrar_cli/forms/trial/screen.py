"""Format what a submission of a form would register: each field with its key, and how to map what is missing."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.form import Form
from registrar.registrants.fields import FieldError
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import Registrant
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.dead_letters.set_aside import MISSING, in_words
from registrar_cli.forms.screen import quoted
from registrar_cli.terminal.suggestions import suggest

_VALUE_CHARACTERS: Final = 40
_WEBINAR: Final = "webinar_id"
# What a field of ours looks like where neither type nor label says so: in its value, or in its key and label.
_VALUES: Final = {"email": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"), _WEBINAR: re.compile(r"\d(?:[ -]?\d){8,14}")}
_A_NAME: Final = re.compile("nam|nom|名", re.I)


@dataclass(frozen=True)
class Trial:
    """A submission's fields and what the form's mapping makes of them: a registrant, or why there is none.

    `sources` maps a field of ours to the key that it comes from; `ignored` says why a submission registers no one;
    `is_set_aside` whether it waits on the dead-letter queue.
    """

    form: Form
    fields: Sequence[FormField] = field(repr=False)
    outcome: Registrant | list[FieldError] = field(repr=False)
    sources: Mapping[str, str]
    ignored: str | None
    is_set_aside: bool

    @property
    def is_registered(self) -> bool:
        """Return whether the submission would be queued."""
        return isinstance(self.outcome, Registrant) and self.ignored is None

    def as_json(self) -> dict[str, Any]:
        """Return all of it for programs."""
        errors = [] if isinstance(self.outcome, Registrant) else self.outcome
        return {
            "form": self.form.name,
            "would_be_queued": self.is_registered,
            "ignored": self.ignored,
            "registrant": _fields_of(self.outcome) if isinstance(self.outcome, Registrant) else None,
            "sources": dict(self.sources),
            "errors": [{"field": error.field, "message": error.message} for error in errors],
            "fields": [
                {"key": one.key, "label": one.label, "type": one.type, "value": one.value} for one in self.fields
            ],
            "suggestion": self.suggestion,
        }

    def show(self, console: Console) -> None:
        """Print the registrant or what is missing, and every field of the submission."""
        console.print(self._head())
        names: dict[str, list[str]] = {}
        for ours, key in self.sources.items():
            names.setdefault(key, []).append(ours)
        table = Table(box=None, header_style="dim", pad_edge=False)
        for column in ("field of ours", "key", "label", "value"):
            table.add_column(column, overflow="fold")
        for one in sorted(self.fields, key=lambda one: one.key not in names):
            ours = ", ".join(names.get(one.key, ()))
            texts = (Text(ours, style="bold"), Text(one.key), Text(one.label, style="dim"), Text(_shortened(one.text)))
            table.add_row(*texts)
        console.print(table)
        if self.suggestion:
            console.print(Text.assemble(("→ ", "bold"), self.suggestion))

    def _head(self) -> Text:
        if self.ignored is not None:
            return Text(f"● ignored: {self.ignored}", style="yellow")
        if isinstance(self.outcome, Registrant):
            registrant = self.outcome
            name = " ".join(part for part in (registrant.first_name, registrant.last_name) if part)
            says = f"  {name} <{registrant.email}> for webinar {registrant.key.webinar_id}"
            return Text.assemble(("● would be queued", "bold green"), says)
        return Text.assemble(("● no registrant", "bold red"), f"  {in_words(self.outcome)}")

    @property
    def suggestion(self) -> str | None:
        """Return the command that maps what is missing, KEY where no field looks like it, or sends it back."""
        if isinstance(self.outcome, Registrant) and self.is_set_aside:
            return suggest(f"retry --reason {Reason.UNMAPPED_FORM}")
        if isinstance(self.outcome, Registrant) or self.ignored is not None:
            return None
        left = [one for one in self.fields if one.key not in self.sources.values()]
        options = []
        for ours in (error.field for error in self.outcome if error.message == MISSING):
            others = [] if ours in _VALUES else [one for one in left if not any(_may_be(one, name) for name in _VALUES)]
            found = next((one for one in left if _may_be(one, ours)), others[0] if len(others) == 1 else None)
            left = [one for one in left if one is not found]
            key = shlex.quote(found.key) if found else "KEY"
            options.append(f"--webinar-from {key}" if ours == _WEBINAR else f"--map {ours}={key}")
        return suggest(f"forms change {quoted(self.form)} {' '.join(options)}") if options else None


def _may_be(one: FormField, ours: str) -> bool:
    """Return whether a field looks like this one of ours."""
    if ours in _VALUES:
        return _VALUES[ours].fullmatch(one.text.strip()) is not None
    return _A_NAME.search(f"{one.key} {one.label}") is not None


def _fields_of(registrant: Registrant) -> dict[str, str]:
    return {
        "webinar_id": registrant.key.webinar_id,
        "email": registrant.email,
        "first_name": registrant.first_name,
        "last_name": registrant.last_name,
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _VALUE_CHARACTERS else f"{text[: _VALUE_CHARACTERS - 1]}…"
