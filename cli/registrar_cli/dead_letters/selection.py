"""Which letters are meant: by reason, webinar, person; and which of them are of no concern any more. Pure.

In: letters, and the rows of the people in them. Out: a `Choice`: whom there is work for, who is registered since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.dead_letters.queue import DeadLetter
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.options import email_identity, parse_optional_webinar
from registrar_cli.terminal.reasons import NO_REASON, known_reasons


@dataclass(frozen=True)
class Selection:
    """Empty sets mean all."""

    reasons: frozenset[str] = frozenset()
    webinar: str | None = None
    emails: frozenset[str] = frozenset()

    @classmethod
    def of(cls, reasons: Sequence[str] | None, webinar: str | None, emails: Sequence[str] | None) -> "Selection":
        """Check what the command line says.

        Raises:
            WrongInput: a webinar or e-mail that is none.
        """
        return cls(
            frozenset(reasons or ()),
            parse_optional_webinar(webinar),
            frozenset(email_identity(email) for email in emails or ()),
        )

    @property
    def is_all(self) -> bool:
        """Whether nothing was chosen: all letters are meant."""
        return not (self.reasons or self.emails) and self.webinar is None

    def matches(self, dead_letter: DeadLetter) -> bool:
        """Whether this letter is meant."""
        return (
            (not self.reasons or (dead_letter.reason or NO_REASON) in self.reasons)
            and (self.webinar is None or dead_letter.webinar_id == self.webinar)
            and (not self.emails or (dead_letter.key is not None and dead_letter.key.email in self.emails))
        )


@dataclass(frozen=True)
class Choice:
    """`work`: the newest letter of each person. `more`: his older ones. `done`: of people whom Zoom has since."""

    to_handle: list[DeadLetter]
    older: list[DeadLetter]
    registered: list[DeadLetter]


def choose(dead_letters: Iterable[DeadLetter], selection: Selection, rows: Mapping[Key, Row]) -> Choice:
    """Sort the letters meant; those of whom nobody can be read are work each.

    Raises:
        WrongInput: an unknown reason, which no letter has.
    """
    dead_letters = list(dead_letters)
    _check_reasons(selection, dead_letters)
    meant = [dead_letter for dead_letter in dead_letters if selection.matches(dead_letter)]
    registered = [dead_letter for dead_letter in meant if dead_letter.key and _zoom_has(rows.get(dead_letter.key))]
    registered_ids = {dead_letter.message_id for dead_letter in registered}
    open_ = [dead_letter for dead_letter in meant if dead_letter.message_id not in registered_ids]
    newest = {
        dead_letter.key or dead_letter.message_id: dead_letter
        for dead_letter in sorted(open_, key=lambda one: one.sent_at)
    }
    newest_ids = {dead_letter.message_id for dead_letter in newest.values()}
    return Choice(
        list(newest.values()),
        [dead_letter for dead_letter in open_ if dead_letter.message_id not in newest_ids],
        registered,
    )


def _check_reasons(selection: Selection, dead_letters: Iterable[DeadLetter]) -> None:
    """A newer consumer may bury for reasons that this version does not know: those of letters are right, too."""
    known = known_reasons()
    unknown = sorted(selection.reasons - {*known} - {dead_letter.reason for dead_letter in dead_letters})
    if unknown:
        raise WrongInput(f"Unknown reason: {', '.join(unknown)}.", f"Known are: {', '.join(known)}")


def _zoom_has(row: Row | None) -> bool:
    return row is not None and (row.is_registered or row.status == Status.PENDING_APPROVAL)
