"""What was recorded of a run: all that the checks need."""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from local.fake_zoom.call_log import LoggedCall
from local.fake_zoom.webinars import Registrant
from tests.chaos.evaluation.invariants import Delivered, Event, Row, Violations
from tests.chaos.workload.submissions import Key, Submission, Validity
from tests.chaos.workload.webinars import Plan


@dataclass(frozen=True)
class Record:
    """One run. `dead_letters`: on the dead-letter queue in the end; `calls`: with the invocation of each.

    `writes`: the moments (epoch seconds) at which an invocation wrote a registrant's row.
    """

    submissions: list[Submission]
    plans: list[Plan]
    validity: Mapping[Key, Validity]
    rows: Mapping[Key, Row]
    dead_letters: list[tuple[str, dict[str, str]]]
    waiting: list[str]
    lost_by_queue: list[str]
    calls: list[tuple[str, LoggedCall]]
    deliveries: Mapping[Key, list[Delivered]]
    writes: Mapping[tuple[str, Key], list[float]]
    at_zoom: Mapping[str, Mapping[str, Registrant]]
    violations: Violations
    histories: Mapping[Key | None, list[Event]]
    decided_by_hosts: Set[Key] = frozenset()
    unexpected: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    aws_calls: int = 0
    aws_broken: int = 0
    aws_entries_failed: int = 0
    hours: float = 0.0

    def digest_content(self) -> Any:
        """Return what is the same in all runs of a seed: no ids that the consumer generates."""
        dead_letters = sorted(
            (body, sorted((name, value) for name, value in attributes.items() if name != "batch_id"))
            for body, attributes in self.dead_letters
        )
        calls = [
            (invocation, call.time, call.webinar, call.emails, call.status, call.fault)
            for invocation, call in self.calls
        ]
        return sorted((key, sorted(row.items())) for key, row in self.rows.items()), dead_letters, calls
