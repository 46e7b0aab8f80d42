"""`registrar forms change`, `disable` and `enable`: what may be changed of a form without another URL."""

from typing import Any, Final

from registrar.forms.providers.form import Form

from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.session import Session
from registrar_cli.forms.choice import FormName, choose_form, find_form, free_name
from registrar_cli.forms.options import Ceiling, Force, Map, Name, WebinarFrom, parse_map, parse_webinar_from
from registrar_cli.forms.screen import quoted
from registrar_cli.operations.target import confirm, look_up
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, WebinarOption, parse_optional_webinar
from registrar_cli.terminal.suggestions import suggest

# What the attributes of a form are on the screen.
_IN_WORDS: Final = {
    "fields": "mapping",
    "webinar_id": "webinar",
    "webinar_from": "field of the webinar",
    "name": "name",
    "daily_ceiling": "daily ceiling",
}


def change(
    form: FormName,
    map: Map = None,
    webinar: WebinarOption = None,
    webinar_from: WebinarFrom = None,
    name: Name = None,
    daily_ceiling: Ceiling = None,
    force: Force = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Change a form's mapping, webinar, name or daily ceiling. Its URL stays.

    --map adds to the mapping; `--map first_name=` removes a field from it. A change counts within a minute. What was
    set aside before is mapped again by `registrar retry --reason unmapped_form`.

    Exit code 0: changed. 2: nothing was changed; the message says why.

    Example: `registrar forms change typeform-97871060099 --map first_name=q3_name.first`
    """
    fields, webinar_id, from_field = parse_map(map), parse_optional_webinar(webinar), parse_webinar_from(webinar_from)
    if webinar_id is not None and from_field is not None:
        raise WrongInput("A form has one webinar.", "Give --webinar ID, or --webinar-from KEY, not both.")
    session = Session.open(stack, as_json)
    table = FormTable.of(session)
    forms = table.forms()
    found = choose_form(forms, form)
    values: dict[str, Any] = {}
    if fields:
        merged = {field: key for field, key in {**found.fields, **fields}.items() if key}
        values["fields"] = {"M": {field: {"S": key} for field, key in merged.items()}}
    if webinar_id is not None:
        confirm(session.output, look_up(session, {webinar_id: 1}), force)
        values |= {"webinar_id": {"S": webinar_id}, "webinar_from": None}
    if from_field is not None:
        values |= {"webinar_id": None, "webinar_from": {"S": from_field}}
    if name is not None:
        values["name"] = {"S": free_name([one for one in forms if one != found], name, found.name)}
    if daily_ceiling is not None:
        values["daily_ceiling"] = {"N": str(daily_ceiling)}
    if not values:
        raise WrongInput("Nothing to change.", "Give --map, --webinar, --webinar-from, --name or --daily-ceiling.")
    table.change(found, values)
    result = {"name": values.get("name", {}).get("S", found.name), "changed": sorted(values)}
    changed = ", ".join(words for attribute, words in _IN_WORDS.items() if values.get(attribute) is not None)
    text = f"{found.name}: {changed} changed. To try it: {suggest(f'forms try {quoted(found)}')}"
    session.output.print_result(result, lambda console: console.print(text, markup=False))


def disable(form: FormName, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Refuse a form's submissions from now on, within a minute: the provider is answered 410, and may show an error.

    Nothing else changes: `registrar forms enable` takes it back. Typeform then needs its webhook switched on again.

    Example: `registrar forms disable typeform-97871060099`
    """
    _set_enabled(Session.open(stack, as_json), form, is_enabled=False)


def enable(form: FormName, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Accept a form's submissions again, within a minute.

    Example: `registrar forms enable typeform-97871060099`
    """
    _set_enabled(Session.open(stack, as_json), form, is_enabled=True)


def _set_enabled(session: Session, typed: str, *, is_enabled: bool) -> None:
    form: Form = find_form(session, typed)
    FormTable.of(session).change(form, {"enabled": {"BOOL": is_enabled}})
    if is_enabled:
        again = " Switch its webhook on again at Typeform." if form.provider == "typeform" else ""
        text = f"{form.name} accepts submissions again, within a minute.{again}"
    else:
        then = f"To accept them again: {suggest(f'forms enable {quoted(form)}')}"
        text = f"{form.name} refuses submissions, within a minute. {then}"
    session.output.print_result(
        {"name": form.name, "enabled": is_enabled}, lambda console: console.print(text, markup=False)
    )
