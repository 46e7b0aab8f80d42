"""Find the registrant in a form's fields: by the form's own map, then by type and by the usual labels. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.form import Form


@dataclass(frozen=True, slots=True)
class Mapped:
    """What `Registrant.from_fields` takes. `sources` says from which key each field of ours comes."""

    webinar_id: object
    fields: Mapping[str, object] = field(repr=False)
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """No registrant can be made of the fields; `missing` names those of ours that are not there."""

    missing: tuple[str, ...]


def map_fields(form: Form, fields: Sequence[FormField]) -> Mapped | Unmapped:
    """Return the registrant's fields, not yet checked."""
    raise NotImplementedError
