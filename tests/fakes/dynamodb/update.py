"""What an UpdateExpression makes of an item.

In: the call's expressions and the item as it is. Out: the new item, and the attributes that the update
touched. All right sides see the item as it was before.
"""

from dataclasses import dataclass, field

from tests.fakes.dynamodb.expressions import Expressions, added, wrong_type
from tests.fakes.dynamodb.parser import Action, Node
from tests.fakes.dynamodb.values import SETS, Item, Value, copy_item, equal, type_of
from tests.fakes.errors import validation_error


@dataclass
class Update:
    """The outcome; `only_takes` when nothing but REMOVE and DELETE was asked: that makes no new item."""

    item: Item
    touched: list[str] = field(default_factory=list)
    only_takes: bool = False


def update(expressions: Expressions, old: Item, keys: frozenset[str]) -> Update:
    """Apply the call's UpdateExpression, if it has one, to an item; `keys` are the names of the table's key."""
    parsed = expressions.get("UpdateExpression")
    outcome = Update(copy_item(old))
    if parsed is None:
        return outcome
    outcome.only_takes = all(action.clause in ("REMOVE", "DELETE") for action in parsed.actions)
    for action in parsed.actions:
        name = expressions.name(action.path)
        if name in keys:
            raise validation_error(
                f"One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part of"
                " the key"
            )
        if name in outcome.touched:
            raise validation_error(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of"
                f" these paths; path one: [{name}], path two: [{name}]"
            )
        outcome.touched.append(name)
        new = _new_value(action, expressions, old)
        if new is None:
            outcome.item.pop(name, None)
        else:
            outcome.item[name] = new
    return outcome


def _new_value(action: Action, expressions: Expressions, old: Item) -> Value | None:
    """Return the attribute's new value, None for an attribute that is not there afterwards."""
    if action.operand is None:
        return None
    if action.clause == "SET":
        return _evaluated(action.operand, expressions, old)
    current = old.get(expressions.name(action.path))
    operand = expressions.values[action.operand.text]
    kind = type_of(operand)
    if kind not in SETS and (kind != "N" or action.clause == "DELETE"):
        raise validation_error(
            "Invalid UpdateExpression: Incorrect operand type for operator or function; operator:"
            f" {action.clause}, operand type: {kind}"
        )
    if current is None:
        return operand if action.clause == "ADD" else None
    if type_of(current) != kind:
        raise wrong_type()
    if kind == "N":
        return added(current, operand, "+")
    return _changed_set(action.clause, kind, current, operand)


def _changed_set(clause: str, kind: str, current: Value, operand: Value) -> Value | None:
    member = SETS[kind]

    def is_in(one: object, others: Value) -> bool:
        return any(equal({member: one}, {member: other}) for other in others[kind])

    if clause == "ADD":
        return {kind: [*current[kind], *(one for one in operand[kind] if not is_in(one, current))]}
    left = [one for one in current[kind] if not is_in(one, operand)]
    # A set is never empty: its last member takes the attribute along.
    return {kind: left} if left else None


def _evaluated(node: Node, expressions: Expressions, old: Item) -> Value:
    if node.kind in ("+", "-"):
        _check_summands(node, expressions)
        left, right = (_evaluated(child, expressions, old) for child in node.children)
        return added(left, right, node.kind)
    if node.kind == "if_not_exists":
        path, other = node.children
        current = old.get(expressions.name(path))
        return _evaluated(other, expressions, old) if current is None else current
    value = expressions.operand(node, old)
    if value is None:
        raise validation_error("The provided expression refers to an attribute that does not exist in the item")
    return value


def _check_summands(node: Node, expressions: Expressions) -> None:
    """Refuse a constant that is no number, whatever the item holds."""
    for child in node.children:
        if child.kind == "value" and type_of(expressions.values[child.text]) != "N":
            raise validation_error(
                "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function:"
                f" {node.kind}, operand type: {type_of(expressions.values[child.text])}"
            )
