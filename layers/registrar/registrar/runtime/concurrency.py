"""Errands side by side: many wait for the network at once, and one at a time runs our code.

In: errands, and clients whose calls wait. Out: the errands done, each in a thread. Whoever makes a call or sleeps lends
his turn to the others for as long; everything between two calls happens at once, so nothing that the rooms share needs
a lock of its own. Lives as long as the environment; hold it (`with runner:`) while an invocation lasts.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

Task = Callable[[], None]
Target = TypeVar("Target")


class TaskRunner(Protocol):
    """Where errands are done. An errand tells its own failures; none may be left under way when an invocation ends."""

    def start(self, task: Task) -> None:
        """Have it done beside whatever is under way."""

    def wait(self, seconds: float) -> None:
        """Lend the turn until an errand ends, or for so long."""


class ThreadedTaskRunner:
    """Lanes that are threads."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._task_ended = threading.Condition(self._lock)
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="lane")

    def __enter__(self) -> Self:
        self._lock.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    def start(self, task: Task) -> None:
        """Have it done beside whatever is under way."""
        self._pool.submit(self._do, task)

    def wait(self, seconds: float) -> None:
        """Lend the turn until an errand ends, or for so long."""
        self._task_ended.wait(seconds)

    def sleep(self, seconds: float) -> None:
        """Lend the turn for so long."""
        with self.unlocked():
            time.sleep(seconds)

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Let the others go on while the block lasts: it must touch nothing that they share."""
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()

    def releasing_lock(self, target: Target) -> Target:
        """The same object, but whose every call lends the turn: a client of AWS or of Zoom."""
        return cast(Target, _LockReleasing(target, self))

    def _do(self, task: Task) -> None:
        with self._lock:
            try:
                task()
            finally:
                self._task_ended.notify_all()


class _LockReleasing:
    """Stands for a client."""

    def __init__(self, target: object, runner: ThreadedTaskRunner) -> None:
        self._target = target
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._target, name)
        if hasattr(attribute, "__func__"):  # what is no method is a value: a client's `exceptions`
            attribute = self._releasing(attribute)
        setattr(self, name, attribute)  # from now on found without asking here
        return attribute

    def _releasing(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            with self._runner.unlocked():
                return method(*arguments, **named)

        return call
