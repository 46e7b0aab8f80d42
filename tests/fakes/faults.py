"""Fault injection, the same for every fake.

A test injects faults (`fail_next`, `lose_answer`, `deny`, `chaos`, ...). Each call then gets an error before its
effect, an error after it, or neither; each entry of a batch call gets an error code, or none.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.fakes.errors import ErrorSource, no_answer, not_reached

Params = dict[str, Any]
Predicate = Callable[[Params], bool]
ANY = "*"


@dataclass
class CallFault:
    """A fault for calls of one operation; `left` None: until healed."""

    operation: str
    left: int | None
    when: Predicate | None = None
    error: ErrorSource | None = None
    answer_lost: bool = False
    action: Callable[[Params], None] | None = None

    def matches(self, operation: str, params: Params) -> bool:
        """Return whether the fault applies to this call, without using it up."""
        right_name = self.operation in (ANY, operation)
        return right_name and self.left != 0 and (self.when is None or self.when(params))


@dataclass
class EntryFault:
    """A fault for entries of one batch operation."""

    operation: str
    when: Predicate
    code: str
    message: str
    sender_fault: bool
    left: int | None

    def matches(self, operation: str, entry: Params) -> bool:
        """Return whether the fault applies to this entry, without using it up."""
        return self.operation == operation and self.left != 0 and self.when(entry)


F = TypeVar("F", CallFault, EntryFault)


@dataclass
class Chaos:
    """Random faults: rates are shares of calls (or of entries) between 0 and 1."""

    error_rate: float = 0.0
    lost_rate: float = 0.0
    entry_rate: float = 0.0
    errors: tuple[ErrorSource, ...] = ()
    operations: frozenset[str] | None = None
    rng: random.Random = field(default_factory=lambda: random.Random(0))

    def reaches(self, operation: str) -> bool:
        """Return whether this operation gets random faults."""
        return self.operations is None or operation in self.operations


@dataclass(frozen=True)
class InjectedErrors:
    """The errors of one call: `before` is raised instead of the effect, `after` instead of the response."""

    before: ErrorSource | None = None
    after: ErrorSource | None = None


class FaultInjection:
    """The faults that a test can inject into a fake. Explicit faults come first, chaos last."""

    # Error codes of throttling and of a missing IAM permission; the fakes override them.
    throttled_code = "ThrottlingException"
    denied_code = "AccessDeniedException"
    endpoint_url = "https://fake.invalid/"

    def __init__(self) -> None:
        """Start without faults."""
        self._fault_lock = threading.RLock()
        self._call_faults: list[CallFault] = []
        self._entry_faults: list[EntryFault] = []
        self._chaos = Chaos()

    def fail_next(self, operation: str, error: ErrorSource, times: int = 1, *, when: Predicate | None = None) -> None:
        """Raise `error` instead of the next `times` calls (of those that `when` selects); they have no effect."""
        self._add(CallFault(operation, times, when, error))

    def fail_always(self, *operations: str, error: ErrorSource, when: Predicate | None = None) -> None:
        """Raise `error` instead of every call of these operations (none named: of all) until `heal`."""
        for operation in operations or (ANY,):
            self._add(CallFault(operation, None, when, error))

    def lose_answer(self, operation: str, times: int = 1, *, when: Predicate | None = None) -> None:
        """Let the next `times` calls take effect, and raise ReadTimeoutError instead of returning."""
        self._add(CallFault(operation, times, when, answer_lost=True))

    def before_next(self, operation: str, action: Callable[[Params], None], times: int = 1) -> None:
        """Run `action` just before the effect of the next `times` calls, such as a concurrent write."""
        self._add(CallFault(operation, times, action=action))

    def fail_entries(
        self,
        operation: str,
        when: Predicate,
        code: str = "InternalError",
        *,
        message: str = "entry failed by the test",
        sender_fault: bool = False,
        times: int | None = None,
    ) -> None:
        """Fail the entries of a batch call that `when` selects, `times` entries at most (None: until healed).

        DynamoDB has no code for an entry: it returns the entry as unprocessed.
        """
        with self._fault_lock:
            self._entry_faults.append(EntryFault(operation, when, code, message, sender_fault, times))

    def throttle(self, *operations: str) -> None:
        """Throttle every call of these operations (none named: of all)."""
        self.fail_always(*operations, error=self.throttled_code)

    def deny(self, *operations: str) -> None:
        """Deny every call of these operations, as IAM does when a permission is missing."""
        self.fail_always(*operations, error=self.denied_code)

    def unreachable(self, *operations: str) -> None:
        """Let no call of these operations reach the service."""
        self.fail_always(*operations, error=lambda: not_reached(self.endpoint_url))

    def chaos(
        self,
        error_rate: float = 0.0,
        *,
        lost_rate: float = 0.0,
        entry_rate: float = 0.0,
        errors: tuple[ErrorSource, ...] = (),
        operations: tuple[str, ...] = (),
        seed: int = 0,
    ) -> None:
        """Fail calls and entries at random, the same for the same seed and order of calls.

        `errors` empty: throttled, or not reached. `operations` empty: all.
        """
        usual: tuple[ErrorSource, ...] = (self.throttled_code, lambda: not_reached(self.endpoint_url))
        with self._fault_lock:
            self._chaos = Chaos(
                error_rate,
                lost_rate,
                entry_rate,
                errors or usual,
                frozenset(operations) or None,
                random.Random(seed),
            )

    def heal(self, *operations: str) -> None:
        """Remove the faults of these operations; none named: all faults, and the chaos."""
        with self._fault_lock:
            if not operations:
                self._call_faults, self._entry_faults, self._chaos = [], [], Chaos()
            self._call_faults = [fault for fault in self._call_faults if fault.operation not in operations]
            self._entry_faults = [fault for fault in self._entry_faults if fault.operation not in operations]

    def _add(self, fault: CallFault) -> None:
        with self._fault_lock:
            self._call_faults.append(fault)

    def _injected_errors(self, operation: str, params: Params) -> InjectedErrors:
        """Return the errors of this call, and use up the faults that apply."""
        with self._fault_lock:
            if not self._call_faults and not self._chaos.error_rate and not self._chaos.lost_rate:
                return InjectedErrors()
            fault = _use_first(self._call_faults, operation, params)
        if fault is None:
            return self._random_errors(operation)
        if fault.action is not None:
            fault.action(params)
            return self._injected_errors(operation, params)
        if fault.answer_lost:
            return InjectedErrors(after=lambda: no_answer(self.endpoint_url))
        return InjectedErrors(before=fault.error)

    def _random_errors(self, operation: str) -> InjectedErrors:
        chaos = self._chaos
        if not chaos.reaches(operation):
            return InjectedErrors()
        with self._fault_lock:
            drawn = chaos.rng.random()
            if drawn < chaos.error_rate:
                return InjectedErrors(before=chaos.rng.choice(chaos.errors))
        if drawn < chaos.error_rate + chaos.lost_rate:
            return InjectedErrors(after=lambda: no_answer(self.endpoint_url))
        return InjectedErrors()

    def _entry_fault(self, operation: str, entry: Params) -> EntryFault | None:
        """Return the fault of this entry of a batch, if any, and use it up."""
        chaos = self._chaos
        if not self._entry_faults and not chaos.entry_rate:
            return None
        with self._fault_lock:
            fault = _use_first(self._entry_faults, operation, entry)
            if fault is None and chaos.reaches(operation) and chaos.rng.random() < chaos.entry_rate:
                return EntryFault(operation, lambda _: True, "InternalError", "chaos", False, 1)
            return fault


def _use_first(faults: list[F], operation: str, params: Params) -> F | None:
    for fault in faults:
        if fault.matches(operation, params):
            if fault.left is not None:
                fault.left -= 1
                if not fault.left:
                    faults.remove(fault)
            return fault
    return None
