"""Define the errors that end a command, and the exit code of each.

    CliError            what failed and what to do about it
    ├── Unreachable     no credentials, no such stack, or AWS or Zoom refuses or does not answer
    ├── NotFound        no registrant or submission matches
    ├── WrongInput      a file, an id or an option that cannot be used
    ├── Declined        the operator answered no
    ├── Failed          AWS refused a change, or undid it
    └── Interrupted     Ctrl-C, or the program was ended

No message holds personal data (e-mails are masked) or a token. app.py prints it as text or as JSON.
"""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes; `registrar --help` explains them."""

    OK = 0
    INTERNAL_ERROR = 1
    USAGE = 2  # wrong command line or input; nothing was changed
    NEGATIVE = 3  # not registered, a failed check, dead letters waiting; a declined prompt; partial success
    UNREACHABLE = 4
    NOT_FOUND = 5
    INTERRUPTED = 130  # 128 + SIGINT, as in shells
    BROKEN_PIPE = 141  # 128 + SIGPIPE, as in shells


class CliError(Exception):
    """What failed, and what the operator can do about it."""

    exit_code = Exit.INTERNAL_ERROR

    def __init__(self, what: str, to_do: str) -> None:
        super().__init__(what)
        self.what = what
        self.to_do = to_do


class Unreachable(CliError):
    """AWS, the stack or Zoom cannot be reached, or refuses access."""

    exit_code = Exit.UNREACHABLE


class NotFound(CliError):
    """Nothing matches the given name or id."""

    exit_code = Exit.NOT_FOUND


class WrongInput(CliError):
    """The input cannot be used."""

    exit_code = Exit.USAGE


class Declined(CliError):
    """The operator answered no, before anything was changed."""

    exit_code = Exit.NEGATIVE


class Failed(CliError):
    """AWS refused a change, or undid it."""

    exit_code = Exit.NEGATIVE


class Interrupted(CliError):
    """The command was interrupted."""

    exit_code = Exit.INTERRUPTED
