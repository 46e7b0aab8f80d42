"""Derive the id of a submission, so that a repeated delivery has the same one (contract 10). Pure.

The minute of a submission without an id of its own is the UTC minute of its arrival: two deliveries of it on both sides
of a full minute have two ids. Nothing is lost by that: the consumer and Zoom know the registrant by the e-mail.
"""

import json
import uuid
from typing import Final

from registrar.forms.providers.delivery import Delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.mapping import EMAIL, SUBMISSION_ID, Mapped, Unmapped, field_at
from registrar.forms.providers.values import is_placeholder
from registrar.registrants.fields import identity_of, webinar_digits

_NAMESPACE: Final = uuid.UUID("0f2c1d6e-3a57-5c1b-9a44-2b9f0e7d1c38")  # ours, drawn once


def submission_id_of(form: Form, delivery: Delivery, mapped: Mapped | Unmapped, now: float) -> str:
    """Return a UUID; `now` is in epoch seconds.

    It is derived from the form and the provider's own id of the submission; without one, from form, webinar, e-mail and
    minute; where no registrant was found either, from all answers.
    """
    return str(uuid.uuid5(_NAMESPACE, json.dumps([form.form_id, *_what_is_the_same(form, delivery, mapped, now)])))


def _what_is_the_same(form: Form, delivery: Delivery, mapped: Mapped | Unmapped, now: float) -> list[object]:
    if own_id := _own_id(form, delivery):
        return ["id", own_id]
    if isinstance(mapped, Mapped):
        email = str(mapped.fields[EMAIL])
        return ["minute", webinar_digits(mapped.webinar_id), identity_of(email) or email, int(now // 60)]
    return ["answers", [[one.key, one.value] for one in delivery.fields]]


def _own_id(form: Form, delivery: Delivery) -> str | None:
    named = field_at(delivery.fields, form.fields.get(SUBMISSION_ID, ""))
    return delivery.own_id if named is None or is_placeholder(named.text) else named.text
