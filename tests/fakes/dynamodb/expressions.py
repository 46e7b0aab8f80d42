"""What the expressions of one call mean for one item.

In: the parameters of a call (expressions, names, values) and an item. Out: whether a condition holds, what an
update makes of the item, what a projection leaves of it; or the ValidationException that AWS answers.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.dynamodb.parser import Node, Parsed, parse
from tests.fakes.dynamodb.values import (
    SCALARS,
    SETS,
    Item,
    Value,
    equal,
    normal_item,
    number,
    number_text,
    order,
    type_of,
)
from tests.fakes.errors import ServiceError, validation_error

EXPRESSIONS = (
    "ConditionExpression",
    "UpdateExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
)


class Expressions:
    """The expressions of one call, checked as a whole: every placeholder defined, and none left over."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        """Parse what is given, and refuse what AWS refuses before it looks at an item."""
        self._parsed = {kind: parse(kind, params[kind]) for kind in EXPRESSIONS if kind in params}
        self._names: Mapping[str, str] = params.get("ExpressionAttributeNames", {})
        self.values: Item = normal_item(params.get("ExpressionAttributeValues", {}))
        self._check_placeholders(params, "ExpressionAttributeNames", "names", "attribute name")
        self._check_placeholders(params, "ExpressionAttributeValues", "values", "attribute value")
        for parsed in self._parsed.values():
            if parsed.condition is not None:
                self._check_operands(parsed, parsed.condition)

    def get(self, kind: str) -> Parsed | None:
        """Return the expression given by this parameter."""
        return self._parsed.get(kind)

    def holds(self, kind: str, item: Item) -> bool:
        """Tell whether the condition in this parameter holds; one that was not given does."""
        parsed = self._parsed.get(kind)
        return parsed is None or parsed.condition is None or self._holds(parsed.condition, item)

    def projected(self, item: Item) -> Item:
        """Return what the projection leaves of an item; without one, the item."""
        parsed = self._parsed.get("ProjectionExpression")
        if parsed is None:
            return item
        return {name: item[name] for name in map(self.name, parsed.paths) if name in item}

    def name(self, path: Node) -> str:
        """Return the attribute's name of a path."""
        return self._names[path.text] if path.text.startswith("#") else path.text

    def operand(self, node: Node, item: Item) -> Value | None:
        """Return the value of an operand of a condition, None for an attribute that is not there."""
        if node.kind == "value":
            return self.values[node.text]
        if node.kind == "path":
            return item.get(self.name(node))
        value = self.operand(node.children[0], item)
        return None if value is None else _size(value)

    def _check_placeholders(self, params: Mapping[str, Any], member: str, used_by: str, word: str) -> None:
        given = params.get(member)
        if given is not None and not self._parsed:
            raise validation_error(f"{member} can only be specified when using expressions")
        if given is not None and not given:
            raise validation_error(f"{member} must not be empty")
        used: set[str] = set()
        for parsed in self._parsed.values():
            mine: set[str] = getattr(parsed, used_by)
            for missing in sorted(mine - (given or {}).keys()):
                place = "the document path" if used_by == "names" else "expression"
                raise validation_error(
                    f"Invalid {parsed.kind}: An expression {word} used in {place} is not defined; {word}: {missing}"
                )
            used |= mine
        unused = sorted((given or {}).keys() - used)
        if unused:
            raise validation_error(f"Value provided in {member} unused in expressions: keys: {{{', '.join(unused)}}}")

    def _check_operands(self, parsed: Parsed, node: Node) -> None:
        """Refuse constants of a type that an operator never takes: not false, but an error."""
        for child in node.children:
            self._check_operands(parsed, child)
        allowed = _ALLOWED_CONSTANTS.get(node.kind)
        if allowed is None:
            return
        checked = node.children[1:] if node.kind in ("begins_with", "attribute_type") else node.children
        for child in checked:
            if child.kind == "value" and type_of(self.values[child.text]) not in allowed:
                raise validation_error(
                    f"Invalid {parsed.kind}: Incorrect operand type for operator or function; operator or function:"
                    f" {node.kind}, operand type: {type_of(self.values[child.text])}"
                )

    def _holds(self, node: Node, item: Item) -> bool:
        if node.kind == "and":
            return all(self._holds(child, item) for child in node.children)
        if node.kind == "or":
            return any(self._holds(child, item) for child in node.children)
        if node.kind == "not":
            return not self._holds(node.children[0], item)
        return _compare(node.kind, [self.operand(child, item) for child in node.children])


_ORDERED: dict[str, Callable[[int], bool]] = {
    "<": lambda place: place < 0,
    "<=": lambda place: place <= 0,
    ">": lambda place: place > 0,
    ">=": lambda place: place >= 0,
}
_ALLOWED_CONSTANTS = {
    **dict.fromkeys((*_ORDERED, "between"), SCALARS),
    "begins_with": frozenset({"S", "B"}),
    "attribute_type": frozenset({"S"}),
    "size": frozenset({"S", "B", "SS", "NS", "BS", "L", "M"}),
}


def _compare(kind: str, operands: list[Value | None]) -> bool:
    """Compare the first operand with the others; None is an attribute that is not there."""
    first, *others = operands
    if kind.startswith("attribute_") and not others:
        return (first is None) == (kind == "attribute_not_exists")
    if kind == "<>":
        # What is not there differs from everything, from another thing that is not there too.
        return not _compare("=", operands)
    found = [other for other in others if other is not None]
    if first is None or (kind != "in" and len(found) != len(others)):
        return False
    return _compare_found(kind, first, found)


def _compare_found(kind: str, first: Value, others: list[Value]) -> bool:
    if kind in ("=", "in"):
        return any(equal(first, other) for other in others)
    if kind in _ORDERED:
        return _is_placed(kind, first, others[0])
    if kind == "between":
        return _is_placed(">=", first, others[0]) and _is_placed("<=", first, others[1])
    if kind == "attribute_type":
        return bool(type_of(first) == others[0]["S"])
    return _begins(first, others[0]) if kind == "begins_with" else _contains(first, others[0])


def _is_placed(comparator: str, left: Value, right: Value) -> bool:
    place = order(left, right)
    return place is not None and _ORDERED[comparator](place)


def _begins(value: Value, beginning: Value) -> bool:
    kind = type_of(value)
    return kind == type_of(beginning) and kind in ("S", "B") and bool(value[kind].startswith(beginning[kind]))


def _contains(value: Value, part: Value) -> bool:
    kind = type_of(value)
    if kind in SETS:
        return any(equal({SETS[kind]: one}, part) for one in value[kind])
    if kind == "L":
        return any(equal(one, part) for one in value["L"])
    return kind in ("S", "B") and kind == type_of(part) and part[kind] in value[kind]


def _size(value: Value) -> Value | None:
    """Return `size(path)`: characters, bytes or members; nothing for what has none."""
    kind = type_of(value)
    return None if kind in ("N", "BOOL", "NULL") else {"N": str(len(value[kind]))}


def added(left: Value, right: Value, sign: str) -> Value:
    """Return the sum or difference of two numbers."""
    if type_of(left) != "N" or type_of(right) != "N":
        raise wrong_type()
    total = number(left["N"]) + (number(right["N"]) if sign == "+" else -number(right["N"]))
    return {"N": number_text(number(str(total)))}


def wrong_type() -> ServiceError:
    """Return the answer to an operand whose type only the item shows to be wrong."""
    return validation_error("An operand in the update expression has an incorrect data type")
