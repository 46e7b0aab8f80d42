"""`registrar forms add`: connect a provider's form, and say where to paste its URL."""

import secrets as random
import sys
import time
from typing import Annotated, Final

import typer
from registrar import limits
from registrar.forms.providers.form import Form
from registrar.registrants.row import timestamp

from registrar_cli.clients.form_secrets import FormSecrets
from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.session import Session
from registrar_cli.forms.choice import free_name
from registrar_cli.forms.google.script import GOOGLE, ScriptFile, script_for, write_script
from registrar_cli.forms.options import Ceiling, Force, Map, Name, WebinarFrom, parse_map, parse_webinar_from
from registrar_cli.forms.recipes import RECIPES
from registrar_cli.forms.screen import Added, url_of
from registrar_cli.forms.secret.values import GENERATE, SecretFrom, obtain_secret
from registrar_cli.operations.target import confirm, look_up
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.formatting import did_you_mean
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, WebinarOption, parse_optional_webinar
from registrar_cli.terminal.output import Output

ID_BYTES: Final = 24  # 192 bits: contract 10 asks for 128

ProviderName = Annotated[str, typer.Argument(metavar="PROVIDER", help=f"One of: {', '.join(RECIPES)}.")]


def add(
    provider: ProviderName,
    webinar: WebinarOption = None,
    webinar_from: WebinarFrom = None,
    name: Name = None,
    secret: SecretFrom = None,
    map: Map = None,
    daily_ceiling: Ceiling = None,
    output: ScriptFile = None,
    force: Force = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Connect a form of a provider: print its URL, and where to paste it there.

    Give the webinar's id, or the key of the field that holds it: then AllowedWebinars limits which ones a visitor may
    choose. Zoom is asked about the webinar first. Fields are found by their types and usual names; `registrar forms
    try` shows how, and --map names those that are not found.

    For Google Forms it writes the script to paste, which signs and repeats its deliveries.

    Exit code 0: the form is connected. 2: nothing was changed; the message says why.

    Example: `registrar forms add typeform --webinar 97871060099 --secret -`
    """
    known = _known(provider)
    webinar_id, from_field = parse_optional_webinar(webinar), parse_webinar_from(webinar_from)
    if (webinar_id is None) == (from_field is None):
        raise WrongInput("A form needs a webinar.", "Give --webinar ID, or --webinar-from KEY, not both.")
    if output is not None and known != GOOGLE:
        raise WrongInput("--output is the file for the script of Google Forms.", "Omit it: there is no script.")
    fields = parse_map(map)
    session = Session.open(stack, as_json)
    table = FormTable.of(session)
    named = free_name(table.forms(), name, f"{known}-{webinar_id}" if webinar_id else known)
    targets = look_up(session, {webinar_id: 1}) if webinar_id else []
    confirm(session.output, targets, force)
    if secret is None and known == GOOGLE:
        secret = GENERATE  # the script always signs
    value = None if secret is None else obtain_secret(known, secret)
    form = Form(
        form_id=random.token_urlsafe(ID_BYTES),
        provider=known,
        name=named,
        webinar_id=webinar_id,
        webinar_from=from_field,
        fields={field: key for field, key in fields.items() if key},
        daily_ceiling=daily_ceiling or limits.FORM_DAILY_CEILING,
        created_at=timestamp(time.time()),
    )
    added = Added(
        form=form,
        url=url_of(session, form),
        secret=value if secret == GENERATE and known != GOOGLE else None,
        is_signed=value is not None,
        script=script_for(url_of(session, form), value or "") if known == GOOGLE else None,
        script_file=output,
        targets=targets,
        allows_any=not session.stack.parameters.get("AllowedWebinars", "").strip(),
    )
    _connect(session, added, value)
    _print(session.output, added)


def _known(provider: str) -> str:
    known = provider.strip().lower()
    if known not in RECIPES:
        to_do = f"Providers are: {', '.join(RECIPES)}. For Zapier, Make and others that can POST: generic."
        raise WrongInput(f"{provider} is no provider.{did_you_mean(provider, RECIPES)}", to_do)
    return known


def _connect(session: Session, added: Added, secret: str | None) -> None:
    """Write the script's file, the secret and then the form, which is never open without its signature."""
    if added.script is not None and added.script_file is not None:
        write_script(added.script, added.script_file)
    if secret is not None:
        FormSecrets.of(session).change(added.form.form_id, lambda before: [*before, secret])
    FormTable.of(session).add(added.form)


def _print(output: Output, added: Added) -> None:
    """Print the form; where the script goes to standard output, on standard error."""
    if added.script is not None and added.script_file is None and not output.as_json:
        added.show(output.err)
        sys.stdout.write(added.script)
    else:
        output.print_result(added.as_json(), added.show)
