"""The work list: letters by reason, in the runbook's words. Pure.

In: the letters there is work for. Out: `Group`s, the largest first; values for JSON and for a file to be corrected.
"""

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
from registrar_cli.dead_letters.queue import PEEK_SECONDS, DeadLetter
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.reasons import NO_REASON, ReasonText, reason_text

# What `failures --csv` writes and `retry --corrected` reads; `letter` finds the letter again.
CSV_HEADER = (
    "dead_letter",
    "webinar_id",
    "email",
    "first_name",
    "last_name",
    "reason",
    "detail",
    "means",
    "to_do",
    "since",
)
EXAMPLES = 3
# Sent back as they are, these would only come again: the letter has to be corrected, or is of no use to anybody.
_TO_BE_CORRECTED: Final = {Reason.INVALID_REGISTRANT, Reason.WEBINAR_NOT_FOUND, Reason.WEBINAR_TYPE_UNSUPPORTED}
_OF_NO_USE: Final = {
    Reason.MALFORMED_MESSAGE,
    Reason.HOST_NOT_ALLOWED,
    Reason.WEBINAR_OVER,
    Reason.PAID_REGISTRATION,
}


@dataclass(frozen=True)
class Group:
    """All letters of one reason."""

    reason: str
    dead_letters: list[DeadLetter]

    @property
    def text(self) -> ReasonText:
        """What the reason means."""
        return reason_text(self.reason)

    @property
    def command(self) -> str:
        """What to type when that is done."""
        if self.reason in _OF_NO_USE:
            return f"registrar discard --reason {self.reason}"
        if self.reason in _TO_BE_CORRECTED:
            return f"registrar failures --reason {self.reason} --csv work.csv"
        return f"registrar retry --reason {self.reason}"

    @property
    def since(self) -> str:
        """When the oldest of them was buried."""
        return timestamp(min(dead_letter.sent_at for dead_letter in self.dead_letters))

    @property
    def webinars(self) -> Counter[str]:
        """How many of them are for which webinar."""
        return Counter(dead_letter.webinar_id or "unknown" for dead_letter in self.dead_letters)

    @property
    def details(self) -> list[tuple[str, int]]:
        """What Zoom said, the most frequent first."""
        return Counter(
            detail for dead_letter in self.dead_letters if (detail := dead_letter.attributes.get("detail"))
        ).most_common()

    @property
    def examples(self) -> list[str]:
        """A few of the people, masked: a screen is seen by many."""
        return [masked(dead_letter.key.email) for dead_letter in self.dead_letters if dead_letter.key][:EXAMPLES]


def group_by_reason(dead_letters: Iterable[DeadLetter]) -> list[Group]:
    """The groups, the largest first."""
    by_reason: defaultdict[str, list[DeadLetter]] = defaultdict(list)
    for dead_letter in dead_letters:
        by_reason[dead_letter.reason or NO_REASON].append(dead_letter)
    groups = [Group(reason, found) for reason, found in by_reason.items()]
    return sorted(groups, key=lambda group: (-len(group.dead_letters), group.reason))


def as_json(group: Group) -> dict[str, Any]:
    """A group for a program, with everybody in it."""
    return {
        "reason": group.reason,
        "dead_letters": len(group.dead_letters),
        "means": group.text.meaning,
        "to_do": group.text.action,
        "command": group.command,
        "since": group.since,
        "webinars": dict(group.webinars),
        "registrants": [_as_json(dead_letter) for dead_letter in group.dead_letters],
    }


def _as_json(dead_letter: DeadLetter) -> dict[str, str]:
    """A letter for a program; with its body where nobody can be read from it, to find who sent it."""
    fields = dict(zip(CSV_HEADER, csv_row(dead_letter), strict=True))
    return fields if dead_letter.registrant else fields | {"body": dead_letter.body}


def csv_row(dead_letter: DeadLetter) -> list[str]:
    """A letter as a row of the file to be corrected; what cannot be used is in it as it was written."""
    text = reason_text(dead_letter.reason)
    return [
        dead_letter.message_id,
        *(field_in(dead_letter.body, name) for name in CSV_HEADER[1:5]),
        dead_letter.reason or NO_REASON,
        dead_letter.attributes.get("detail", ""),
        text.meaning,
        text.action,
        timestamp(dead_letter.sent_at),
    ]


def print_not_visible(console: Console, not_visible: int) -> None:
    """Say it, if there are any: without them the rest would read as if it were all."""
    if not_visible:
        text = (
            f"● {quantity(not_visible, 'letter')} cannot be seen just now: somebody else looks at them, or they came"
            f" meanwhile. Ask again in {PEEK_SECONDS // 60} minutes."
        )
        console.print(Text(text, style="yellow"))
