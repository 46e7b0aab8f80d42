"""Parse `template.yaml`: its content, its lines, and its numbers with their line numbers.

Short forms of functions become long ones (`!Ref X` is `{"Ref": "X"}`, `!GetAtt X.Arn` is `{"Fn::GetAtt": "X.Arn"}`).
A duplicate key is an error: YAML would silently take the last one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "template.yaml").read_text(encoding="utf-8")


class _Loader(yaml.SafeLoader):
    """A loader that builds plain values only; dates stay text."""


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    assert not twice, f"{node.start_mark}: twice {twice}"
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _function)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Number:
    """A number in the template. `line` counts from 0."""

    path: str
    value: float
    line: int


@dataclass(frozen=True)
class Template:
    """The template, parsed on first use."""

    text: str

    @cached_property
    def content(self) -> dict[str, Any]:
        content = yaml.load(self.text, _Loader)
        assert isinstance(content, dict)
        return content

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        parameters: dict[str, dict[str, Any]] = self.content["Parameters"]
        return parameters

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        resources: dict[str, dict[str, Any]] = self.content["Resources"]
        return resources

    @property
    def outputs(self) -> dict[str, dict[str, Any]]:
        outputs: dict[str, dict[str, Any]] = self.content["Outputs"]
        return outputs

    def properties(self, logical_id: str) -> dict[str, Any]:
        """Return the properties of one resource."""
        assert logical_id in self.resources, f"there is no {logical_id}"
        properties: dict[str, Any] = self.resources[logical_id]["Properties"]
        return properties

    def of_type(self, type_: str) -> dict[str, dict[str, Any]]:
        """Return the properties of all resources of one type, by logical id."""
        return {name: one["Properties"] for name, one in self.resources.items() if one["Type"] == type_}

    def line_of(self, section: str, name: str) -> int:
        """Return the line of a key directly below a top-level section, from 0."""
        start = self.lines.index(f"{section}:")
        return self.lines.index(f"  {name}:", start)

    def numbers(self, section: str) -> Iterator[Number]:
        """Yield all numbers in one top-level section; an alias does not repeat the numbers of its anchor."""
        root = yaml.compose(self.text, _Loader)
        assert isinstance(root, yaml.MappingNode)
        (found,) = [value for key, value in root.value if key.value == section]
        seen: set[int] = set()
        yield from _numbers(found, section, seen)


def _numbers(node: yaml.Node, path: str, seen: set[int]) -> Iterator[Number]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _numbers(value, f"{path}.{key.value}", seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _numbers(item, path, seen)
    elif node.tag in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}:
        yield Number(path, float(node.value), node.start_mark.line)


def references(value: object) -> Iterator[str]:
    """Yield the names that a value refers to by Ref or GetAtt."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner.split(".")[0]
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


Check = Callable[[Template], None]


def assert_can_fail(check: Check, old: str, new: str) -> None:
    """Assert that a check can fail: it fails on a template in which `old` is replaced by `new`."""
    assert old in TEXT, f"the template no longer holds {old!r}: change this test"
    with pytest.raises((AssertionError, KeyError)):
        check(Template(TEXT.replace(old, new)))
