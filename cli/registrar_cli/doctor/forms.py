"""Check the forms of providers: their secrets, whether they deliver, and the webinars that they register for."""

from collections.abc import Iterator, Sequence
from typing import Final

from registrar.forms.providers.form import Form

from registrar_cli.clients.form_secrets import FormSecrets
from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.session import Session
from registrar_cli.forms.recipes import RECIPES, Secret
from registrar_cli.forms.screen import quoted
from registrar_cli.operations.check import Check, green, yellow
from registrar_cli.operations.target import look_up
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.suggestions import suggest

WEBINARS_ASKED: Final = 20  # at Zoom, up to three calls each, none of them Heavy
USELESS_AFTER: Final = 20  # submissions in a row of which no registrant can be made
_NAMED: Final = 5  # forms per line
_WHAT: Final = "forms"


def check_forms(session: Session, *, can_ask_zoom: bool) -> Iterator[Check]:
    """Yield all checks of the forms that are enabled."""
    forms = [form for form in FormTable.of(session).forms() if form.enabled]
    held = FormSecrets.of(session).read()
    warnings = [*_unsigned(forms, held), *_silent(forms), *_useless(forms)]
    warnings += _of_webinars(session, forms) if can_ask_zoom else []
    yield from warnings or [green(_WHAT, f"{quantity(len(forms), 'form')} connected" if forms else "none connected")]


def _unsigned(forms: Sequence[Form], held: dict[str, list[str]]) -> Iterator[Check]:
    found = [one for one in forms if RECIPES[one.provider].secret == Secret.OPERATOR and not held.get(one.form_id)]
    if found:
        says = f"{_names(found)}: anyone who knows the URL can send submissions, though the provider can sign them"
        yield yellow(_WHAT, says, suggest(f"forms secret {quoted(found[0])} generate"))


def _silent(forms: Sequence[Form]) -> Iterator[Check]:
    found = [one for one in forms if one.last_submission_at is None]
    if found:
        to_do = f"Send a test with it. Where to paste its URL: {suggest(f'forms show {quoted(found[0])}')}"
        yield yellow(_WHAT, f"{_names(found)}: never delivered anything", to_do)


def _useless(forms: Sequence[Form]) -> Iterator[Check]:
    found = [one for one in forms if one.unmapped_in_a_row >= USELESS_AFTER]
    if found:
        says = f"{_names(found)}: of its last {found[0].unmapped_in_a_row:,} submissions none made a registrant"
        yield yellow(_WHAT, says, suggest(f"forms try {quoted(found[0])}"))


def _of_webinars(session: Session, forms: Sequence[Form]) -> Iterator[Check]:
    by_webinar = {one.webinar_id: one for one in forms if one.webinar_id}
    for target in look_up(session, dict.fromkeys(list(by_webinar)[:WEBINARS_ASKED], 1)):
        if target.reds:
            found = [one for one in forms if one.webinar_id == target.webinar_id]
            says = f"{_names(found)}: webinar {target.webinar_id} takes no registrants: {target.reds[0].says}"
            name = quoted(found[0])
            to_do = f"{suggest(f'forms change {name} --webinar ID')}, or {suggest(f'forms disable {name}')}"
            yield yellow(_WHAT, says, to_do)


def _names(forms: Sequence[Form]) -> str:
    more = f" and {len(forms) - _NAMED:,} more" if len(forms) > _NAMED else ""
    return ", ".join(one.name for one in forms[:_NAMED]) + more
