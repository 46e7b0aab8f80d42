"""Whom earlier imports have queued, so that a repeated or interrupted one queues nobody twice.

In: people as SQS acknowledges them. Out: who was queued in the last 14 days (as long as a queue keeps a message). One
file a stack under ~/.local/state/registrar (XDG_STATE_HOME), of hashes, no names, no e-mails. Losing it costs messages,
never a double registration: the consumer acknowledges whoever is registered.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from registrar.registrant import Key

from registrar_cli.trouble import Trouble

KEPT_SECONDS = 14 * 86_400  # SQS's retention on RegistrationQueue


class Journal:
    """One stack's."""

    def __init__(self, stack_arn: str, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        # The ARN ends with an id: a stack that is deployed anew has a journal of its own.
        self._salt = hashlib.sha256(stack_arn.encode()).hexdigest()[:16]
        self.path = (folder or _folder()) / f"queued-{self._salt}"
        self._clock = clock

    def queued(self) -> set[str]:
        """The marks of those who were queued."""
        try:
            lines = self.path.read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return set()
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(self.path) from error
        oldest = self._clock() - KEPT_SECONDS
        # A line that a killed program left unfinished counts for nobody.
        fields = [line.split(" ") for line in lines if line.count(" ") == 1]
        return {mark for at, mark in fields if at.isdigit() and int(at) >= oldest}

    def mark(self, key: Key) -> str:
        """What a person is called here."""
        return hashlib.sha256(f"{self._salt} {key.webinar_id} {key.email}".encode()).hexdigest()[:24]

    def add(self, people: Iterable[Key]) -> None:
        """Note people, on the disk before this returns."""
        now = int(self._clock())
        lines = "".join(f"{now} {self.mark(key)}\n" for key in people)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # O_APPEND: two imports at once do not overwrite each other.
            with self.path.open("a", encoding="ascii") as file:
                file.write(lines)
        except OSError as error:
            raise _unusable(self.path) from error


def _folder() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "registrar"


def _unusable(path: Path) -> Trouble:
    return Trouble(f"The journal {path} cannot be read or written.", "Set XDG_STATE_HOME to a folder that can be.")
