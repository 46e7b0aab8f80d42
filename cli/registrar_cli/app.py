"""Assemble the command `registrar` from its subcommands, and turn errors into messages and exit codes."""

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
from registrar_cli.terminal import version
from registrar_cli.terminal.errors import CliError, Exit, Interrupted, WrongInput
from registrar_cli.terminal.output import Output

EXIT_CODES = """
Exit codes: 0 success · 1 internal error · 2 wrong command line or input; nothing was changed · 3 negative result (not
registered, a failed check, dead letters waiting), declined prompt, or partial success · 4 AWS, the stack or Zoom cannot
be reached · 5 not found · 130 interrupted.

With --json, results are JSON on standard output, and errors are JSON on standard error.

Credentials, region and endpoint are found as by every AWS tool: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.
"""

STDOUT_DESCRIPTOR = 1

app = typer.Typer(
    help="See who is registered for a webinar, who is not, why, and what to do about it.",
    epilog=EXIT_CODES,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(version.options)
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
    """Run the command line, and end the program."""
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
        _end(Interrupted("Interrupted at the prompt: nothing was changed.", "Answer y, or give --yes."))
    except KeyboardInterrupt:
        _end(_interrupted())
    except BrokenPipeError:
        _end_broken_pipe()
    except Exception as error:
        if os.environ.get("REGISTRAR_DEBUG"):
            raise
        # Only the class: the text could quote personal data.
        _end(CliError(f"Internal error: {type(error).__name__}.", "Report it, with the output of REGISTRAR_DEBUG=1."))


def _run() -> int:
    """Run click outside its standalone mode, whose errors are no JSON and whose exit codes are not ours."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False) or Exit.OK
    except SystemExit as ended:
        raise BrokenPipeError from ended  # click and rich exit only because of a closed pipe
    sys.stdout.flush()  # report a closed pipe here, not while the interpreter shuts down
    if code == Exit.INTERRUPTED:
        raise _interrupted()
    return int(code)


def _interrupted() -> Interrupted:
    return Interrupted("Interrupted.", "Run the same command again: it does not repeat what is done.")


def _prepare_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the shell, as with `>&-`: use /dev/null instead
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 — until the program ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows question marks


def _wrong_command(error: TyperException) -> WrongInput:
    """Convert a usage error, without the e-mails in it."""
    path = getattr(getattr(error, "ctx", None), "command_path", "registrar")
    return WrongInput(without_personal_data(error.format_message(), ()), f"For the usage, run: {path} --help")


def _end_broken_pipe() -> None:
    """End because the reader, such as `head`, closed the pipe: this is no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT_DESCRIPTOR)  # discard what is still to be flushed
    sys.exit(Exit.BROKEN_PIPE)


def _end(error: CliError) -> None:
    Output("--json" in sys.argv).error(error)
    sys.exit(error.exit_code)
