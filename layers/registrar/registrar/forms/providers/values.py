"""The texts of a value: of JSON text, number, boolean, list, object or null (form-providers.md, 0.8).

Pure. Providers that write the value of a field in a way of their own have a function here, named in their row.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from registrar import limits
from registrar.registrants.invisible import is_blank

# What an object is called, or holds, that is a value: a file has a name and a URL, an option a label.
_TEXTS: Final = ("value", "label", "text", "name", "url")
_EXACT: Final = 2**53  # a float above it is no longer exact

# A field that a plugin should have replaced by its value: {{ form.email }}, {% email %}, {entry_id}, [your-email].
_PLACEHOLDER: Final = re.compile(r"\{\{|\{%|\A\s*(?:\{[A-Za-z][^{}]*\}|\[[A-Za-z_][\w:* .-]*\])\s*\Z")


def is_placeholder(text: str) -> bool:
    """Return whether a text stands for a value that was never filled in."""
    return _PLACEHOLDER.search(text) is not None


def texts_of(value: object, levels: int = limits.FORM_NESTING) -> list[str]:
    """Return the texts of a value, none for null and blank text; what is nested deeper than `levels` is left out."""
    if isinstance(value, dict):
        value = [value[name] for name in _TEXTS if name in value][:1]
    if isinstance(value, list):
        return [text for one in value for text in texts_of(one, levels - 1)] if levels else []
    text = _text(value)
    return [] if is_blank(text) else [text]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value)


def plain_value(field: Mapping[str, object]) -> object:
    """Return the value, which stands under that name."""
    return field.get("value")


def typeform_value(field: Mapping[str, object]) -> object:
    """Return the value, which stands under the name of the answer's type; of choices, their labels."""
    value = field.get(str(field.get("type")))
    if not isinstance(value, dict):
        return value
    chosen = [value.get("label"), value.get("labels"), value.get("other")]
    return chosen if texts_of(chosen) else value


def tally_value(field: Mapping[str, object]) -> object:
    """Return the value; of options, their texts instead of their ids."""
    options, value = field.get("options"), field.get("value")
    if not isinstance(options, list):
        return value
    texts = {str(one.get("id")): one.get("text") for one in options if isinstance(one, dict)}
    return [texts.get(chosen, chosen) for chosen in texts_of(value)]


def split_by_bars(text: str) -> object:
    """Return the options that WPForms joins."""
    return text.split("||")


def split_json_list(text: str) -> object:
    """Return the options that Gravity Forms writes as JSON text inside a text."""
    if not text.startswith('["'):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
