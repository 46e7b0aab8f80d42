"""Record whom earlier imports have queued, so that a repeated or interrupted one queues no registrant twice.

One file per stack and month under ~/.local/state/registrar (XDG_STATE_HOME) holds hashes, no names and no e-mails, for
14 days (as long as a queue keeps a message); older files are deleted. Losing a file costs messages, never a second
registration: for a registered registrant, the consumer only deletes the message.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from registrar.registrants.registrant import Key

from registrar_cli.terminal.errors import WrongInput

RETENTION_SECONDS = 14 * 86_400  # SQS's retention on RegistrationQueue


class Journal:
    """Reads and writes the journal of one stack."""

    def __init__(self, stack_arn: str, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        # The ARN ends with a unique id: a stack that is deployed again gets a new journal.
        self._salt = hashlib.sha256(stack_arn.encode()).hexdigest()[:16]
        self._folder = folder or _folder()
        self._prefix = f"queued-{self._salt}-"
        self._clock = clock

    @property
    def path(self) -> Path:
        """Return this month's file."""
        return self._paths()[-1]

    def queued(self) -> set[str]:
        """Return the digests of the registrants queued in the last 14 days."""
        lines: list[str] = []
        for path in self._paths():
            try:
                lines += path.read_text(encoding="ascii").splitlines()
            except FileNotFoundError:
                continue
            except (OSError, UnicodeDecodeError) as error:
                raise _unusable(path) from error
        oldest = self._clock() - RETENTION_SECONDS
        # A killed program may leave an incomplete line: ignore it.
        fields = [line.split(" ") for line in lines if line.count(" ") == 1]
        return {digest for at, digest in fields if at.isdigit() and int(at) >= oldest}

    def digest(self, key: Key) -> str:
        """Return what identifies a registrant in the journal."""
        return hashlib.sha256(f"{self._salt} {key.webinar_id} {key.email}".encode()).hexdigest()[:24]

    def add(self, registrants: Iterable[Key]) -> None:
        """Record registrants as queued; they are on the disk when this returns."""
        now, path = int(self._clock()), self.path
        lines = "".join(f"{now} {self.digest(key)}\n" for key in registrants)
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._delete_old_files()
            # O_APPEND: two simultaneous imports do not overwrite each other.
            with path.open("a", encoding="ascii") as file:
                file.write(lines)
        except OSError as error:
            raise _unusable(path) from error

    def _paths(self) -> list[Path]:
        """Return the files of the last 14 days; this month's is the last."""
        now = self._clock()
        return [
            self._folder / f"{self._prefix}{month}" for month in sorted({_month(now - RETENTION_SECONDS), _month(now)})
        ]

    def _delete_old_files(self) -> None:
        for path in set(self._folder.glob(f"{self._prefix}*")) - set(self._paths()):
            path.unlink(missing_ok=True)


def _month(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m")


def _folder() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "registrar"


def _unusable(path: Path) -> WrongInput:
    to_do = "Set XDG_STATE_HOME to a folder that you can write to."
    return WrongInput(f"The journal {path} cannot be read or written.", to_do)
