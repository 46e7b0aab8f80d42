"""Run tasks on threads under one lock, released during I/O, so shared state needs no locks of its own.

This is a GIL of our own: a thread that holds the lock runs until its next AWS or Zoom call, sleep or wait.
The runner lives as long as the execution environment; an invocation holds the lock (`with runner:`).
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
    """Runs tasks concurrently.

    A task handles its own errors, and none may still be running when an invocation ends.
    """

    def start(self, task: Task) -> None:
        """Run the task concurrently with the tasks already running."""

    def wait(self, seconds: float) -> None:
        """Release the lock until a task ends, or for `seconds`."""


class ThreadedTaskRunner:
    """Runs tasks on a pool of threads."""

    def __init__(self, max_threads: int) -> None:
        self._lock = threading.Lock()
        self._task_ended = threading.Condition(self._lock)
        self._pool = ThreadPoolExecutor(max_threads, thread_name_prefix="worker")

    def __enter__(self) -> Self:
        self._lock.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    def start(self, task: Task) -> None:
        """Run the task concurrently with the tasks already running."""
        self._pool.submit(self._run, task)

    def wait(self, seconds: float) -> None:
        """Release the lock until a task ends, or for `seconds`."""
        self._task_ended.wait(seconds)

    def sleep(self, seconds: float) -> None:
        """Sleep with the lock released."""
        with self.unlocked():
            time.sleep(seconds)

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Release the lock for the block, which must not touch shared state."""
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()

    def releasing_lock(self, target: Target) -> Target:
        """Wrap an AWS or Zoom client so that each of its calls releases the lock."""
        return cast(Target, _LockReleasing(target, self))

    def _run(self, task: Task) -> None:
        with self._lock:
            try:
                task()
            finally:
                self._task_ended.notify_all()


class _LockReleasing:
    def __init__(self, target: object, runner: ThreadedTaskRunner) -> None:
        self._target = target
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._target, name)
        if hasattr(attribute, "__func__"):  # values such as a client's `exceptions` stay as they are
            attribute = self._releasing(attribute)
        setattr(self, name, attribute)  # later lookups skip __getattr__
        return attribute

    def _releasing(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            with self._runner.unlocked():
                return method(*arguments, **named)

        return call
