"""The command `registrar`: its subcommands, and what becomes of failures.

In: the command line. Out: an exit code (errors.py). Every failure is told as what, who (masked) and what to do.
"""

import os
import sys
from io import TextIOWrapper
from pathlib import Path

import typer
from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.redaction import without_personal_data
from typer.exceptions import TyperException

from registrar_cli.clients import aws
from registrar_cli.dead_letters import discard, failures, retry
from registrar_cli.doctor.command import doctor
from registrar_cli.erasure.command import forget
from registrar_cli.importing.command import import_csv
from registrar_cli.operations import pause, watch
from registrar_cli.registrants import export, listing, status
from registrar_cli.terminal.errors import CliError, Exit, Interrupted, WrongInput
from registrar_cli.terminal.output import Output

EXIT_CODES = """
Exit codes: 0 all is as it should be · 1 a failure of this program · 2 wrong command line or input, nothing changed ·
3 the answer is "no" (ours, or yours to a question), or not all could be done · 4 AWS, the stack or Zoom cannot be
reached · 5 nobody of that name · 130 interrupted.

With --json the answer is JSON on standard output, a failure JSON on standard error.

AWS is found as every AWS tool finds it: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.
"""

STDOUT_DESCRIPTOR = 1

app = typer.Typer(
    help="Who is registered for a webinar, who is not, why, and what to do now.",
    epilog=EXIT_CODES,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("status")(status.status)
app.command("list")(listing.list_registrants)
app.command("export")(export.export)
app.command("failures")(failures.failures)
app.command("retry")(retry.retry)
app.command("discard")(discard.discard)
app.command("import")(import_csv)
app.command("doctor")(doctor)
app.command("watch")(watch.watch)
app.command("pause")(pause.pause)
app.command("resume")(pause.resume)
app.command("forget")(forget)


def main() -> None:
    """Run the command line; ends the program."""
    _prepare_streams()
    try:
        sys.exit(_run())
    except CliError as error:
        _end(error)
    except (ClientError, BotoCoreError) as error:
        _end(aws.as_cli_error(error))
    except TyperException as error:
        _end(_wrong_command(error))
    except typer.Abort:
        _end(Interrupted("Interrupted at the question: nothing was changed.", "Answer with y, or give --yes."))
    except KeyboardInterrupt:
        _end(_interrupted())
    except BrokenPipeError:
        _end_broken_pipe()
    except Exception as error:
        if os.environ.get("REGISTRAR_DEBUG"):
            raise
        # Its text could quote a person: only its name is told.
        _end(
            CliError(f"A failure of this program: {type(error).__name__}", "REGISTRAR_DEBUG=1 shows where; report it.")
        )


def _run() -> int:
    """Not in click's standalone mode: its own words would be no JSON, and its exit codes not ours."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False) or Exit.OK
    except SystemExit as ended:
        raise BrokenPipeError from ended  # so click and rich tell of a pipe that is closed, and of nothing else
    sys.stdout.flush()  # a pipe that is closed is told here, and not while the interpreter ends
    if code == Exit.INTERRUPTED:
        raise _interrupted()
    return int(code)


def _interrupted() -> Interrupted:
    return Interrupted("Interrupted.", "Run the same command again: nothing is done twice.")


def _prepare_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # whoever closes a stream, as by `>&-`, gets what he gets from /dev/null
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 — until the program ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows question marks, and all the rest


def _wrong_command(error: TyperException) -> WrongInput:
    """What click says of the command line, without the e-mails in it."""
    path = getattr(getattr(error, "ctx", None), "command_path", "registrar")
    return WrongInput(without_personal_data(error.format_message(), ()), f"{path} --help tells what is right.")


def _end_broken_pipe() -> None:
    """Whoever read, as `head` does, has enough: nothing is wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT_DESCRIPTOR)  # what is still to be flushed goes nowhere
    sys.exit(Exit.BROKEN_PIPE)


def _end(error: CliError) -> None:
    Output("--json" in sys.argv).error(error)
    sys.exit(error.exit_code)
