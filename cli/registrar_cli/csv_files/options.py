"""The options of commands that read a file of people: its columns, its encoding, and that it is not written over.

In: the command line. Out: what `read_people` takes. Errors: `WrongInput`.
"""

from pathlib import Path
from typing import Annotated

import typer

from registrar_cli.csv_files.columns import FIELDS
from registrar_cli.terminal.errors import WrongInput

Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN", help=f"Which column is which of {', '.join(FIELDS)}; may be repeated."
    ),
]
Encoding = Annotated[str | None, typer.Option(metavar="NAME", help="The file's encoding, if it is not found right.")]


def mapped_columns(pairs: list[str] | None) -> dict[str, str]:
    """The columns that --map names, by field.

    Raises:
        WrongInput: it names no column, or a field that there is not.
    """
    mapped = dict(pair.partition("=")[::2] for pair in pairs or ())
    wrong = [field for field, column in mapped.items() if field not in FIELDS or not column]
    if wrong:
        raise WrongInput("--map wants FIELD=COLUMN.", f"Fields are {', '.join(FIELDS)}: --map email='E-Mail 2'")
    return mapped


def read_file(file: Path) -> bytes:
    """The file's bytes.

    Raises:
        WrongInput: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongInput(f"{file} cannot be read: {error.strerror}.", "Name a file that can be.") from error


def refuse_overwriting(source: Path, target: Path, option: str) -> None:
    """Keep somebody's list from being written over with what was made of it.

    Raises:
        WrongInput: both are one file.
    """
    if target.exists() and target.samefile(source):
        raise WrongInput(f"{option} would overwrite {source}.", "Name another file.")
