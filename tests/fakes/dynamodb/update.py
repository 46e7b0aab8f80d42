"""Apply an UpdateExpression to an item; all right sides use the item as it was before."""

from dataclasses import dataclass, field

from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.parser import Action, Node
from tests.fakes.dynamodb.values import Item, Value, copy_item, number, number_text, type_of
from tests.fakes.errors import validation_error


@dataclass
class Update:
    """The outcome; `only_removes`: all actions are REMOVE, which creates no item."""

    item: Item
    touched: list[str] = field(default_factory=list)
    only_removes: bool = False


def update(expressions: Expressions, old: Item, keys: frozenset[str]) -> Update:
    """Apply the call's UpdateExpression, if any, to an item; `keys` are the names of the key attributes."""
    parsed = expressions.get("UpdateExpression")
    outcome = Update(copy_item(old))
    if parsed is None:
        return outcome
    outcome.only_removes = all(action.clause == "REMOVE" for action in parsed.actions)
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
    """Return the attribute's new value; None removes it."""
    if action.operand is None:
        return None
    if action.clause == "SET":
        return _evaluated(action.operand, expressions, old)
    added = expressions.values[action.operand.text]
    if type_of(added) != "N":
        raise validation_error(
            "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type:"
            f" {type_of(added)}"
        )
    current = old.get(expressions.name(action.path))
    if current is None:
        return added
    if type_of(current) != "N":
        raise validation_error("An operand in the update expression has an incorrect data type")
    total = number(current["N"]) + number(added["N"])
    return {"N": number_text(number(str(total)))}


def _evaluated(node: Node, expressions: Expressions, old: Item) -> Value:
    if node.kind == "if_not_exists":
        path, other = node.children
        current = old.get(expressions.name(path))
        return _evaluated(other, expressions, old) if current is None else current
    value = expressions.operand(node, old)
    if value is None:
        raise validation_error("The provided expression refers to an attribute that does not exist in the item")
    return value
