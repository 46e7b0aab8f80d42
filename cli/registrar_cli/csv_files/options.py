"""Define the options of commands that read a CSV file, read it, and protect it from being overwritten."""

from pathlib import Path
from typing import Annotated

import typer
from registrar.registrants.field_names import FIELDS

from registrar_cli.terminal.errors import WrongInput

Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help=f"Column of a field: {', '.join(FIELDS)} (repeatable)."),
]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="The file's encoding, if it is not detected correctly.")
]


def mapped_columns(pairs: list[str] | None) -> dict[str, str]:
    """Return the columns that --map names, by field.

    Raises:
        WrongInput: a pair names no column, or an unknown field.
    """
    mapped = dict(pair.partition("=")[::2] for pair in pairs or ())
    wrong = [field for field, column in mapped.items() if field not in FIELDS or not column]
    if wrong:
        raise WrongInput("--map needs FIELD=COLUMN.", f"Fields are {', '.join(FIELDS)}: --map email='E-Mail 2'")
    return mapped


def read_file(file: Path) -> bytes:
    """Read the file.

    Raises:
        WrongInput: the file cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongInput(f"{file} cannot be read: {error.strerror}.", "Name a readable file.") from error


def refuse_overwriting(source: Path, target: Path, option: str) -> None:
    """Refuse a target that is the source itself.

    Raises:
        WrongInput: both are the same file.
    """
    if target.exists() and target.samefile(source):
        raise WrongInput(f"{option} would overwrite {source}.", "Name another file.")
