"""Define the options of `forms add` and `forms change`, and parse their values."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import typer
from registrar.registrants.optional_fields import STANDARD_FIELDS

from registrar_cli.terminal.errors import WrongInput

OURS: Final = (
    *("email", "first_name", "last_name", "submission_id", "occurrence_ids", "source_id", "language"),
    *STANDARD_FIELDS,
)
ANSWER: Final = re.compile(r"answers\.\S.*")

WebinarFrom = Annotated[
    str | None,
    typer.Option(
        "--webinar-from", metavar="KEY", help="Key of the field that holds the webinar id, instead of one id."
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="OUR=KEY",
        help="The provider's key of a field of ours: email, first_name, last_name, … (repeatable).",
    ),
]
Name = Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Name of the form, for these commands.")]
Ceiling = Annotated[
    int | None,
    typer.Option(
        "--daily-ceiling",
        min=1,
        metavar="N",
        help="Submissions per UTC day; those beyond are set aside. Default: 20,000.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Go on even if the webinar takes no registrants or is full.")]


def parse_webinar_from(typed: str | None) -> str | None:
    """Return the key of the field that holds the webinar id.

    Raises:
        WrongInput: it is blank.
    """
    if typed is None:
        return None
    if not typed.strip():
        raise WrongInput("--webinar-from is empty.", "Give the key of the field that holds the webinar id.")
    return typed.strip()


def parse_map(pairs: Sequence[str] | None) -> dict[str, str]:
    """Return the provider's keys by our field; an empty key takes the field out of the map.

    Raises:
        WrongInput: a pair has no `=`, or names no field of ours.
    """
    split: Mapping[str, str] = dict(pair.partition("=")[::2] for pair in pairs or () if "=" in pair)
    named = {field.strip(): key.strip() for field, key in split.items()}
    unknown = [field for field in named if field not in OURS and not ANSWER.fullmatch(field)]
    if unknown or any("=" not in pair for pair in pairs or ()):
        to_do = f"Fields are {', '.join(OURS)} and answers.QUESTION: --map first_name=KEY"
        raise WrongInput("--map needs OUR=KEY, with a field of ours before the sign.", to_do)
    return named
