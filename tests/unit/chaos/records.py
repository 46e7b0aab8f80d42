"""Records of a chaos run, for tests of its checks."""

from typing import Any

from tests.chaos.evaluation.invariants import Violations
from tests.chaos.evaluation.record import Record
from tests.chaos.workload.submissions import Key, Validity

ADA: Key = ("97871060099", "ada@example.com")
NOON = 1_795_435_200.0


def record_of(**changes: Any) -> Record:
    """Return the record of a run with one registrant, in which nothing happened but `changes`."""
    empty: dict[str, Any] = {
        "submissions": [],
        "plans": [],
        "validity": {ADA: Validity.VALID},
        "rows": {},
        "dead_letters": [],
        "waiting": [],
        "lost_by_queue": [],
        "calls": [],
        "deliveries": {},
        "writes": {},
        "at_zoom": {},
        "violations": Violations(),
        "histories": {},
    }
    return Record(**empty | changes)
