"""The options that several commands share, each worded once.

In: the command line, and REGISTRAR_STACK. Out: types for typer; `webinar_of` checks a webinar's id as the door does.
"""

from pathlib import Path
from typing import Annotated

import typer
from registrar.registrants.fields import WrongField, check_email, check_webinar_id

from registrar_cli.terminal.errors import WrongInput

DEFAULT_STACK = "zoom-registrar"
FLAG = ""  # in place of a value's name: --help would say <bool>

StackName = Annotated[
    str, typer.Option("--stack", envvar="REGISTRAR_STACK", help="Name of the deployed stack.", metavar="NAME")
]
AsJson = Annotated[bool, typer.Option("--json", metavar=FLAG, help="Print one JSON document, for programs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", metavar=FLAG, help="Say what would be done, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", metavar=FLAG, help="Do not ask.")]
Webinar = Annotated[
    str, typer.Argument(metavar="WEBINAR", help="The webinar's id, such as 97871060099 or '978 7106 0099'.")
]
WebinarOption = Annotated[str | None, typer.Option("--webinar", "-w", metavar="ID", help="The webinar's id.")]
ReasonOption = Annotated[
    list[str] | None,
    typer.Option("--reason", "-r", metavar="REASON", help="Only letters of this reason (may be given again)."),
]
EmailOption = Annotated[
    list[str] | None,
    typer.Option("--email", "-e", metavar="EMAIL", help="Only letters of this person (may be given again)."),
]
CsvFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE.csv", help="People, a line each.")
]


def parse_webinar(text: str) -> str:
    """A webinar's id as Zoom writes it.

    Raises:
        WrongInput: it is none.
    """
    try:
        return check_webinar_id(text)
    except WrongField as wrong:
        raise WrongInput(f"The webinar {wrong}.", "Zoom shows it with the webinar: 978 7106 0099.") from None


def parse_optional_webinar(text: str | None) -> str | None:
    """Likewise, where it may be left out. An empty id, as of a shell's unset variable, is wrong: it is not "all".

    Raises:
        WrongInput: it is none.
    """
    return None if text is None else parse_webinar(text)


def email_identity(text: str) -> str:
    """An e-mail in its normal form.

    Raises:
        WrongInput: it is no e-mail.
    """
    try:
        return check_email(text).identity
    except WrongField as wrong:
        raise WrongInput(f"The e-mail {wrong}.", "Give it as it was registered: name@example.com") from None
