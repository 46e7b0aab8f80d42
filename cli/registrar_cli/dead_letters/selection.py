"""Which letters are meant: by reason, webinar, person; and which of them are of no concern any more. Pure.

In: letters, and the rows of the people in them. Out: a `Choice`: whom there is work for, who is registered since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.dead_letters.queue import Letter
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.options import identity_of_person, webinar_if_given
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
            webinar_if_given(webinar),
            frozenset(identity_of_person(email) for email in emails or ()),
        )

    @property
    def is_all(self) -> bool:
        """Whether nothing was chosen: all letters are meant."""
        return not (self.reasons or self.emails) and self.webinar is None

    def takes(self, letter: Letter) -> bool:
        """Whether this letter is meant."""
        return (
            (not self.reasons or (letter.reason or NO_REASON) in self.reasons)
            and (self.webinar is None or letter.webinar_id == self.webinar)
            and (not self.emails or (letter.key is not None and letter.key.email in self.emails))
        )


@dataclass(frozen=True)
class Choice:
    """`work`: the newest letter of each person. `more`: his older ones. `done`: of people whom Zoom has since."""

    work: list[Letter]
    more: list[Letter]
    done: list[Letter]


def chosen(letters: Iterable[Letter], selection: Selection, rows: Mapping[Key, Row]) -> Choice:
    """Sort the letters meant; those of whom nobody can be read are work each.

    Raises:
        WrongInput: an unknown reason, which no letter has.
    """
    letters = list(letters)
    _check_reasons(selection, letters)
    meant = [letter for letter in letters if selection.takes(letter)]
    done = [letter for letter in meant if letter.key and _zoom_has(rows.get(letter.key))]
    gone = {letter.message_id for letter in done}
    open_ = [letter for letter in meant if letter.message_id not in gone]
    newest = {letter.key or letter.message_id: letter for letter in sorted(open_, key=lambda one: one.buried_at)}
    kept = {letter.message_id for letter in newest.values()}
    return Choice(list(newest.values()), [letter for letter in open_ if letter.message_id not in kept], done)


def _check_reasons(selection: Selection, letters: Iterable[Letter]) -> None:
    """A newer consumer may bury for reasons that this version does not know: those of letters are right, too."""
    known = known_reasons()
    unknown = sorted(selection.reasons - {*known} - {letter.reason for letter in letters})
    if unknown:
        raise WrongInput(f"Unknown reason: {', '.join(unknown)}.", f"Known are: {', '.join(known)}")


def _zoom_has(row: Row | None) -> bool:
    return row is not None and (row.is_registered or row.status == Status.PENDING_APPROVAL)
