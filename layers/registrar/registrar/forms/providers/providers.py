"""The table of providers: what each sends, where its answers are, what is a test (form-providers.md, section 1). Pure.

Four shapes of payload: a flat object (the default), an object further down (`answers_at`), a list of fields (`item`),
JSON text inside a form (`json_texts`). Paths are names joined by `/`. Zapier, Make and your own program are `generic`.

`google` is the script that `registrar forms add google` writes. It posts, signed as Standard Webhooks where the form
has a secret, with `webhook-id` = `response_id`:

    {"response_id": "2_ABaOnue1",
     "items": [{"id": "respondent_email", "title": "Email", "type": "EMAIL", "value": "ana@example.com"},
               {"id": "1633920210", "title": "First name", "type": "TEXT", "value": "Ana"}]}

`items` has one entry per answered question: `id` is `item.getId()` as text, `type` is `item.getType()` as text, `value`
is the response: a text, or a list of texts (of a grid, the answers of its rows). The first entry is the address that
the form collects by itself; it is absent where the form does not. A flat object of answers is read as well.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from registrar.forms.http.content import JSON, MULTIPART, URLENCODED
from registrar.forms.providers.shapes import Descriptions, Item, text_at
from registrar.forms.providers.values import split_by_bars, split_json_list, tally_value, typeform_value

Payload = Mapping[str, object]


def _first(*paths: str) -> Callable[[Payload], str]:
    """Return a function that reads the text at the first of these paths that has one."""
    return lambda payload: next(filter(None, (text_at(payload, path) for path in paths)), "")


def _entry_id(payload: Payload) -> str:
    """Return the id of an entry of Gravity Forms: of all its fields, or as one of the selected ones."""
    form_id, entry_id = text_at(payload, "form_id"), text_at(payload, "id")
    return f"{form_id}-{entry_id}" if form_id and entry_id else _first("submission_id", "entry_id")(payload)


def _newest_conversion(payload: Payload) -> str:
    """Return the id of a HubSpot contact's newest form submission."""
    submissions = payload.get("form-submissions")
    found = [one for one in submissions if isinstance(one, dict)] if isinstance(submissions, list) else []
    # Milliseconds, all of the same length; as text, because any other type would fail here.
    return text_at(max(found, key=lambda one: text_at(one, "timestamp"), default=None), "conversion-id")


class Provider(NamedTuple):
    """One provider. What is absent here does not exist there."""

    name: str
    content_types: frozenset[str] = frozenset({JSON})
    json_texts: tuple[str, ...] = ()
    """Fields of a form whose text is JSON."""
    description_text: str = ""
    """A field whose text is JSON that describes the answers; they are read without it, too."""
    answers_at: tuple[str, ...] = ()
    """Paths to the answers. Where none of them leads to any, the whole payload is read as a flat object."""
    item: Item | None = None
    descriptions: Descriptions | None = None
    hidden_at: tuple[str, ...] = ()
    """Paths to the hidden fields, where they are apart: an object, or a list with `id`, `name` and `value`."""
    answer_keys: re.Pattern[str] | None = None
    left_out: frozenset[str] = frozenset()
    """Names that are no answers: secrets, addresses of computers, and what says something about the form."""
    split: Callable[[str], object] = str
    """Splits the text of several options."""
    own_id: Callable[[Payload], str] = _first()
    own_id_header: str = ""
    event: tuple[str, str] = ("", "")
    """A path, and what lies there when the delivery is a finished submission; absent, it is one as well."""
    test_email: str = ""
    honeypot: str = ""
    is_ignored_blank: bool = False


_FORM_OR_JSON: Final = frozenset({JSON, URLENCODED})

