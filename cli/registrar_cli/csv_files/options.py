"""Define the options of commands that read a CSV file, read it, and protect it from being overwritten."""

from pathlib import Path
from typing import Annotated, Final

import typer

from registrar_cli.csv_files.columns import MAPPABLE
from registrar_cli.csv_files.records import DELIMITERS
from registrar_cli.terminal.errors import WrongInput

Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help=f"Column of a field: {', '.join(MAPPABLE)} (repeatable)."),
]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="The file's encoding, if it is not detected correctly.")
]

Delimiter = Annotated[
    str | None,
    typer.Option(metavar="SIGN", help="Sign between the cells of the file written: , ; | or tab. Default: a comma."),
]
_NAMED_DELIMITERS: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}


def parse_delimiter(text: str | None, default: str = ",") -> str:
    """Return the delimiter that --delimiter names.

    Raises:
        WrongInput: it is none that can be read back.
    """
    found = default if text is None else _NAMED_DELIMITERS.get(text, text)
    if found not in DELIMITERS:
        raise WrongInput(f"--delimiter {text!r} is not a delimiter.", "Give one of: , ; | tab (in quotation marks).")
    return found


def mapped_columns(pairs: list[str] | None) -> dict[str, str]:
    """Return the columns that --map names, by field.

    Raises:
        WrongInput: a pair names no column, or an unknown field.
    """
    mapped = dict(pair.partition("=")[::2] for pair in pairs or ())
    wrong = [field for field, column in mapped.items() if field not in MAPPABLE or not column]
    if wrong:
        raise WrongInput("--map needs FIELD=COLUMN.", f"Fields are {', '.join(MAPPABLE)}: --map email='E-Mail 2'")
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
