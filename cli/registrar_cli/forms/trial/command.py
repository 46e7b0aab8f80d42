"""`registrar forms try`: show what a submission would register, and which field comes from where. It queues nothing."""

from pathlib import Path
from typing import Annotated

import typer
from registrar.forms.http.content import JSON, MULTIPART, URLENCODED
from registrar.forms.http.request import HttpRequest, Unacceptable
from registrar.forms.providers.delivery import Delivery, FormField, accepts_type, read_delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.mapping import map_fields
from registrar.forms.providers.providers import PROVIDERS

from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import read_file
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.set_aside import allowed_webinars, registrant_of
from registrar_cli.forms.choice import FormName, find_form
from registrar_cli.forms.screen import url_of
from registrar_cli.forms.trial.screen import Trial
from registrar_cli.terminal.errors import Exit, NotFound, WrongInput
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName

Sample = Annotated[
    Path | None,
    typer.Argument(
        exists=True,
        dir_okay=False,
        metavar="SAMPLE",
        help="File with the body that the provider sent; without it, the newest submission that is set aside.",
        show_default=False,
    ),
]
ContentType = Annotated[
    str | None,
    typer.Option(metavar="TYPE", help="The body's content type, with its boundary. Default: as the provider sends it."),
]


def try_form(
    form: FormName,
    sample: Sample = None,
    content_type: ContentType = None,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Show what a submission would register, which field comes from where, and what is missing. It queues nothing.

    Without a file it takes the form's newest submission that is set aside. Signatures are not checked.

    Exit code 0: a registrant can be made of it. 3: none can, or the submission would be ignored.

    Example: `registrar forms try typeform-97871060099 sample.json`
    """
    session = Session.open(stack, as_json)
    found = find_form(session, form)
    delivery = Delivery(_set_aside(session, found)) if sample is None else _read(session, found, sample, content_type)
    fields = delivery.fields
    outcome = registrant_of(found, fields, allowed_webinars(session))
    sources = map_fields(found, fields).sources
    trial = Trial(found, fields, outcome, sources, delivery.ignored, is_set_aside=sample is None)
    session.output.print_result(trial.as_json(), trial.show)
    raise typer.Exit(Exit.OK if trial.is_registered else Exit.NEGATIVE)


def _set_aside(session: Session, form: Form) -> tuple[FormField, ...]:
    with DeadLetters.of(session).peek() as dead_letters:
        own = [one.set_aside for one in dead_letters if one.set_aside and one.set_aside.form_id == form.form_id]
    if not own:
        to_do = "Give a file with a body that the provider sent: most show what a webhook delivered."
        raise NotFound(f"No submission of {form.name} is set aside.", to_do)
    return own[-1].fields


def _read(session: Session, form: Form, sample: Path, content_type: str | None) -> Delivery:
    body = read_file(sample)
    headers = {"content-type": content_type or _content_type(form, body)}
    request = HttpRequest("POST", headers, body, {"form_id": form.form_id}, "", url_of(session, form))
    to_do = f"Give the body as {form.provider} sent it; --content-type names its type."
    if not accepts_type(form, request):
        raise WrongInput(f"{form.provider} never sends this content type: it would be answered with 415.", to_do)
    try:
        return read_delivery(form, request)
    except Unacceptable as error:
        raise WrongInput(f"It would be answered with {error.status}: {error.message}", to_do) from None


def _content_type(form: Form, body: bytes) -> str:
    """Return the content type that a body of this provider has by its first characters."""
    sends = PROVIDERS[form.provider].content_types
    start = body.lstrip()[:1]
    if start in {b"{", b"["} and JSON in sends:
        return JSON
    if start == b"-" and MULTIPART in sends:
        boundary = body.lstrip().partition(b"\n")[0].strip().removeprefix(b"--")
        return f'{MULTIPART}; boundary="{boundary.decode("latin-1")}"'
    return URLENCODED if URLENCODED in sends else min(sends)
