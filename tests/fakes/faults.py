"""How fakes break, the same way for every fake.

In: orders given by a test (`fail_next`, `lose_answer`, `deny`, `chaos`, ...). Out, for each call: an error to
raise before the effect, an error to raise after it, or neither; and for each entry of a batch: a code, or
none.
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
    """What is to happen to calls of one operation; `left` None: until healed."""

    operation: str
    left: int | None
    when: Predicate | None = None
    error: ErrorSource | None = None
    answer_lost: bool = False
    action: Callable[[Params], None] | None = None

    def matches(self, operation: str, params: Params) -> bool:
        """Tell whether this call is meant, without using the fault up."""
        right_name = self.operation in (ANY, operation)
        return right_name and self.left != 0 and (self.when is None or self.when(params))


@dataclass
class EntryFault:
    """What is to happen to entries of one batch operation."""

    operation: str
    when: Predicate
    code: str
    message: str
    sender_fault: bool
    left: int | None

    def matches(self, operation: str, entry: Params) -> bool:
        """Tell whether this entry is meant, without using the fault up."""
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
        """Tell whether this operation takes part."""
        return self.operations is None or operation in self.operations


@dataclass(frozen=True)
class InjectedErrors:
    """What happens to one call: `before` is raised instead of the effect, `after` instead of the answer."""

    before: ErrorSource | None = None
    after: ErrorSource | None = None


class FaultInjection:
    """The orders a test may give to a fake. Explicit orders come first, chaos last."""

    # What each service says when it throttles and when IAM denies; the fakes override them.
    throttled_code = "ThrottlingException"
    denied_code = "AccessDeniedException"
    endpoint_url = "https://fake.invalid/"

    def __init__(self) -> None:
        """Start healthy."""
        self._fault_lock = threading.RLock()
        self._call_faults: list[CallFault] = []
        self._entry_faults: list[EntryFault] = []
        self._chaos = Chaos()

    def fail_next(self, operation: str, error: ErrorSource, times: int = 1, *, when: Predicate | None = None) -> None:
        """Raise `error` instead of the next `times` calls (of those that `when` picks); they have no effect."""
        self._order(CallFault(operation, times, when, error))

    def fail_always(self, *operations: str, error: ErrorSource, when: Predicate | None = None) -> None:
        """Raise `error` instead of every call of these operations (none named: of all) until `heal`."""
        for operation in operations or (ANY,):
            self._order(CallFault(operation, None, when, error))

    def lose_answer(self, operation: str, times: int = 1, *, when: Predicate | None = None) -> None:
        """Let the next `times` calls take effect, and raise ReadTimeoutError instead of answering."""
        self._order(CallFault(operation, times, when, answer_lost=True))

    def before_next(self, operation: str, action: Callable[[Params], None], times: int = 1) -> None:
        """Run `action` just before the effect of the next `times` calls: somebody else is quicker."""
        self._order(CallFault(operation, times, action=action))

    def fail_entries(
        self,
        operation: str,
        when: Predicate,
        code: str = "InternalError",
        *,
        message: str = "entry failed by order of the test",
        sender_fault: bool = False,
        times: int | None = None,
    ) -> None:
        """Fail the entries of a batch call that `when` picks, `times` entries at most (None: until healed).

        DynamoDB knows no code for an entry: there it comes back as unprocessed.
        """
        with self._fault_lock:
            self._entry_faults.append(EntryFault(operation, when, code, message, sender_fault, times))

    def throttle(self, *operations: str) -> None:
        """Answer every call of these operations (none named: of all) with the service's throttling error."""
        self.fail_always(*operations, error=self.throttled_code)

    def deny(self, *operations: str) -> None:
        """Answer every call of these operations as IAM does when a permission is missing."""
        self.fail_always(*operations, error=self.denied_code)

    def unreachable(self, *operations: str) -> None:
        """Let no call of these operations through to the service."""
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
        """Break calls and entries at random, but the same for the same seed and order of calls.

        `errors` empty: throttled, or not reached. `operations` empty: all of them.
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
        """Forget the orders for these operations; none named: all orders, and the chaos."""
        with self._fault_lock:
            if not operations:
                self._call_faults, self._entry_faults, self._chaos = [], [], Chaos()
            self._call_faults = [fault for fault in self._call_faults if fault.operation not in operations]
            self._entry_faults = [fault for fault in self._entry_faults if fault.operation not in operations]

    def _order(self, fault: CallFault) -> None:
        with self._fault_lock:
            self._call_faults.append(fault)

    def _injected_errors(self, operation: str, params: Params) -> InjectedErrors:
        """Return what happens to this call, and use the faults up that it met."""
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