_TABLE: Final = (
    Provider(
        name="typeform",
        answers_at=("form_response/answers",),
        item=Item(keys=("field/ref", "field/id"), label="field/title", type="field/type", value=typeform_value),
        descriptions=Descriptions(
            at="form_response/definition/fields", key="id", label="title", parts="properties/fields", part_label="title"
        ),
        hidden_at=("form_response/hidden",),
        own_id=_first("form_response/token"),
        event=("event_type", "form_response"),
        test_email="an_account@example.com",  # of its button "Send test request"
    ),
    Provider(
        name="tally",
        answers_at=("data/fields",),
        item=Item(keys=("key",), value=tally_value),
        own_id=_first("data/submissionId", "data/responseId", "eventId"),
        event=("eventType", "FORM_RESPONSE"),
    ),
    Provider(
        name="jotform",
        content_types=frozenset({MULTIPART}),
        json_texts=("rawRequest",),
        answers_at=("rawRequest",),
        # Digits at the end only tell two questions of one name apart. Read once: `.+?\d*` would try each of them.
        answer_keys=re.compile(r"(?P<other_key>q\d+)_(?P<label>.*\D|\d+)\d*"),
        left_out=frozenset({"webhookURL", "ip"}),
        own_id=_first("submissionID"),
    ),
    Provider(
        name="webflow",
        answers_at=("payload/data", "data"),
        descriptions=Descriptions(
            at="payload/schema", key="fieldName", label="fieldName", type="fieldType", other_key="fieldElementId"
        ),
        own_id=_first("payload/id", "_id"),
        event=("triggerType", "form_submission"),
    ),
    Provider(name="hubspot", answers_at=("properties",), own_id=_newest_conversion),
    Provider(
        name="gravityforms",
        content_types=_FORM_OR_JSON,
        left_out=frozenset({"ip", "user_agent", "source_url"}),
        split=split_json_list,
        own_id=_entry_id,
    ),
    Provider(
        name="elementor",
        content_types=frozenset({URLENCODED}),
        answers_at=("fields",),
        item=Item(keys=("id",), label="title"),
        left_out=frozenset({"form_id", "form_name", "Date", "Time", "Page URL", "User Agent", "Remote IP"}),
    ),
    Provider(
        name="wpforms",
        content_types=_FORM_OR_JSON,
        split=split_by_bars,
        own_id=_first("submission_id", "entry_id"),
    ),
    Provider(name="cf7", content_types=frozenset({JSON, "text/plain"})),
    Provider(name="framer", own_id_header="framer-webhook-submission-id"),
    Provider(
        name="wufoo",
        content_types=frozenset({URLENCODED}),
        description_text="FieldStructure",
        descriptions=Descriptions(
            at="FieldStructure/Fields", key="ID", label="Title", type="Type", parts="SubFields", part_label="Label"
        ),
        answer_keys=re.compile(r"Field\d+"),
        left_out=frozenset({"HandshakeKey", "FieldStructure", "FormStructure", "IP"}),
        own_id=_first("EntryId"),
    ),
    Provider(
        name="formstack",
        content_types=_FORM_OR_JSON,
        left_out=frozenset({"HandshakeKey", "FormID", "UniqueID"}),
        own_id=_first("UniqueID"),
    ),
    Provider(
        name="fillout",
        content_types=frozenset({JSON, "text/plain", "application/octet-stream", ""}),
        answers_at=("submission/questions", "questions"),
        item=Item(keys=("id",), label="name"),
        hidden_at=("submission/urlParameters", "urlParameters"),
        own_id=_first("submission/submissionId", "submissionId"),
    ),
    Provider(
        name="paperform",
        answers_at=("data",),
        item=Item(keys=("custom_key", "key"), label="title"),
        own_id=_first("submission_id"),
        event=("trigger", "submission"),
    ),
    Provider(
        name="unbounce",
        content_types=frozenset({URLENCODED}),
        json_texts=("data.json",),
        answers_at=("data.json",),
        left_out=frozenset({"ip_address", "page_uuid", "variant", "date_submitted", "time_submitted", "data.xml"}),
    ),
    Provider(
        name="google",
        answers_at=("items",),
        item=Item(keys=("id",), label="title"),
        own_id=_first("response_id"),
        own_id_header="webhook-id",
        is_ignored_blank=True,  # the trigger of a sheet fires a second time, without answers
    ),
    Provider(
        name="generic",
        content_types=frozenset({JSON, URLENCODED, MULTIPART}),
        left_out=frozenset({"_gotcha"}),
        own_id=_first("submission_id"),
        own_id_header="webhook-id",
        honeypot="_gotcha",
    ),
)

PROVIDERS: Final[Mapping[str, Provider]] = {provider.name: provider for provider in _TABLE}
