"""End the program with an error: its message on standard error, as text or as JSON, and its exit code.

Imported only when there is an error.
"""

import os
import sys
from typing import NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.redaction import without_personal_data
from typer.exceptions import TyperException

from registrar_cli.clients import aws
from registrar_cli.terminal.errors import CliError, Interrupted, WrongInput
from registrar_cli.terminal.output import Output


def end_with(error: BaseException) -> None:
    """Print the error and end the program; return where REGISTRAR_DEBUG asks for an internal error as it is."""
    if isinstance(error, CliError):
        _end(error)
    if isinstance(error, (ClientError, BotoCoreError)):
        _end(aws.as_cli_error(error))
    if isinstance(error, TyperException):
        _end(_wrong_command(error))
    if isinstance(error, typer.Abort):
        if sys.stderr.isatty():
            sys.stderr.write("\n")  # the terminal's `^C` stands behind the question
        _end(Interrupted("Interrupted at the prompt: nothing was changed.", "Answer y, or give --yes."))
    if isinstance(error, KeyboardInterrupt):
        _end(Interrupted("Interrupted.", "Run the same command again: it does not repeat what is done."))
    if not os.environ.get("REGISTRAR_DEBUG"):
        # Only the class: the text could quote personal data.
        _end(CliError(f"Internal error: {type(error).__name__}.", "Report it, with the output of REGISTRAR_DEBUG=1."))


def _wrong_command(error: TyperException) -> WrongInput:
    """Convert a usage error, without the e-mails in it."""
    path = getattr(getattr(error, "ctx", None), "command_path", "registrar")
    message = error.format_message().replace("Value error, ", "")  # typer's, of a wrong choice
    return WrongInput(without_personal_data(message, ()), f"For the usage, run: {path} --help")


def _end(error: CliError) -> NoReturn:
    Output("--json" in sys.argv).error(error)
    sys.exit(error.exit_code)
