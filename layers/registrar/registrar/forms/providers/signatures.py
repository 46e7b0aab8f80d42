"""Verify that a delivery comes from the form's provider (form-providers.md, section 2). Pure."""

from collections.abc import Sequence

from registrar.forms.http.request import HttpRequest
from registrar.forms.providers.form import Form


def is_authentic(form: Form, secrets: Sequence[str], request: HttpRequest, now: float) -> bool:
    """Return whether one of the secrets signed the request; `now` is in epoch seconds.

    Without secrets, the form's id is the only secret: the answer is True. Secrets of a provider that signs nothing
    cannot be checked: the answer is False.
    """
    raise NotImplementedError
