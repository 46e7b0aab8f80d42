"""Write the Apps Script for a Google form, which signs its deliveries and repeats them (form-providers.md, 1.15)."""

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from registrar_cli.terminal.errors import WrongInput

GOOGLE: Final = "google"
_TEMPLATE: Final = Path(__file__).with_name("apps_script.js")

ScriptFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="File for the script of Google Forms, instead of the screen."),
]


def script_for(url: str, secret: str) -> str:
    """Return the script with the form's URL and secret in it."""
    script = _TEMPLATE.read_text(encoding="utf-8")
    for placeholder, value in {"REGISTRAR_ENDPOINT": url, "REGISTRAR_SECRET": secret}.items():
        script = script.replace(f'"{placeholder}"', json.dumps(value))
    return script


def write_script(script: str, file: Path) -> None:
    """Write the script, which holds the form's secret, to a file that only you can read.

    Raises:
        WrongInput: the file cannot be written.
    """
    try:
        file.touch(mode=0o600)
        file.write_text(script, encoding="utf-8")
    except OSError as error:
        raise WrongInput(f"{file} cannot be written: {error.strerror}.", "Name another file for --output.") from error
