"""One table: its keys, its items, and the units of reading and writing them.

Source: Developer Guide, "read and write capacity" (4 KB and 1 KB units, half for an eventually consistent read) and
"quotas" (item and key sizes).
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.fakes.dynamodb.values import Item, Value, copy_item, item_bytes, normal, normal_item, sort_key
from tests.fakes.errors import ServiceError, validation_error

MAX_ITEM_BYTES = 409_600
MAX_HASH_KEY_BYTES = 2_048
MAX_RANGE_KEY_BYTES = 1_024
READ_UNIT_BYTES = 4_096
WRITE_UNIT_BYTES = 1_024

Key = tuple[str, ...]


@dataclass
class Units:
    """Consumed read and write units."""

    read: float = 0.0
    write: float = 0.0


def read_units(size_bytes: int) -> float:
    """Return the units of reading so many bytes, eventually consistent; nothing costs as much as little."""
    return max(1, math.ceil(size_bytes / READ_UNIT_BYTES)) * 0.5


def write_units(*items: Item | None) -> float:
    """Return the units of a write, by the larger of the items before and after."""
    largest = max((item_bytes(item) for item in items if item), default=0)
    return float(max(1, math.ceil(largest / WRITE_UNIT_BYTES)))


@dataclass
class Table:
    """The items of a table whose key is one string, or two."""

    name: str
    hash_key: str
    range_key: str | None = None
    consumed: Units = field(default_factory=Units)
    _partitions: dict[str, dict[Key, Item]] = field(default_factory=dict)
    # The item before the last write of a key, which an eventually consistent read may still return.
    _before: dict[Key, Item | None] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """Return the names of the key attributes."""
        return frozenset({self.hash_key} | ({self.range_key} if self.range_key else set()))

    def key(self, given: Mapping[str, Value]) -> Key:
        """Return the key of a `Key` parameter, which may hold no other attribute."""
        if given.keys() != self.keys:
            raise validation_error("The provided key element does not match the schema")
        return self._key_of({name: normal(value) for name, value in given.items()}, of_item=False)

    def key_item(self, key: Key) -> Item:
        """Return the key attributes of a key."""
        names = [self.hash_key, *([self.range_key] if self.range_key else [])]
        return {name: {"S": part} for name, part in zip(names, key, strict=True)}

    def checked(self, item: Mapping[str, Value]) -> tuple[Key, Item]:
        """Return the key and normal form of an item to be put."""
        found = normal_item(item)
        for name in self.keys:
            if name not in found:
                raise validation_error(f"One or more parameter values were invalid: Missing the key {name} in the item")
        key = self._key_of(found, of_item=True)
        check_size(found, "Item size has exceeded the maximum allowed size")
        return key, found

    def get(self, key: Key) -> Item | None:
        """Return the stored item itself."""
        return self._partitions.get(key[0], {}).get(key)

    def get_before(self, key: Key) -> Item | None:
        """Return the item as it was before the last write of this key."""
        return self._before.get(key, self.get(key))

    def write(self, key: Key, item: Item | None) -> None:
        """Store an item; None deletes it."""
        self._before[key] = self.get(key)
        partition = self._partitions.setdefault(key[0], {})
        if item is not None:
            partition[key] = item
        else:
            partition.pop(key, None)

    def partition(self, hash_value: str) -> list[tuple[Key, Item]]:
        """Return the items of one partition in the order of the range key."""
        items = self._partitions.get(hash_value, {}).items()
        return sorted(items, key=lambda entry: [part.encode() for part in entry[0]])

    def everything(self) -> Iterable[tuple[Key, Item]]:
        """Return all items in the order of a scan: partitions by their hash."""
        for hash_value in sorted(self._partitions, key=lambda value: hashlib.sha256(value.encode()).digest()):
            yield from self.partition(hash_value)

    def items(self) -> list[Item]:
        """Return copies of all items, sorted by key."""
        return [copy_item(item) for _, item in sorted(self.everything(), key=lambda entry: entry[0])]

    def _key_of(self, item: Item, *, of_item: bool) -> Key:
        parts = [self._key_part(item, self.hash_key, MAX_HASH_KEY_BYTES, "Hash", of_item=of_item)]
        if self.range_key is not None:
            parts.append(self._key_part(item, self.range_key, MAX_RANGE_KEY_BYTES, "Range", of_item=of_item))
        return tuple(parts)

    def _key_part(self, item: Item, name: str, limit: int, kind: str, *, of_item: bool) -> str:
        value = item[name]
        if "S" not in value:
            if not of_item:
                raise validation_error("The provided key element does not match the schema")
            raise validation_error(
                f"One or more parameter values were invalid: Type mismatch for key {name} expected: S actual:"
                f" {next(iter(value))}"
            )
        if not value["S"]:
            raise validation_error(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an"
                f" empty string value. Key: {name}"
            )
        if len(sort_key(value)) > limit:
            raise validation_error(
                f"One or more parameter values were invalid: Size of {kind.lower()}key has exceeded the maximum size"
                f" limit of {limit} bytes"
            )
        return str(value["S"])


def check_size(item: Item, message: str) -> None:
    """Refuse an item over 400 KB, including attribute names."""
    if item_bytes(item) > MAX_ITEM_BYTES:
        raise validation_error(message)


def condition_failed(item: Item | None, *, shown: bool) -> ServiceError:
    """Return the error of a failed condition; `shown`: with the item, which costs nothing."""
    extra = {"Item": copy_item(item)} if shown and item is not None else {}
    return ServiceError("ConditionalCheckFailedException", "The conditional request failed", **extra)
