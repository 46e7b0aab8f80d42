"""Parse the modelled subset of DynamoDB's expressions.

The tree keeps the placeholders, so that each text is parsed only once.

    condition   or ← and ← operand = < <= > >= operand | attribute_exists, attribute_not_exists | ( condition )
    update      SET path = operand, also if_not_exists(path, operand); REMOVE path; ADD path :value
    operand     path, :value
    projection  path, path, ...

Paths are top-level attributes.
"""

import functools
from dataclasses import dataclass, field
from typing import Final

from tests.fakes.dynamodb.tokens import RESERVED, Cursor
from tests.fakes.errors import ServiceError, validation_error

COMPARATORS: Final = ("=", "<", "<=", ">", ">=")
FUNCTIONS: Final = ("attribute_exists", "attribute_not_exists")
CLAUSES: Final = ("SET", "REMOVE", "ADD")


@dataclass(frozen=True)
class Node:
    """A node; `kind` is path, value, if_not_exists, a comparator, and, or, or a function."""

    kind: str
    # The name or placeholder of a path, the placeholder of a value.
    text: str = ""
    children: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Action:
    """One action of an update; REMOVE has no operand."""

    clause: str
    path: Node
    operand: Node | None = None


@dataclass
class Parsed:
    """A parsed expression and the placeholders that it uses.

    Cached and shared by all calls with the same text: do not change it.
    """

    kind: str
    condition: Node | None = None
    actions: tuple[Action, ...] = ()
    paths: tuple[Node, ...] = ()
    names: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)


@functools.lru_cache(maxsize=1000)
def parse(kind: str, text: str) -> Parsed:
    """Parse an expression; `kind` is the name of the parameter that holds it."""
    return _Parser(kind, text).parse()


class _Parser:
    def __init__(self, kind: str, text: str) -> None:
        self._cursor = Cursor(kind, text)
        self._parsed = Parsed(kind)

    def parse(self) -> Parsed:
        if self._parsed.kind == "UpdateExpression":
            self._parsed.actions = tuple(self._clauses())
        elif self._parsed.kind == "ProjectionExpression":
            self._parsed.paths = tuple(self._paths())
        else:
            self._parsed.condition = self._or()
        if self._cursor.here.kind != "end":
            raise self._cursor.syntax_error(self._cursor.here.text)
        return self._parsed

    # Conditions, from the loosest binding to the tightest.

    def _or(self) -> Node:
        node = self._and()
        while self._cursor.take_if("OR"):
            node = Node("or", children=(node, self._and()))
        return node

    def _and(self) -> Node:
        node = self._term()
        while self._cursor.take_if("AND"):
            node = Node("and", children=(node, self._term()))
        return node

    def _term(self) -> Node:
        here = self._cursor.here
        if here.is_any("("):
            if self._cursor.is_group_of_group():
                raise self._refuse("The expression has redundant parentheses;")
            self._cursor.take()
            node = self._or()
            self._cursor.take_one(")")
            return node
        if here.kind == "word" and self._cursor.following.is_any("("):
            return self._function()
        return self._comparison()

    def _function(self) -> Node:
        name = self._cursor.take().text
        if name not in FUNCTIONS:
            raise self._refuse(f"Invalid function name; function: {name}")
        self._cursor.take_one("(")
        if self._cursor.here.kind == "value":
            raise self._refuse(f"Operator or function requires a document path; operator or function: {name}")
        path = self._path()
        self._cursor.take_one(")")
        return Node(name, children=(path,))

    def _comparison(self) -> Node:
        left = self._operand()
        comparator = self._cursor.take_one(*COMPARATORS)
        return Node(comparator.text, children=(left, self._operand()))

    def _operand(self) -> Node:
        return self._value() if self._cursor.here.kind == "value" else self._path()

    def _value(self) -> Node:
        token = self._cursor.take()
        if token.kind != "value":
            raise self._cursor.syntax_error(token.text)
        self._parsed.values.add(token.text)
        return Node("value", token.text)

    def _path(self) -> Node:
        token = self._cursor.take()
        if token.kind == "name":
            self._parsed.names.add(token.text)
        elif token.kind != "word":
            raise self._cursor.syntax_error(token.text)
        elif token.text.upper() in RESERVED:
            raise self._refuse(f"Attribute name is a reserved keyword; reserved keyword: {token.text}")
        return Node("path", token.text)

    # Updates and projections.

    def _paths(self) -> list[Node]:
        paths = [self._path()]
        while self._cursor.take_if(","):
            paths.append(self._path())
        return paths

    def _clauses(self) -> list[Action]:
        actions: list[Action] = []
        seen: set[str] = set()
        while self._cursor.here.kind != "end":
            clause = self._cursor.take_one(*CLAUSES).text.upper()
            if clause in seen:
                raise self._refuse(f'The "{clause}" section can only be used once in an update expression;')
            seen.add(clause)
            actions.append(self._action(clause))
            while self._cursor.take_if(","):
                actions.append(self._action(clause))
        return actions

    def _action(self, clause: str) -> Action:
        path = self._path()
        if clause == "REMOVE":
            return Action(clause, path)
        if clause == "ADD":
            return Action(clause, path, self._value())
        self._cursor.take_one("=")
        return Action(clause, path, self._new_value())

    def _new_value(self) -> Node:
        here = self._cursor.here
        if here.kind != "word" or not self._cursor.following.is_any("("):
            return self._operand()
        if here.text != "if_not_exists":
            raise self._refuse(f"Invalid function name; function: {here.text}")
        self._cursor.take()
        self._cursor.take_one("(")
        path = self._path()
        self._cursor.take_one(",")
        other = self._new_value()
        self._cursor.take_one(")")
        return Node("if_not_exists", children=(path, other))

    def _refuse(self, problem: str) -> ServiceError:
        return validation_error(f"Invalid {self._parsed.kind}: {problem}")
