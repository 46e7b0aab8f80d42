"""How Lambda reads a partial batch response: which messages stay on the queue.

Source: Lambda Developer Guide, "Implementing partial batch responses", success and failure conditions.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reading:
    """Which messages stay on the queue; `fault` says why the whole batch counts as failed, else None."""

    staying: frozenset[str]
    fault: str | None = None


def read_response(response: Any, message_ids: Collection[str]) -> Reading:
    """Apply Lambda's rules: without reported failures the batch succeeded; after one wrong report all of it failed."""
    everything = frozenset(message_ids)
    try:
        answer = json.loads(json.dumps(response))
    except (TypeError, ValueError) as broken:
        return Reading(everything, f"the response is not JSON: {broken}")
    if answer is None:
        return Reading(frozenset())
    if not isinstance(answer, dict):
        return Reading(everything, f"the response is a {type(answer).__name__}, not an object")
    failures = answer.get("batchItemFailures")
    if failures is None:
        return Reading(frozenset())
    if not isinstance(failures, list):
        return Reading(everything, "batchItemFailures is not a list")
    return _read_items(failures, everything)


def _read_items(failures: list[Any], everything: frozenset[str]) -> Reading:
    staying: set[str] = set()
    for item in failures:
        identifier = item.get("itemIdentifier") if isinstance(item, dict) else None
        if not isinstance(identifier, str) or not identifier:
            return Reading(everything, "an item has no itemIdentifier, or an empty one")
        if identifier not in everything:
            return Reading(everything, f"unknown itemIdentifier {identifier}")
        staying.add(identifier)
    return Reading(frozenset(staying))
