"""The clock of a test: every fake and the code under test read it and sleep on it; no real time passes.

Sleeps of several threads add up, they do not overlap: the clock cannot know which threads are still busy. So its task
runner runs one task after the other; the clock of `simulation.py` runs them side by side.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registrar.runtime.concurrency import TaskRunner  # the fakes serve other functions too


# 2026-11-23T14:00:00Z, the moment of the sample message in the contract, section 3.
SAMPLE_MOMENT_S = 1_795_442_400.0


class TimeIsUp(BaseException):
    """Lambda killed the execution environment. Like the real kill, it passes `except Exception`."""


class VirtualClock:
    """A clock that returns epoch seconds when called; `sleep` moves it."""

    def __init__(self, start_s: float = SAMPLE_MOMENT_S) -> None:
        """Start at `start_s`, in epoch seconds."""
        self._lock = threading.Lock()
        self._start_s = start_s
        self._now_s = start_s
        self._killed_at_s: float | None = None

    def __call__(self) -> float:
        """Return the epoch seconds; raise TimeIsUp in an environment that was killed."""
        with self._lock:
            self._raise_if_killed()
            return self._now_s

    def monotonic(self) -> float:
        """Return the seconds since the clock was made."""
        return self() - self._start_s

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; if the environment is killed meanwhile, stop at that moment and raise TimeIsUp."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        with self._lock:
            self._raise_if_killed()
            self._now_s += seconds
            if self._killed_at_s is not None and self._now_s >= self._killed_at_s:
                self._now_s = self._killed_at_s
                self._raise_if_killed()

    def advance_to(self, moment_s: float) -> None:
        """Let time pass until `moment_s` (epoch seconds); a moment in the past changes nothing."""
        self.sleep(max(0.0, moment_s - self()))

    def task_runner(self) -> "TaskRunner":
        """Return a task runner for tasks that sleep on this clock."""
        return SerialTaskRunner(self)

    def kill_at(self, moment_s: float | None) -> None:
        """Raise TimeIsUp on every use of the clock from `moment_s` on; None: never."""
        with self._lock:
            self._killed_at_s = moment_s

    def _raise_if_killed(self) -> None:
        if self._killed_at_s is not None and self._now_s >= self._killed_at_s:
            raise TimeIsUp(f"killed at {self._killed_at_s:.3f}")


class SerialTaskRunner:
    """Runs each task when it is started, to its end."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def start(self, task: Callable[[], None]) -> None:
        """Run the task."""
        task()

    def wait(self, seconds: float) -> None:
        """Sleep: no task is running that could end before."""
        self._clock.sleep(seconds)
