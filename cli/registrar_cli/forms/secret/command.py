"""`registrar forms secret`: add a signing secret beside those in use, and drop the old ones."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from registrar_cli.clients.form_secrets import FormSecrets
from registrar_cli.clients.session import Session
from registrar_cli.forms.choice import FormName, find_form
from registrar_cli.forms.screen import print_line, quoted
from registrar_cli.forms.secret.values import GENERATE, obtain_secret
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName
from registrar_cli.terminal.suggestions import suggest

Source = Annotated[
    str | None,
    typer.Argument(metavar="-|generate", help="- reads the new secret; generate makes one.", show_default=False),
]
DropOld = Annotated[bool, typer.Option("--drop-old", help="Drop all secrets but the newest.")]


def secret(
    form: FormName,
    source: Source = None,
    drop_old: DropOld = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Add a signing secret to a form; the old ones stay valid until --drop-old, so that no submission is refused.

    To rotate one: add the new one, wait a minute, enter it at the provider, then drop the old ones. Without an argument
    it says how many there are. No secret is shown, except one that it makes, once.

    Example: `registrar forms secret typeform-97871060099 -`
    """
    if source is not None and drop_old:
        to_do = "First add the new one, enter it at the provider, and then give --drop-old."
        raise WrongInput("--drop-old would drop the secret that the provider still uses.", to_do)
    session = Session.open(stack, as_json)
    found, store = find_form(session, form), FormSecrets.of(session)
    made = None
    if source is not None:
        value = obtain_secret(found.provider, source)
        held = store.change(found.form_id, lambda before: [*(one for one in before if one != value), value])
        made = value if source == GENERATE else None
    elif drop_old:
        held = store.change(found.form_id, lambda before: before[-1:])
    else:
        held = store.read().get(found.form_id, [])
    result: dict[str, Any] = {"name": found.name, "secrets": len(held), "secret": made}

    def show(console: Console) -> None:
        console.print(Text(f"{found.name} has {quantity(len(held), 'secret')}."))
        if made:
            print_line(console, "secret", made)
            console.print(Text("It is not shown again.", style="yellow"))
        if source is not None and len(held) == 1:
            text = f"Enter it at {found.provider} now: in a minute, deliveries that are not signed with it are refused."
            console.print(Text(text, style="yellow"))
        if source is not None and len(held) > 1:
            then = suggest(f"forms secret {quoted(found)} --drop-old")
            console.print(Text(f"In a minute, enter the new one at {found.provider}; then: {then}", style="dim"))

    session.output.print_result(result, show)
