"""JSON Schemas of the request bodies: names, types and lengths as Zoom publishes them.

Sources: Zoom's published OpenAPI and its Rivet SDK. The lengths are those of the single call: the batch call's
page does not repeat them. Its text states the 30 registrants per call; those of the status call are from a live client.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]

from local.fake_zoom.calls import CallName

EMAIL = {"type": "string", "maxLength": 128}
FIRST_NAME = {"type": "string", "minLength": 1, "maxLength": 64}
LAST_NAME = {"type": "string", "maxLength": 64}
TEXT_FIELDS = (
    *("address", "city", "country", "zip", "state", "phone", "industry", "org", "job_title", "language", "comments"),
    *("purchasing_time_frame", "role_in_purchase_process", "no_of_employees", "source_id"),
)

# Violations of these concern one registrant's data; of the others, the shape of the request.
PERSONAL = frozenset({"required", "minLength", "maxLength"})


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation of a schema: path (`registrants`, 3, `email`), keyword and message."""

    path: tuple[str | int, ...]
    keyword: str
    message: str

    @property
    def item(self) -> int | None:
        """Return the index of the batch item with the invalid data, or None if the request's shape is invalid."""
        if self.keyword in PERSONAL and len(self.path) > 1 and isinstance(self.path[1], int):
            return self.path[1]
        return None

    @property
    def field(self) -> str:
        """Return the name of the last field of the path."""
        names = [step for step in self.path if isinstance(step, str)]
        return names[-1] if names else ""

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.path) or "body"
        return f"{where}: {self.message}"


def read(body: bytes) -> object:
    """Return the body parsed as JSON, or None if it is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def violations(call: CallName, content: object, max_registrants: int) -> tuple[Violation, ...]:
    """Return all violations in the body of a call; calls without a body have no schema."""
    if call not in SCHEMAS or (call is CallName.BATCH and _is_valid_batch(content, max_registrants)):
        return ()
    found = _validator(call, max_registrants).iter_errors(content)
    listed = (violation for error in found for violation in _violations_of(error))
    # jsonschema reports one error per missing field, each listing all required fields.
    return tuple(sorted(dict.fromkeys(listed), key=lambda violation: [str(step) for step in violation.path]))


def _violations_of(error: Any) -> Iterator[Violation]:
    path, keyword = tuple(error.absolute_path), str(error.validator)
    if keyword != "required":
        yield Violation(path, keyword, _message(error))
        return
    for name in error.validator_value:
        if name not in error.instance:
            yield Violation((*path, name), keyword, "Missing field.")


def _message(error: Any) -> str:
    """Return a message without the value, which is personal data."""
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema["properties"]))
        return f"Unknown field: {', '.join(unknown)}."
    return f"Invalid field: {error.validator} {error.validator_value}."


def _is_valid_batch(content: object, max_registrants: int) -> bool:
    """Return True for a valid batch, quickly: benchmarks send thousands, and the validator takes 1 ms."""
    if not isinstance(content, Mapping) or content.keys() - {"registrants", "auto_approve"}:
        return False
    registrants = content.get("registrants")
    return (
        isinstance(registrants, list)
        and 1 <= len(registrants) <= max_registrants
        and isinstance(content.get("auto_approve", False), bool)
        and all(_is_valid_item(item) for item in registrants)
    )


def _is_valid_item(item: object) -> bool:
    if not isinstance(item, Mapping) or not {"email", "first_name"} <= item.keys() <= ITEM["properties"].keys():
        return False
    if not all(isinstance(text, str) and len(text) <= 64 for name, text in item.items() if name != "email"):
        return False
    email = item["email"]
    return isinstance(email, str) and len(email) <= 128 and item["first_name"] != ""


@cache
def _validator(call: CallName, max_registrants: int) -> Any:
    schema = SCHEMAS[call]
    if "registrants" in schema["properties"]:
        registrants = {**schema["properties"]["registrants"], "maxItems": max_registrants}
        schema = {**schema, "properties": {**schema["properties"], "registrants": registrants}}
    return Draft202012Validator(schema)


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


ITEM = _object(["email", "first_name"], {"email": EMAIL, "first_name": FIRST_NAME, "last_name": LAST_NAME})

SCHEMAS: Mapping[CallName, dict[str, Any]] = {
    CallName.BATCH: _object(
        ["registrants"],
        {"auto_approve": {"type": "boolean"}, "registrants": {"type": "array", "minItems": 1, "items": ITEM}},
    ),
    CallName.SINGLE: _object(
        ["email", "first_name"],
        {
            **{"email": EMAIL, "first_name": FIRST_NAME, "last_name": LAST_NAME},
            **{name: {"type": "string"} for name in TEXT_FIELDS},
            "custom_questions": {
                "type": "array",
                "items": _object([], {"title": {"type": "string"}, "value": {"type": "string", "maxLength": 128}}),
            },
        },
    ),
    CallName.STATUS: _object(
        ["action"],
        {
            "action": {"enum": ["approve", "deny", "cancel"]},
            "registrants": {
                "type": "array",
                "items": _object([], {"id": {"type": "string"}, "email": {"type": "string"}}),
            },
        },
    ),
}
