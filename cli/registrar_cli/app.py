"""The command `registrar`: its subcommands, and what becomes of failures.

In: the command line. Out: an exit code (trouble.py). Every failure is told as what, who (masked) and what to do.
"""

import os
import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli import aws_clients
from registrar_cli.commands import (
    discard,
    doctor,
    export,
    failures,
    forget,
    importing,
    listing,
    pausing,
    retry,
    status,
    watch,
)
from registrar_cli.output import Output
from registrar_cli.trouble import Interrupted, Trouble

EXIT_CODES = """
Exit codes: 0 all is as it should be · 1 a failure of this program · 2 wrong command line or input, nothing changed ·
3 the answer is "no", or not all could be done · 4 AWS, the stack or Zoom cannot be reached · 5 nobody of that name ·
130 interrupted. AWS is found as every AWS tool finds it: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.
"""

app = typer.Typer(
    help="Who is registered for a webinar, who is not, why, and what to do now.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("status")(status.status)
app.command("list")(listing.list_people)
app.command("export")(export.export)
app.command("failures")(failures.failures)
app.command("retry")(retry.retry)
app.command("discard")(discard.discard)
app.command("import")(importing.import_people)
app.command("doctor")(doctor.doctor)
app.command("watch")(watch.watch)
app.command("pause")(pausing.pause)
app.command("resume")(pausing.resume)
app.command("forget")(forget.forget)


def main() -> None:
    """Run the command line; ends the program."""
    try:
        app()
    except Trouble as trouble:
        _end(trouble)
    except (ClientError, BotoCoreError) as error:
        _end(aws_clients.in_words(error))
    except KeyboardInterrupt:
        _end(Interrupted("Interrupted.", "Run the same command again: nothing is done twice."))
    except Exception as error:
        if os.environ.get("REGISTRAR_DEBUG"):
            raise
        # Its text could quote a person: only its name is told.
        _end(Trouble(f"A failure of this program: {type(error).__name__}", "REGISTRAR_DEBUG=1 shows where; report it."))


def _end(trouble: Trouble) -> None:
    Output("--json" in sys.argv).trouble(trouble)
    sys.exit(trouble.exit_code)
