"""What ends a command early, and what its exit code means.

    Trouble             what failed, and what to do; the exit code with it
    ├── Unreachable     no credentials, no such stack, AWS refuses or does not answer
    ├── Unknown         nobody and nothing of that name
    ├── WrongInput      a file, an id or an option that cannot be used
    ├── Declined        somebody was asked, and answered no
    └── Interrupted     somebody pressed Ctrl-C, or ended the program

In: words without personal data (e-mails masked) and without tokens. Out: printed by app.py, in words or as JSON.
"""

from enum import IntEnum


class Exit(IntEnum):
    """What the shell is told. `registrar --help` lists them."""

    OK = 0  # all is as asked, or as it should be
    INTERNAL_ERROR = 1  # a failure of this program
    USAGE = 2  # the command line or the input is wrong; nothing was changed
    NEGATIVE = 3  # done, but not for all; or the answer is "no": not registered, a check is red, letters wait; or yours
    UNREACHABLE = 4  # no credentials, no such stack, AWS or Zoom refuses or does not answer
    NOT_FOUND = 5  # nobody of that name
    INTERRUPTED = 130  # Ctrl-C, as shells have it
    BROKEN_PIPE = 141  # whoever read has enough; as shells have it


class CliError(Exception):
    """A failure in words for the person at the terminal."""

    exit_code = Exit.INTERNAL_ERROR

    def __init__(self, what: str, to_do: str) -> None:
        super().__init__(what)
        self.what = what
        self.to_do = to_do


class Unreachable(CliError):
    """The far end is not there, or does not let us in."""

    exit_code = Exit.UNREACHABLE


class NotFound(CliError):
    """Nothing of that name."""

    exit_code = Exit.NOT_FOUND


class WrongInput(CliError):
    """What was given cannot be used."""

    exit_code = Exit.USAGE


class Declined(CliError):
    """Asked before anything was changed, and not wanted."""

    exit_code = Exit.NEGATIVE


class Interrupted(CliError):
    """Ended on the way, on purpose."""

    exit_code = Exit.INTERRUPTED
