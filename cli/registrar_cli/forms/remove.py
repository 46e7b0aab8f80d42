"""`registrar forms remove`: delete a form and its secrets, after a confirmation."""

from typing import Annotated, Final

import typer

from registrar_cli.clients.form_secrets import FormSecrets
from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.forms.choice import FormName, find_form
from registrar_cli.forms.google.script import GOOGLE
from registrar_cli.terminal.errors import Failed, WrongInput
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, Yes
from registrar_cli.terminal.suggestions import suggest

Discard = Annotated[bool, typer.Option("--discard", help="Also delete its submissions that are set aside.")]

_AT_GOOGLE: Final = "In its Apps Script, run the function `uninstall`; then delete the script."
_AT_THE_PROVIDER: Final = "Delete its webhook at the provider too."


def remove(
    form: FormName,
    discard: Discard = False,
    yes: Yes = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Delete a form and its secrets: its URL never works again. Asks first.

    Without the form, its set-aside submissions could not be mapped again: while any wait, it is not removed, unless
    --discard deletes them too. `registrar forms disable` can be undone.

    Exit code 0: removed. 2: submissions of it are set aside. 3: you answered no.

    Example: `registrar forms remove typeform-97871060099`
    """
    session = Session.open(stack, as_json)
    found = find_form(session, form)
    queue = DeadLetters.of(session)
    with queue.peek() as dead_letters:
        own = [one for one in dead_letters if one.set_aside and one.set_aside.form_id == found.form_id]
        waiting = quantity(len(own), "submission") + " of it " + ("is" if len(own) == 1 else "are") + " set aside"
        if own and not discard:
            to_do = f"{suggest('retry --reason unmapped_form')} maps them again; --discard deletes them with the form."
            raise WrongInput(f"{found.name} was not removed: {waiting}.", to_do)
        more = f" and {quantity(len(own), 'set-aside submission')}" if own else ""
        session.output.confirm(f"Remove {found.name}{more}? Its URL never works again.", yes)
        FormTable.of(session).remove(found)
        FormSecrets.of(session).change(found.form_id, lambda _: [])
        deleted = queue.delete(own)
    result = {"name": found.name, "dead_letters_deleted": deleted}
    text = f"{found.name} is removed. {_AT_GOOGLE if found.provider == GOOGLE else _AT_THE_PROVIDER}"
    session.output.print_result(result, lambda console: console.print(text, markup=False))
    if deleted < len(own):
        raise Failed(
            "Some of its dead letters were not deleted.", f"To delete them: {suggest('discard --reason unmapped_form')}"
        )
