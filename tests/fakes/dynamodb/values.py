"""Check, measure and compare DynamoDB's typed values, such as `{"S": "Ada"}`.

Modelled are strings, numbers, booleans, lists and maps.
Source: Developer Guide, "data types", "item sizes and formats", "naming rules".
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.fakes.errors import NotModelledError, validation_error

Value = dict[str, Any]
Item = dict[str, Value]

ORDERED = frozenset({"S", "N"})
_TYPES = frozenset({"S", "N", "BOOL", "L", "M"})
_NOT_MODELLED = frozenset({"B", "BS", "NS", "NULL", "SS"})
_MAX_DIGITS = 38
_MAX_MAGNITUDE = Decimal("9.9999999999999999999999999999999999999E+125")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def type_of(value: Value) -> str:
    """Return the type of a checked value: S, N, BOOL, ..."""
    return next(iter(value))


def number(text: str) -> Decimal:
    """Return a number as DynamoDB reads it, or raise its error."""
    if not _NUMBER.fullmatch(text):
        raise validation_error(f"The parameter cannot be converted to a numeric value: {text}")
    found = Decimal(text)
    if len(found.normalize().as_tuple().digits) > _MAX_DIGITS:
        raise validation_error("Attempting to store more than 38 significant digits in a Number")
    if abs(found) > _MAX_MAGNITUDE:
        raise validation_error(
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )
    return found


def number_text(found: Decimal) -> str:
    """Return a number as DynamoDB returns it: no exponent, no leading or trailing zeros."""
    return f"{found.normalize():f}" if found else "0"


def normal(value: Value) -> Value:
    """Return a checked value, with numbers in DynamoDB's form."""
    if value.keys() & _NOT_MODELLED:
        raise NotModelledError(f"values such as {value}")
    if len(value) != 1 or not value.keys() <= _TYPES:
        problem = "is empty" if not value else "has more than one datatypes set"
        raise validation_error(
            f"Supplied AttributeValue {problem}, must contain exactly one of the supported datatypes"
        )
    kind, content = next(iter(value.items()))
    if kind == "N":
        return {"N": number_text(number(content))}
    if kind == "M":
        return {"M": normal_item(content)}
    if kind == "L":
        return {"L": [normal(one) for one in content]}
    return {kind: content}


def normal_item(item: Mapping[str, Value]) -> Item:
    """Return an item of checked values."""
    return {name: normal(value) for name, value in item.items()}


def copy_item(item: Item) -> Item:
    """Return an item that shares nothing with the stored one."""
    return {name: _copy(value) for name, value in item.items()}


def _copy(value: Value) -> Value:
    kind, content = next(iter(value.items()))
    if kind == "M":
        return {"M": copy_item(content)}
    if kind == "L":
        return {"L": [_copy(one) for one in content]}
    return {kind: content}


def item_bytes(item: Item) -> int:
    """Return the size that counts toward units and limits."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Value) -> int:
    """Return the size of one value."""
    kind, content = next(iter(value.items()))
    if kind == "L":
        return 3 + sum(1 + value_bytes(one) for one in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + value_bytes(one) for name, one in content.items())
    if kind == "N":
        return _number_bytes(content)
    return len(content.encode()) if kind == "S" else 1


def _number_bytes(text: str) -> int:
    """Return the documented approximation: a byte per two digits, one more, and one for a minus sign."""
    digits = len(Decimal(text).normalize().as_tuple().digits)
    return (digits + 1) // 2 + 1 + text.startswith("-")


def equal(left: Value, right: Value) -> bool:
    """Return whether DynamoDB considers two values equal, such as 1.0 and 1."""
    kind = type_of(left)
    if kind != type_of(right):
        return False
    mine, other = left[kind], right[kind]
    if kind == "L":
        return len(mine) == len(other) and all(map(equal, mine, other))
    if kind == "M":
        return mine.keys() == other.keys() and all(equal(mine[name], other[name]) for name in mine)
    return bool(sort_key(left) == sort_key(right)) if kind in ORDERED else bool(mine == other)


def order(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1; None for values of different types, or neither strings nor numbers."""
    kind = type_of(left)
    if kind != type_of(right) or kind not in ORDERED:
        return None
    mine, other = sort_key(left), sort_key(right)
    return (1 if mine > other else 0) - (1 if mine < other else 0)


def sort_key(value: Value) -> Any:
    """Return the sort key of a scalar value: strings are ordered by their UTF-8 bytes."""
    kind, content = next(iter(value.items()))
    return Decimal(content) if kind == "N" else content.encode()
