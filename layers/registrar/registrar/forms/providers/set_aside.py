"""The body of a dead letter with the reason `unmapped_form` (contract 10): what a form delivered, to be mapped again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from registrar.forms.providers.delivery import FormField


@dataclass(frozen=True, slots=True)
class SetAside:
    """A submission of which no registrant could be made."""

    form_id: str = field(repr=False)
    submission_id: str
    submitted_at: str
    """ISO-8601, UTC."""
    fields: tuple[FormField, ...]


def to_body(form_id: str, submission_id: str, submitted_at: str, fields: Sequence[FormField]) -> str:
    """Return the body, at most 60 KiB of ASCII: long values are cut."""
    raise NotImplementedError


def from_body(body: str) -> SetAside | None:
    """Read a body of `to_body`; None for any other."""
    raise NotImplementedError
