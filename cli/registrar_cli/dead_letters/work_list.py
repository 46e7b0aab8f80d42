"""Group dead letters by reason, and describe them for the screen, for JSON and for the file to correct."""

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from registrar.registrants.reasons import Reason
from registrar.registrants.redaction import masked
from registrar.registrants.row import timestamp
from rich.console import Console
from rich.text import Text

from registrar_cli.dead_letters.body import field_in
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.queue import PEEK_SECONDS
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.reasons import NO_REASON, ReasonText, reason_text
from registrar_cli.terminal.suggestions import suggest

# What `failures --csv` writes and `retry --corrected` reads; `dead_letter` holds the message id.
CSV_HEADER = (
    *("dead_letter", "webinar_id", "email", "first_name", "last_name"),
    *("reason", "detail", "means", "to_do", "since"),
)
EXAMPLES = 3
# Sent back unchanged, these would only fail again: they must be corrected, or can only be discarded.
_TO_BE_CORRECTED: Final = {Reason.INVALID_REGISTRANT}
_FOR_ANOTHER_WEBINAR: Final = {Reason.WEBINAR_NOT_FOUND, Reason.WEBINAR_TYPE_UNSUPPORTED}
_TO_BE_DISCARDED: Final = {
    *(Reason.MALFORMED_MESSAGE, Reason.HOST_NOT_ALLOWED, Reason.WEBINAR_OVER, Reason.PAID_REGISTRATION)
}


@dataclass(frozen=True)
class Group:
    """All dead letters with one reason; of those that forms sent, all of one form."""

    reason: str
    dead_letters: list[DeadLetter]

    @property
    def form(self) -> str | None:
        """Return the name of the form; None for other reasons, and where the form was removed."""
        form = self.dead_letters[0].form
        return form.name if form else None

    @property
    def text(self) -> ReasonText:
        """Return the meaning of the reason, and what to do."""
        return reason_text(self.reason)

    @property
    def unmapped(self) -> int:
        """Return of how many the form's present mapping makes no registrant."""
        return sum(one.is_unmapped for one in self.dead_letters)

    @property
    def command(self) -> str:
        """Return the command to run after that."""
        if self.unmapped:
            return suggest(f"forms try {shlex.quote(self.form)}" if self.form else f"discard --reason {self.reason}")
        if self.reason in _TO_BE_DISCARDED:
            return suggest(f"discard --reason {self.reason}")
        if self.reason in _TO_BE_CORRECTED:
            return suggest(f"failures --reason {self.reason} --csv work.csv")
        if self.reason in _FOR_ANOTHER_WEBINAR:
            ((webinar_id, _),) = self.webinars.most_common(1)
            return suggest(f"retry --webinar {webinar_id} --to ID")
        return suggest(f"retry --reason {self.reason}")

    @property
    def can_be_sent_back(self) -> bool:
        """Return whether they can succeed as they are, once the cause is fixed."""
        return not self.unmapped and self.reason not in {*_TO_BE_DISCARDED, *_TO_BE_CORRECTED, *_FOR_ANOTHER_WEBINAR}

    @property
    def first_at(self) -> float:
        """Return when the oldest was sent to the dead-letter queue, in epoch seconds."""
        return min(one.sent_at for one in self.dead_letters)

    @property
    def webinars(self) -> Counter[str]:
        """Count the dead letters by webinar."""
        return Counter(one.webinar_id or "unknown" for one in self.dead_letters)

    @property
    def details(self) -> list[tuple[str, int]]:
        """Return Zoom's messages with their counts, the most frequent first."""
        return Counter(one.detail for one in self.dead_letters if one.detail).most_common()

    @property
    def examples(self) -> list[str]:
        """Return a few e-mails, masked: others may see the screen."""
        return [masked(one.key.email) for one in self.dead_letters if one.key][:EXAMPLES]


def group_by_reason(dead_letters: Iterable[DeadLetter]) -> list[Group]:
    """Return the groups, the largest first; of each form that sent some, a group."""
    found: defaultdict[tuple[str, str], list[DeadLetter]] = defaultdict(list)
    for one in dead_letters:
        found[one.reason or NO_REASON, one.form.name if one.form else ""].append(one)
    groups = [Group(reason, of_form) for (reason, _), of_form in found.items()]
    return sorted(groups, key=lambda group: (-len(group.dead_letters), group.reason, group.form or ""))


def count_by_reason(dead_letters: Iterable[DeadLetter]) -> dict[str, int]:
    """Count dead letters by reason, the most frequent first."""
    return dict(Counter(one.reason or NO_REASON for one in dead_letters).most_common())


def as_json(group: Group) -> dict[str, Any]:
    """Return a group with all its dead letters."""
    return {
        "reason": group.reason,
        **({"form": group.form, "unmapped": group.unmapped} if group.dead_letters[0].set_aside else {}),
        "dead_letters": len(group.dead_letters),
        "means": group.text.meaning,
        "to_do": group.text.action,
        "command": group.command,
        "since": timestamp(group.first_at),
        "webinars": dict(group.webinars),
        "registrants": [_as_json(one) for one in group.dead_letters],
    }


def _as_json(dead_letter: DeadLetter) -> dict[str, Any]:
    """Return a dead letter; without a valid registrant with what was sent, to find the producer or the right keys."""
    fields = dict(zip(CSV_HEADER, csv_row(dead_letter), strict=True))
    if dead_letter.registrant:
        return fields
    sent = dead_letter.set_aside
    return fields | ({"fields": {one.key: one.text for one in sent.fields}} if sent else {"body": dead_letter.body})


def csv_row(dead_letter: DeadLetter) -> list[str]:
    """Return a dead letter as a line of the file to correct; invalid fields are in it as they were sent."""
    text = reason_text(dead_letter.reason)
    return [
        dead_letter.message_id,
        *(field_in(dead_letter.body, name) for name in CSV_HEADER[1:5]),
        dead_letter.reason or NO_REASON,
        dead_letter.detail,
        text.meaning,
        text.action,
        timestamp(dead_letter.sent_at),
    ]


def print_not_visible(console: Console, not_visible: int) -> None:
    """Warn of dead letters that are not visible: without this, the rest would look complete."""
    if not_visible:
        rest = (
            "is not visible: another process is reading it, or it has just arrived"
            if not_visible == 1
            else "are not visible: another process is reading them, or they have just arrived"
        )
        wait = f"Try again in {PEEK_SECONDS // 60} minutes."
        console.print(Text(f"● {quantity(not_visible, 'dead letter')} {rest}. {wait}", style="yellow"))
