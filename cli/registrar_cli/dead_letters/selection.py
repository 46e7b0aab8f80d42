"""Select dead letters by reason, webinar and e-mail, and separate those whose registrants are registered since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.person import is_of
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.formatting import did_you_mean
from registrar_cli.terminal.options import email_identity, parse_optional_webinar
from registrar_cli.terminal.reasons import NO_REASON, known_reasons
from registrar_cli.terminal.suggestions import suggest


@dataclass(frozen=True)
class Selection:
    """Which dead letters are selected; empty sets and None select all."""

    reasons: frozenset[str] = frozenset()
    webinar: str | None = None
    emails: frozenset[str] = frozenset()

    @classmethod
    def of(cls, reasons: Sequence[str] | None, webinar: str | None, emails: Sequence[str] | None) -> "Selection":
        """Parse the options.

        Raises:
            WrongInput: the webinar id or an e-mail is not valid.
        """
        return cls(
            frozenset(reasons or ()),
            parse_optional_webinar(webinar),
            frozenset(email_identity(email) for email in emails or ()),
        )

    @property
    def is_all(self) -> bool:
        """Return whether no option was given."""
        return not (self.reasons or self.emails) and self.webinar is None

    def matches(self, dead_letter: DeadLetter) -> bool:
        """Return whether the dead letter is selected."""
        return (
            (not self.reasons or (dead_letter.reason or NO_REASON) in self.reasons)
            and (self.webinar is None or dead_letter.webinar_id == self.webinar)
            and (not self.emails or self._is_of_one(dead_letter))
        )

    def _is_of_one(self, dead_letter: DeadLetter) -> bool:
        if dead_letter.set_aside is not None:
            return any(is_of(dead_letter, email) for email in self.emails)
        return dead_letter.key is not None and dead_letter.key.email in self.emails


@dataclass(frozen=True)
class Choice:
    """The newest dead letter of each registrant, the older ones, and those of registrants registered since."""

    to_handle: list[DeadLetter]
    older: list[DeadLetter]
    registered: list[DeadLetter]


def choose(dead_letters: Iterable[DeadLetter], selection: Selection, rows: Mapping[Key, Row]) -> Choice:
    """Sort the selected dead letters; each one without a readable registrant is handled on its own.

    Raises:
        WrongInput: a reason is unknown, and no dead letter has it.
    """
    dead_letters = list(dead_letters)
    _check_reasons(selection, dead_letters)
    selected = [one for one in dead_letters if selection.matches(one)]
    registered = [one for one in selected if one.key and _zoom_has(rows.get(one.key))]
    registered_ids = {one.message_id for one in registered}
    others = [one for one in selected if one.message_id not in registered_ids]
    newest = {one.key or one.message_id: one for one in sorted(others, key=lambda one: one.sent_at)}
    newest_ids = {one.message_id for one in newest.values()}
    return Choice(list(newest.values()), [one for one in others if one.message_id not in newest_ids], registered)


def _check_reasons(selection: Selection, dead_letters: Iterable[DeadLetter]) -> None:
    """Accept known reasons and those of dead letters: a newer consumer may use reasons this version does not know."""
    known = known_reasons()
    unknown = sorted(selection.reasons - {*known} - {one.reason for one in dead_letters})
    if unknown:
        meant = "".join(did_you_mean(one, known) for one in unknown)
        to_do = f"Your dead letters' reasons: {suggest('failures')}" if meant else f"There are: {', '.join(known)}."
        raise WrongInput(f"Unknown reason: {', '.join(unknown)}.{meant}", to_do)


def _zoom_has(row: Row | None) -> bool:
    return row is not None and (row.is_registered or row.status == Status.PENDING_APPROVAL)
