"""Split DynamoDB's expressions into tokens, for `parser.py`.

Operators and functions that no code of this repository uses, and nested paths, raise NotModelledError here. The rest is
the modelled subset, or a syntax error as on AWS.
"""

import re
from dataclasses import dataclass
from importlib.metadata import distribution
from typing import Final

from tests.fakes.errors import NotModelledError, ServiceError, validation_error

# moto's `ReservedKeywords` (Developer Guide, "reserved words in DynamoDB"), read from its data file: importing moto
# takes 0.3 s and adds hooks to every botocore client of the process, also to those that bench measures.
_RESERVED_WORDS: Final = distribution("moto").locate_file("moto/dynamodb/parsing/reserved_keywords.txt")
RESERVED: Final = frozenset(_RESERVED_WORDS.read_text(encoding="ascii").split())

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<name>\#[A-Za-z0-9_]+) | (?P<value>:[A-Za-z0-9_]+) | (?P<word>[A-Za-z][A-Za-z0-9_]*)
        | (?P<not_modelled><>|[.\[\]+-]) | (?P<symbol><=|>=|[=<>(),]) | (?P<end>\Z) | (?P<unknown>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS_NOT_MODELLED: Final = frozenset(
    {"ATTRIBUTE_TYPE", "BEGINS_WITH", "BETWEEN", "CONTAINS", "DELETE", "IN", "LIST_APPEND", "NOT", "SIZE"}
)


@dataclass(frozen=True)
class Token:
    """One token: `kind` is name (#n), value (:v), word, symbol or end."""

    kind: str
    text: str

    def is_any(self, *texts: str) -> bool:
        """Return whether this is one of these symbols, or of these keywords in any case."""
        return self.kind in ("word", "symbol") and self.text.upper() in texts


class Cursor:
    """The tokens of one expression; `kind` is the parameter's name, with which AWS begins each error message."""

    def __init__(self, kind: str, text: str) -> None:
        """Split the text."""
        self.kind = kind
        if not text.strip():
            raise validation_error(f"Invalid {kind}: The expression can not be empty;")
        self._tokens = self._split(text)
        self._at = 0

    def _split(self, text: str) -> list[Token]:
        tokens: list[Token] = []
        for match in _TOKEN.finditer(text):
            kind = str(match.lastgroup)
            if kind == "not_modelled" or match[kind].upper() in _WORDS_NOT_MODELLED:
                raise NotModelledError(f"{self.kind}: {match[kind]} in: {text}")
            if kind == "unknown":
                raise self.syntax_error(match[kind])
            tokens.append(Token(kind, match[kind]))
            if kind == "end":
                break
        return tokens

    @property
    def here(self) -> Token:
        """Return the token at the cursor."""
        return self._tokens[self._at]

    @property
    def following(self) -> Token:
        """Return the token after the one at the cursor."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Return the token at the cursor and move on."""
        token = self.here
        if token.kind != "end":
            self._at += 1
        return token

    def take_if(self, *texts: str) -> Token | None:
        """Go over one of these symbols or keywords, if one stands here."""
        return self.take() if self.here.is_any(*texts) else None

    def take_one(self, *texts: str) -> Token:
        """Go over one of these symbols or keywords, which has to stand here."""
        if not self.here.is_any(*texts):
            raise self.syntax_error(self.here.text)
        return self.take()

    def is_group_of_group(self) -> bool:
        """Return whether the parentheses that open here hold nothing but other parentheses: `((a = :v))`."""
        closing: dict[int, int] = {}
        opened: list[int] = []
        for place, token in enumerate(self._tokens):
            if token.is_any("("):
                opened.append(place)
            elif token.is_any(")") and opened:
                closing[opened.pop()] = place
        inner_end = closing.get(self._at + 1)
        return inner_end is not None and closing.get(self._at) == inner_end + 1

    def syntax_error(self, text: str) -> ServiceError:
        """Return AWS's syntax error for a token."""
        return validation_error(f'Invalid {self.kind}: Syntax error; token: "{text or "<EOF>"}"')
