"""`registrar forms list` and `show`: the forms, when each delivered last, and how many submissions are set aside."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from registrar.forms.providers.form import Form
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.form_secrets import FormSecrets
from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.forms.choice import FormName, find_form, short
from registrar_cli.forms.recipes import RECIPES
from registrar_cli.forms.screen import last_delivery, print_facts, print_line, print_steps, url_of
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName
from registrar_cli.terminal.suggestions import suggest


def list_forms(stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """List the forms: provider, webinar, when each delivered last, and how many submissions are set aside.

    For the seconds it takes, other programs cannot see the dead letters.

    Example: `registrar forms list`
    """
    session = Session.open(stack, as_json)
    forms = FormTable.of(session).forms()
    held = FormSecrets.of(session).read() if forms else {}
    set_aside = count_set_aside(session) if forms else Counter()
    result = [_as_json(form, held, set_aside) for form in forms]
    session.output.print_result({"forms": result}, lambda console: _show_list(console, forms, set_aside))


def show(form: FormName, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Show one form: its URL, where to paste it, its mapping, and what is set aside.

    The URL is the only secret of providers that sign nothing: show it to no one else.

    Example: `registrar forms show typeform-97871060099`
    """
    session = Session.open(stack, as_json)
    found = find_form(session, form)
    held, set_aside = FormSecrets.of(session).read(), count_set_aside(session)
    url = url_of(session, found)
    result = _as_json(found, held, set_aside) | {
        "url": url,
        "map": dict(found.fields),
        "created_at": found.created_at,
        "steps": list(RECIPES[found.provider][:4]),
    }

    def show_form(console: Console) -> None:
        console.print(Text(found.name, style="bold"))
        print_facts(console, _facts(found, result))
        print_line(console, "URL", url)
        console.print()
        print_steps(console, found)

    session.output.print_result(result, show_form)


def count_set_aside(session: Session) -> Counter[str]:
    """Count the set-aside submissions that wait, by form id."""
    with DeadLetters.of(session).peek() as dead_letters:
        return Counter(one.set_aside.form_id for one in dead_letters if one.set_aside)


def _as_json(form: Form, held: Mapping[str, Sequence[str]], set_aside: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": form.name,
        "id": short(form),
        "provider": form.provider,
        "webinar_id": form.webinar_id,
        "webinar_from": form.webinar_from,
        "enabled": form.enabled,
        "secrets": len(held.get(form.form_id, ())),
        "daily_ceiling": form.daily_ceiling,
        "last_submission_at": form.last_submission_at,
        "set_aside": set_aside.get(form.form_id, 0),
    }


def _facts(form: Form, result: Mapping[str, Any]) -> list[tuple[str, str]]:
    secrets = quantity(result["secrets"], "secret") if result["secrets"] else "none: the URL is the secret"
    facts = [
        ("provider", form.provider + ("" if form.enabled else ", disabled")),
        ("webinar", form.webinar_id or f"from the field {form.webinar_from}"),
        ("signature", secrets),
        ("delivered", last_delivery(form, time.time())),
    ]
    if result["set_aside"]:
        facts.append(("set aside", f"{result['set_aside']:,}: {suggest('failures --reason unmapped_form')}"))
    facts.append(("ceiling", f"{form.daily_ceiling:,} submissions per UTC day"))
    return facts + [("map", f"{field} ← {key}") for field, key in form.fields.items()]


def _show_list(console: Console, forms: Sequence[Form], set_aside: Mapping[str, int]) -> None:
    if not forms:
        console.print(Text(f"No forms. To connect one: {suggest('forms add PROVIDER --webinar ID')}"))
        return
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("form", "provider", "webinar", "delivered last", "set aside"):
        table.add_column(column, overflow="fold", justify="right" if column == "set aside" else "left")
    now = time.time()
    for form in forms:
        number = set_aside.get(form.form_id, 0)
        table.add_row(
            Text(form.name, style="" if form.enabled else "dim"),
            Text(form.provider),
            Text(form.webinar_id or f"from {form.webinar_from}"),
            Text("disabled", style="yellow") if not form.enabled else Text(last_delivery(form, now)),
            Text(f"{number:,}", style="bold red" if number else "dim"),
        )
    console.print(table)
    if any(set_aside.values()):
        console.print(Text(f"What is set aside: {suggest('failures --reason unmapped_form')}", style="dim"))
