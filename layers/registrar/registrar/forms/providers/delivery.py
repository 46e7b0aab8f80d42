"""A delivery of a provider's webhook: the answers of one submission, in one shape for all providers. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final
from urllib.parse import parse_qsl

from registrar import limits
from registrar.forms.http.content import content_type_of, is_known_charset, parse_json
from registrar.forms.http.objects import merged, parse_object
from registrar.forms.http.request import HttpRequest, Unacceptable
from registrar.forms.providers.form import Form
from registrar.forms.providers.providers import PROVIDERS, Payload, Provider
from registrar.forms.providers.shapes import (
    Answer,
    Item,
    answers_in_list,
    answers_in_object,
    at,
    described,
    expanded,
    fields_in,
    text_at,
)
from registrar.forms.providers.values import is_placeholder, texts_of

_HIDDEN: Final = Item(keys=("id",), label="name")


@dataclass(frozen=True, slots=True)
class FormField:
    """One answered field. Unanswered ones are absent, so that `value` is never blank."""

    key: str
    """The provider's own key, in full: `q4_email`, `Field3`; of a member of an object, `q3_name.first`."""
    label: str
    type: str
    value: str | list[str] = field(repr=False)
    """A text, or the texts of the several options that were chosen."""
    other_key: str = ""
    """A second key of the provider's: Typeform's field id beside the ref, Webflow's element id beside the name."""

    @property
    def text(self) -> str:
        """Return the value as one text."""
        return self.value if isinstance(self.value, str) else ", ".join(self.value)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One submission. `ignored` says why it registers no one: a test, another event, a partial response."""

    fields: tuple[FormField, ...]
    own_id: str | None = field(default=None, repr=False)
    """The provider's own id of the submission, the same in repeated deliveries."""
    ignored: str | None = None


def accepts_type(form: Form, request: HttpRequest) -> bool:
    """Return whether the form's provider sends this content type, and its charset can be read."""
    provider = PROVIDERS.get(form.provider)
    content_type, charset = content_type_of(request.header("content-type"))
    return provider is not None and content_type in provider.content_types and is_known_charset(charset)


def read_delivery(form: Form, request: HttpRequest) -> Delivery:
    """Read the answers of a submission: the first `limits.FORM_FIELDS` of them, which no form reaches.

    Raises:
        Unacceptable: 415, the provider never sends this content type; 400, the body cannot be parsed.
    """
    if not accepts_type(form, request):
        raise Unacceptable(415, "The provider of this form does not send this content type.")
    provider = PROVIDERS[form.provider]
    payload = parse_object(request)
    for name in provider.json_texts:
        if name in payload:
            payload[name] = _parsed(payload[name])
    if text := provider.description_text:
        payload[text] = _parsed_if_readable(payload.get(text))
    fields = tuple(islice(_fields(provider, payload, request.query), limits.FORM_FIELDS))
    own_id = provider.own_id(payload) or request.header(provider.own_id_header)
    return Delivery(fields, None if is_placeholder(own_id) else own_id or None, _why_ignored(provider, payload, fields))


def _parsed(text: object) -> object:
    try:
        return parse_json(text.encode() if isinstance(text, str) else b"", None, merged)
    except (ValueError, RecursionError):
        raise Unacceptable(400, "The JSON text inside the form cannot be read.") from None


def _parsed_if_readable(text: object) -> object:
    """Parse what only describes the answers: nobody is refused for it."""
    try:
        return _parsed(text)
    except Unacceptable:
        return None


def _fields(provider: Provider, payload: Payload, query: str) -> Iterator[FormField]:
    answers = _answers(provider, payload)
    if provider.descriptions:
        answers = described(answers, payload, provider.descriptions)
    # HubSpot and Elementor have no place for the webinar but the URL; others can put a field's value into it.
    in_url = (Answer(name, name, "query", value) for name, value in parse_qsl(query))
    for answer in chain(answers, in_url):
        if answer.key in provider.left_out:
            continue
        for part in expanded(answer):
            value = part.value if not isinstance(part.value, str) else provider.split(part.value)
            texts = list(dict.fromkeys(texts_of(value)))
            if texts:
                yield FormField(part.key, part.label, part.type, texts if len(texts) > 1 else texts[0], part.other_key)


def _answers(provider: Provider, payload: Payload) -> Iterator[Answer]:
    """Yield the answers where the provider puts them; if it puts them elsewhere now, all that it sends."""
    found = [at(payload, path) for path in provider.answers_at]
    hidden = chain.from_iterable(_hidden(at(payload, path)) for path in provider.hidden_at)
    if provider.item:
        lists = [fields for one in found if (fields := fields_in(one)) is not None]
        if lists:
            return chain(answers_in_list(lists[0], provider.item), hidden)
    members = next((one for one in found if isinstance(one, dict)), payload)
    return chain(answers_in_object(members, provider.answer_keys), hidden)


def _hidden(fields: object) -> Iterator[Answer]:
    if isinstance(fields, dict):
        return answers_in_object(fields)
    return answers_in_list(fields_in(fields) or (), _HIDDEN)


def _why_ignored(provider: Provider, payload: Payload, fields: Sequence[FormField]) -> str | None:
    path, expected = provider.event
    event = text_at(payload, path)
    if event and event != expected:
        return "The provider reports another event than a finished submission."
    if provider.test_email and any(field.text.strip().lower() == provider.test_email for field in fields):
        return "This is a test request of the provider."
    if provider.honeypot and text_at(payload, provider.honeypot):
        return "A field that no person sees is filled in."
    if provider.is_ignored_blank and not fields:
        return "The delivery contains no answers."
    return None
