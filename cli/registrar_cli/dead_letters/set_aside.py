"""Map what provider's forms sent and AcceptForm set aside again, by the forms' present mappings (contract 10)."""

import json
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Final

from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.form import Form
from registrar.forms.providers.mapping import Unmapped, map_fields
from registrar.forms.providers.set_aside import SetAside
from registrar.registrants.fields import FieldError, webinar_digits
from registrar.registrants.registrant import InvalidRegistrant, Registrant

from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.dead_letter import DeadLetter

MISSING: Final = "is missing"


def mapped_again(session: Session, dead_letters: list[DeadLetter]) -> list[DeadLetter]:
    """Return the dead letters, those of forms with their registrants; FormTable is read only if there are any.

    Raises:
        Unreachable: FormTable cannot be read.
    """
    if not any(one.set_aside for one in dead_letters):
        return dead_letters
    forms = {form.form_id: form for form in FormTable.of(session).forms()}
    allowed = allowed_webinars(session)
    return [
        _mapped(one, one.set_aside, forms.get(one.set_aside.form_id), allowed) if one.set_aside else one
        for one in dead_letters
    ]


def allowed_webinars(session: Session) -> frozenset[str]:
    """Return AllowedWebinars, which limits what a field of a form may name; empty: any."""
    listed = session.stack.parameters.get("AllowedWebinars", "")
    return frozenset(webinar_digits(part) for part in listed.split(",") if part.strip())


def registrant_of(
    form: Form, fields: Sequence[FormField], allowed: Container[str], **ids: str
) -> Registrant | list[FieldError]:
    """Return the registrant that the form's mapping finds, or why there is none; `allowed` empty: any webinar."""
    mapped = map_fields(form, fields)
    if isinstance(mapped, Unmapped):
        return [FieldError(name, MISSING) for name in mapped.missing]
    if form.webinar_from and allowed and webinar_digits(mapped.webinar_id) not in allowed:
        return [FieldError("webinar_id", "is not among AllowedWebinars")]
    try:
        return Registrant.from_fields(mapped.webinar_id, mapped.fields, **ids)
    except InvalidRegistrant as invalid:
        return invalid.errors


def _mapped(dead_letter: DeadLetter, set_aside: SetAside, form: Form | None, allowed: Container[str]) -> DeadLetter:
    ids = {"submission_id": set_aside.submission_id, "submitted_at": set_aside.submitted_at}
    if form is None:
        return replace(dead_letter, body=json.dumps(ids), problem="its form was removed")
    found = registrant_of(form, set_aside.fields, allowed, **ids)
    if isinstance(found, Registrant):
        return replace(
            dead_letter,
            form=form,
            body=found.to_message(),
            group_id=found.key.webinar_id,
            key=found.key,
            registrant=found,
        )
    known = {**map_fields(form, set_aside.fields).fields, "webinar_id": form.webinar_id}
    body = json.dumps({name: value for name, value in (known | ids).items() if value})
    return replace(dead_letter, form=form, body=body, problem=in_words(found))


def in_words(errors: Sequence[FieldError]) -> str:
    """Return why there is no registrant: `first_name is missing`."""
    return "; ".join(f"{error.field} {error.message}" for error in errors)
