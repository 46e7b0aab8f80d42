"""A delivery of a provider's webhook: the answers of one submission, whatever its payload's shape. Pure."""

from dataclasses import dataclass, field

from registrar.forms.http.request import HttpRequest
from registrar.forms.providers.form import Form


@dataclass(frozen=True, slots=True)
class FormField:
    """One answered field. Unanswered ones are absent, so that `value` is never blank."""

    key: str
    """The provider's own key, in full: `q4_email`, `Field3`; of a value inside an object, with dots: `q3_name.first`."""
    label: str
    type: str
    value: str | list[str] = field(repr=False)
    """Text, or the texts of the several options that were chosen."""
    other_key: str = ""
    """A second key of the provider's: Typeform's field id beside the ref, Webflow's element id beside the name."""

    @property
    def text(self) -> str:
        """Return the value as one text."""
        return self.value if isinstance(self.value, str) else ", ".join(self.value)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One submission. `ignored` says why it registers no one: a test, a ping, a partial response."""

    fields: tuple[FormField, ...]
    own_id: str | None = field(default=None, repr=False)
    """The provider's own id of the submission, the same in repeated deliveries."""
    ignored: str | None = None


def accepts_type(form: Form, request: HttpRequest) -> bool:
    """Return whether the form's provider sends this content type, and its charset can be read."""
    raise NotImplementedError


def read_delivery(form: Form, request: HttpRequest) -> Delivery:
    """Read the answers of a submission.

    Raises:
        Unacceptable: 415, the provider never sends this content type; 400, the body cannot be parsed.
    """
    raise NotImplementedError
