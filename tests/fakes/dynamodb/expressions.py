"""Evaluate the expressions of one call for one item: conditions and projections; `update.py` evaluates updates."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.dynamodb.parser import Node, Parsed, parse
from tests.fakes.dynamodb.values import ORDERED, Item, Value, equal, normal_item, order, type_of
from tests.fakes.errors import validation_error

EXPRESSIONS = (
    "ConditionExpression",
    "UpdateExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
)
# Developer Guide, "constraints", expression parameters.
MAX_EXPRESSION_BYTES = 4_096
MAX_PLACEHOLDER_BYTES = 255


class Expressions:
    """The expressions of one call; every placeholder is defined, and every definition used."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        """Parse the expressions of a call, and refuse what AWS refuses before it reads an item."""
        for kind in EXPRESSIONS:
            size = len(params.get(kind, "").encode())
            if size > MAX_EXPRESSION_BYTES:
                raise validation_error(
                    f"Invalid {kind}: Expression size has exceeded the maximum allowed size; expression size: {size}"
                )
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
        """Return whether the condition in this parameter holds, or is absent."""
        parsed = self._parsed.get(kind)
        return parsed is None or parsed.condition is None or self._holds(parsed.condition, item)

    def projected(self, item: Item) -> Item:
        """Return the projected attributes of an item; all of them without a projection."""
        parsed = self._parsed.get("ProjectionExpression")
        if parsed is None:
            return item
        return {name: item[name] for name in map(self.name, parsed.paths) if name in item}

    def name(self, path: Node) -> str:
        """Return the attribute name of a path."""
        return self._names[path.text] if path.text.startswith("#") else path.text

    def operand(self, node: Node, item: Item) -> Value | None:
        """Return the value of an operand, None for a missing attribute."""
        return self.values[node.text] if node.kind == "value" else item.get(self.name(node))

    def _check_placeholders(self, params: Mapping[str, Any], member: str, used_by: str, word: str) -> None:
        given = params.get(member)
        if given is not None and not self._parsed:
            raise validation_error(f"{member} can only be specified when using expressions")
        if given is not None and not given:
            raise validation_error(f"{member} must not be empty")
        for placeholder in given or ():
            if len(placeholder.encode()) > MAX_PLACEHOLDER_BYTES:
                raise validation_error(f"{member} contains a key longer than {MAX_PLACEHOLDER_BYTES} bytes")
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
        """Refuse to compare constants of a type without an order: AWS raises an error instead of returning false."""
        for child in node.children:
            self._check_operands(parsed, child)
            if node.kind in _COMPARED and child.kind == "value" and type_of(self.values[child.text]) not in ORDERED:
                raise validation_error(
                    f"Invalid {parsed.kind}: Incorrect operand type for operator or function; operator or function:"
                    f" {node.kind}, operand type: {type_of(self.values[child.text])}"
                )

    def _holds(self, node: Node, item: Item) -> bool:
        if node.kind == "and":
            return all(self._holds(child, item) for child in node.children)
        if node.kind == "or":
            return any(self._holds(child, item) for child in node.children)
        first, *others = (self.operand(child, item) for child in node.children)
        if not others:
            return (first is None) == (node.kind == "attribute_not_exists")
        if first is None or others[0] is None:
            return False
        if node.kind == "=":
            return equal(first, others[0])
        place = order(first, others[0])
        return place is not None and _COMPARED[node.kind](place)


_COMPARED: dict[str, Callable[[int], bool]] = {
    "<": lambda place: place < 0,
    "<=": lambda place: place <= 0,
    ">": lambda place: place > 0,
    ">=": lambda place: place >= 0,
}
