"""Find the form that the operator means, by its name or the first characters of its id. No message holds an id."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer
from registrar.forms.providers.form import Form

from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.session import Session
from registrar_cli.terminal.errors import NotFound, WrongInput
from registrar_cli.terminal.formatting import did_you_mean, quantity
from registrar_cli.terminal.suggestions import suggest

PREFIX: Final = 6  # characters of an id that are shown: too few to post to the form
NAME_CHARACTERS: Final = 64

FormName = Annotated[str, typer.Argument(metavar="FORM", help="Name of the form, or the beginning of its id.")]


def find_form(session: Session, typed: str) -> Form:
    """Return the form of this name or id.

    Raises:
        NotFound: there is none.
        WrongInput: there are several.
    """
    return choose_form(FormTable.of(session).forms(), typed)


def choose_form(forms: Sequence[Form], typed: str) -> Form:
    """Return the one form of this name, else the one whose id begins like this.

    Raises:
        NotFound: there is none.
        WrongInput: there are several.
    """
    named = [form for form in forms if form.name.casefold() == typed.strip().casefold()]
    found = named or [form for form in forms if typed and form.form_id.startswith(typed)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{form.name} ({short(form)})" for form in found)
        what = f"{quantity(len(found), 'form')} begin like this: {listed}."
        raise WrongInput(what, "Give the name, or more of the id.")
    if not forms:
        raise NotFound("There are no forms.", f"Connect one: {suggest('forms add PROVIDER --webinar ID')}")
    meant = did_you_mean(typed, [form.name for form in forms])
    raise NotFound(f"There is no such form.{meant}", f"Your forms: {suggest('forms list')}")


def free_name(forms: Sequence[Form], wanted: str | None, default: str) -> str:
    """Return the name for a form: as it is wanted, else the default or the next one, such as `typeform-2`.

    Raises:
        WrongInput: the wanted name is taken, blank, too long or not printable.
    """
    taken = {form.name.casefold() for form in forms}
    if wanted is None:
        names = (default if number == 1 else f"{default}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name.casefold() not in taken)
    name = wanted.strip()
    if not name or len(name) > NAME_CHARACTERS or not name.isprintable() or name.startswith("-"):
        what = f"--name needs 1 to {NAME_CHARACTERS} printable characters, the first no hyphen."
        raise WrongInput(what, "Give a short name.")
    if name.casefold() in taken:
        raise WrongInput(f"There is a form {name} already.", "Give another --name.")
    return name


def short(form: Form) -> str:
    """Return the beginning of a form's id, to tell it from others."""
    return f"{form.form_id[:PREFIX]}…"
