"""Define the options that several commands share, and parse their values with the layer's own checks."""

from pathlib import Path
from typing import Annotated

import typer
from registrar.registrants.fields import WrongField, check_email, check_webinar_id

from registrar_cli.terminal.errors import WrongInput

DEFAULT_STACK = "zoom-registrar"

StackName = Annotated[
    str, typer.Option("--stack", envvar="REGISTRAR_STACK", help="Name of the deployed stack.", metavar="NAME")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Webinar = Annotated[str, typer.Argument(metavar="WEBINAR", help="Webinar id, such as 97871060099 or '978 7106 0099'.")]
WebinarOption = Annotated[str | None, typer.Option("--webinar", "-w", metavar="ID", help="Webinar id.")]
ReasonOption = Annotated[
    list[str] | None,
    typer.Option("--reason", "-r", metavar="REASON", help="Only dead letters with this reason (repeatable)."),
]
EmailOption = Annotated[
    list[str] | None,
    typer.Option("--email", "-e", metavar="EMAIL", help="Only dead letters of this registrant (repeatable)."),
]
CsvFile = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE.csv", help="One registrant per line."),
]


def parse_webinar(text: str) -> str:
    """Return the webinar id as Zoom writes it.

    Raises:
        WrongInput: the text is not a webinar id.
    """
    try:
        return check_webinar_id(text)
    except WrongField as wrong:
        raise WrongInput(f"The webinar {wrong}.", "Copy the id from Zoom, for example 978 7106 0099.") from None


def parse_optional_webinar(text: str | None) -> str | None:
    """Parse a webinar id that may be omitted.

    An empty text, as from an unset shell variable, is an error: it does not mean "all webinars".

    Raises:
        WrongInput: the text is not a webinar id.
    """
    return None if text is None else parse_webinar(text)


def email_identity(text: str) -> str:
    """Return the normal form of an e-mail, under which the registrant is stored.

    Raises:
        WrongInput: the text is not an e-mail address.
    """
    try:
        return check_email(text).identity
    except WrongField as wrong:
        to_do = "Give the address that was registered, for example name@example.com."
        raise WrongInput(f"The e-mail {wrong}.", to_do) from None
