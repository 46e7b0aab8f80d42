"""Assemble the command `registrar` from its subcommands, and turn errors into messages and exit codes."""

import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

import typer

from registrar_cli.terminal import version
from registrar_cli.terminal.commands import MARKUP, CommandGroup, LazyCommand, Subgroup
from registrar_cli.terminal.errors import Exit

EXIT_CODES = """
Exit codes: 0 success · 1 internal error · 2 wrong command line or input; nothing was changed · 3 negative result (not
registered, a failed check, dead letters waiting), declined prompt, partial success, or a change that AWS refused · 4
AWS, the stack or Zoom cannot be reached · 5 not found · 130 interrupted.

With --json, results are JSON on standard output, and errors are JSON on standard error.

Credentials, region and endpoint are found as by every AWS tool: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.
"""

STDOUT_DESCRIPTOR = 1

# In the order of `registrar --help`: the function of each command, and its summary there.
COMMANDS: Final = {
    "Look": {
        "doctor": ("registrar_cli.doctor.command:doctor", "Check the deployment, the access to Zoom, and a webinar."),
        "status": ("registrar_cli.registrants.status:status", "Show whether someone is registered; if not, why."),
        "list": ("registrar_cli.registrants.listing:list_registrants", "List a webinar's registrants."),
        "failures": (
            "registrar_cli.dead_letters.failures.command:failures",
            "Show who could not be registered, and what to do.",
        ),
        "watch": ("registrar_cli.operations.watch:watch", "Follow the queue, the throughput and a forecast, live."),
        "export": ("registrar_cli.registrants.export:export", "Write registrants and join URLs to a CSV file."),
    },
    "Do": {
        "import": ("registrar_cli.importing.command:import_csv", "Queue the registrants of a CSV file."),
        "retry": ("registrar_cli.dead_letters.retry.command:retry", "Try failed registrants again."),
        "pause": ("registrar_cli.operations.pause:pause", "Stop sending to Zoom; no submission is lost."),
        "resume": ("registrar_cli.operations.pause:resume", "Continue sending to Zoom."),
        "configure": ("registrar_cli.configuration.command:configure", "Show or change the stack's parameters."),
    },
    "Careful: this cannot be undone": {
        "discard": ("registrar_cli.dead_letters.discard:discard", "Delete dead letters. Asks first."),
        "forget": ("registrar_cli.erasure.command:forget", "Erase a person. Asks first."),
    },
}

# Of `registrar forms`, a group of its own.
FORMS: Final = {
    "Look": {
        "list": ("registrar_cli.forms.look:list_forms", "List the forms, and when each delivered last."),
        "show": ("registrar_cli.forms.look:show", "Show a form's URL, where to paste it, and its mapping."),
        "try": ("registrar_cli.forms.trial.command:try_form", "Show what a submission would register; queue nothing."),
    },
    "Do": {
        "add": ("registrar_cli.forms.add:add", "Connect a form: print its URL, and where to paste it."),
        "change": ("registrar_cli.forms.change:change", "Change a form's mapping, webinar, name or ceiling."),
        "secret": ("registrar_cli.forms.secret.command:secret", "Add a signing secret, or drop the old ones."),
        "disable": ("registrar_cli.forms.change:disable", "Refuse a form's submissions from now on."),
        "enable": ("registrar_cli.forms.change:enable", "Accept a form's submissions again."),
    },
    "Careful: this cannot be undone": {
        "remove": ("registrar_cli.forms.remove:remove", "Delete a form. Asks first."),
    },
}
FORMS_HELP: Final = "Connect the forms of Typeform, Jotform, Google Forms and other providers."


def command_line() -> Any:
    """Return the command `registrar`, whose subcommands are imported when they run."""
    app = typer.Typer(
        cls=CommandGroup,
        help="See who is registered for a webinar, who is not, why, and what to do about it.",
        epilog=EXIT_CODES,
        pretty_exceptions_enable=False,
        rich_markup_mode=MARKUP,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(version.options)
    group: Any = typer.main.get_command(app)
    _add_commands(group, COMMANDS)
    forms = Subgroup("forms", FORMS_HELP, "Do")
    _add_commands(forms, FORMS)
    group.add_command(forms)
    return group


def _add_commands(group: Any, panels: Mapping[str, Mapping[str, tuple[str, str]]]) -> None:
    for panel, commands in panels.items():
        for name, (function, summary) in commands.items():
            group.add_command(LazyCommand(name, function, summary, panel))


def main() -> None:
    """Run the command line, and end the program."""
    _prepare_streams()
    try:
        sys.exit(_run())
    except BrokenPipeError:
        _end_broken_pipe()
    except (Exception, KeyboardInterrupt) as error:
        from registrar_cli import ending  # noqa: PLC0415 — with AWS's and rich's classes, which `--help` does not need

        ending.end_with(error)
        raise


def _run() -> int:
    """Run click outside its standalone mode, whose errors are no JSON and whose exit codes are not ours."""
    try:
        arguments = sys.argv[1:] or ["--help"]
        code = command_line()(arguments, prog_name="registrar", standalone_mode=False) or Exit.OK
    except SystemExit as ended:
        if ended.code in {Exit.OK, Exit.INTERRUPTED}:
            return int(ended.code)  # shell completion, and Ctrl-C in `watch`
        raise BrokenPipeError from ended  # click and rich exit only because of a closed pipe
    sys.stdout.flush()  # report a closed pipe here, not while the interpreter shuts down
    if code == Exit.INTERRUPTED:
        raise KeyboardInterrupt
    return int(code)


def _prepare_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the shell, as with `>&-`: use /dev/null instead
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 — until the program ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows question marks


def _end_broken_pipe() -> None:
    """End because the reader, such as `head`, closed the pipe: this is no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT_DESCRIPTOR)  # discard what is still to be flushed
    sys.exit(Exit.BROKEN_PIPE)
