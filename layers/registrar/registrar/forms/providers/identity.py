"""Derive the id of a submission, so that a repeated delivery has the same one (contract 10). Pure."""

from registrar.forms.providers.delivery import Delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.mapping import Mapped, Unmapped


def submission_id_of(form: Form, delivery: Delivery, mapped: Mapped | Unmapped, now: float) -> str:
    """Return a UUID, derived from the form and the provider's own id of the submission; `now` is in epoch seconds."""
    raise NotImplementedError
