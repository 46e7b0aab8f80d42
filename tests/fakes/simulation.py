"""A clock for several actors, which run one at a time in an order that the seed decides.

An actor is a function that sleeps on this clock. When one sleeps, the clock resumes the actor that wakes up next;
between actors of the same moment the seeded RNG decides. So sleeps overlap as on a real clock, no two actors run at
once, and the same seed gives the same run. Every call of a fake sleeps (for its latency, or 0 seconds), so actors
alternate there.

An actor can be killed at a moment (`kill_at`), or after a number of kill points (`kill_after`). Each sleep of the actor
is a kill point, and so is each call of `kill_point()`. A killed actor gets TimeIsUp whenever it uses the clock, until
`kill_at(None)`.

What an actor starts on its `task_runner` are actors too; they have its name and are killed with it.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.clock import TimeIsUp, VirtualClock

if TYPE_CHECKING:
    from registrar.runtime.concurrency import TaskRunner


class StoppedError(BaseException):
    """Another actor failed, so this one has to end."""


@dataclass
class Lifetime:
    """When an actor is killed, and with it the tasks that it started."""

    killed_at_s: float | None = None
    kill_points_left: int | None = None
    is_killed: bool = False


@dataclass(eq=False)
class Actor:
    """One actor and when it resumes, in epoch seconds."""

    name: str
    resumes_at_s: float
    tie_breaker: float
    resume: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    lifetime: Lifetime = field(default_factory=Lifetime)
    waiting_in: "SimulatedTaskRunner | None" = None


class SimulatedClock(VirtualClock):
    """The clock of the actors. Outside of `run` it is an ordinary virtual clock."""

    def __init__(self, start_s: float, seed: int) -> None:
        super().__init__(start_s)
        self._rng = random.Random(f"turns {seed}")  # the text is part of the seed: another text gives other runs
        self._actors: list[Actor] = []
        self._thread = threading.local()
        self._failure: BaseException | None = None
        self._all_done = threading.Semaphore(0)

    @property
    def actor(self) -> str:
        """Return the name of the running actor; empty outside of `run`."""
        actor = self._current_actor()
        return actor.name if actor else ""

    def run(self, actors: Mapping[str, Callable[[], None]]) -> None:
        """Run all actors until they have returned; raise the first failure."""
        self._actors = [Actor(name, self._now_s, self._rng.random()) for name in actors]
        threads = [
            threading.Thread(target=self._run_actor, args=(actor, actors[actor.name]), daemon=True)
            for actor in self._actors
        ]
        for thread in threads:
            thread.start()
        self._resume_next()
        self._all_done.acquire()
        for thread in threads:
            thread.join()
        if self._failure is not None:
            raise self._failure

    def kill_point(self) -> None:
        """Mark a moment at which it makes a difference whether the running actor is killed."""
        actor = self._current_actor()
        if actor is not None and actor.lifetime.kill_points_left is not None:
            actor.lifetime.kill_points_left -= 1
            if actor.lifetime.kill_points_left <= 0:
                actor.lifetime.kill_points_left, actor.lifetime.is_killed = None, True
        self._raise_if_killed()

    def kill_after(self, kill_points: int | None) -> None:
        """Kill the running actor after so many kill points."""
        actor = self._current_actor()
        if actor is not None:
            actor.lifetime.kill_points_left = kill_points

    def kill_at(self, moment_s: float | None) -> None:
        """Kill the running actor at this moment; None: let it go on, or begin again."""
        actor = self._current_actor()
        if actor is None:
            super().kill_at(moment_s)
        elif moment_s is None:
            actor.lifetime = Lifetime()  # a new one: tasks of the old one stay killed
        else:
            actor.lifetime.killed_at_s = moment_s

    def task_runner(self) -> "TaskRunner":
        """Return a task runner for the running actor."""
        return super().task_runner() if self._current_actor() is None else SimulatedTaskRunner(self)

    def start_task(self, runner: "SimulatedTaskRunner", task: Callable[[], None]) -> None:
        """Run a task as an actor beside the running one, with its name and lifetime."""
        parent = self._required_actor()
        actor = Actor(parent.name, self._now_s, self._rng.random(), lifetime=parent.lifetime)
        self._actors.append(actor)

        def run_task() -> None:
            try:
                task()
            except TimeIsUp:
                pass  # killed with the actor that started it
            finally:
                for one in self._actors:
                    if one.waiting_in is runner:
                        one.resumes_at_s = self._now_s

        threading.Thread(target=self._run_actor, args=(actor, run_task), daemon=True).start()

    def wait_for_task(self, runner: "SimulatedTaskRunner", seconds: float) -> None:
        """Sleep until a task of this runner ends, for `seconds` at most."""
        actor = self._required_actor()
        actor.waiting_in = runner
        try:
            self.sleep(seconds)
        finally:
            actor.waiting_in = None

    def sleep(self, seconds: float) -> None:
        """Let other actors run until `seconds` have passed."""
        actor = self._current_actor()
        if actor is None:
            super().sleep(seconds)
            return
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.kill_point()
        actor.resumes_at_s = self._now_s + seconds
        if actor.lifetime.killed_at_s is not None:
            actor.resumes_at_s = max(self._now_s, min(actor.resumes_at_s, actor.lifetime.killed_at_s))
        actor.tie_breaker = self._rng.random()
        if self._next() is not actor:
            self._resume_next()
            actor.resume.acquire()
        self._now_s = actor.resumes_at_s
        if self._failure is not None:
            raise StoppedError
        self._raise_if_killed()

    def _run_actor(self, actor: Actor, body: Callable[[], None]) -> None:
        self._thread.actor = actor
        actor.resume.acquire()
        try:
            self._now_s = max(self._now_s, actor.resumes_at_s)
            body()
        except StoppedError:
            pass  # the actor that failed has recorded the failure
        except BaseException as error:  # noqa: BLE001 - raised by `run`, in its caller's thread
            self._failure = self._failure or error
        finally:
            self._actors.remove(actor)
            if self._actors:
                self._resume_next()
            else:
                self._all_done.release()

    def _next(self) -> Actor:
        return min(self._actors, key=lambda actor: (actor.resumes_at_s, actor.tie_breaker))

    def _resume_next(self) -> None:
        self._next().resume.release()

    def _current_actor(self) -> Actor | None:
        return getattr(self._thread, "actor", None)

    def _required_actor(self) -> Actor:
        actor = self._current_actor()
        if actor is None:
            raise RuntimeError("no actor is running")
        return actor

    def _raise_if_killed(self) -> None:
        actor = self._current_actor()
        if actor is None:
            super()._raise_if_killed()
            return
        lifetime = actor.lifetime
        if lifetime.is_killed or (lifetime.killed_at_s is not None and self._now_s >= lifetime.killed_at_s):
            raise TimeIsUp(f"{actor.name} was killed at {self._now_s:.3f}")


class SimulatedTaskRunner:
    """Runs tasks beside each other: their sleeps overlap."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock

    def start(self, task: Callable[[], None]) -> None:
        """Start a task beside those that are running."""
        self._clock.start_task(self, task)

    def wait(self, seconds: float) -> None:
        """Sleep until a task ends, for `seconds` at most."""
        self._clock.wait_for_task(self, seconds)
