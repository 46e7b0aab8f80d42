"""The clock of several who live side by side, one at a time, in an order that the seed decides.

In: actors, each a function that sleeps on this clock. Out: epoch seconds. Whoever sleeps gives his turn to whoever has
to wake up first; of two at the same moment, rng decide. So sleeps overlap, as on a real clock, no two ever run at
once, and the same seed gives the same story. Every call of a fake sleeps (no time, or its latency): turns change there.

An actor can be killed: at a moment (`kill_at`), or after so many kill points (`kill_after`): each sleep of
his, and each `kill_point()`. The dead raise TimeIsUp whenever they touch the clock, until `kill_at(None)`.

What an actor starts in his `runner` are actors too, who bear his name and die with him.
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
    """Another actor failed: this one has to end."""


@dataclass
class Lifetime:
    """How it ends, for an actor and for whatever he has under way in lanes."""

    killed_at_s: float | None = None
    kill_points_left: int | None = None
    is_killed: bool = False


@dataclass(eq=False)
class Actor:
    """One who sleeps and wakes; times in epoch seconds."""

    name: str
    resumes_at_s: float
    tie_breaker: float
    resume: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    lifetime: Lifetime = field(default_factory=Lifetime)
    waiting_in: "SimulatedTaskRunner | None" = None


class SimulatedClock(VirtualClock):
    """The clock. Outside of `run` it is an ordinary one."""

    def __init__(self, start_s: float, seed: int) -> None:
        super().__init__(start_s)
        self._rng = random.Random(f"turns {seed}")
        self._actors: list[Actor] = []
        self._thread = threading.local()
        self._failure: BaseException | None = None
        self._all_done = threading.Semaphore(0)

    @property
    def actor(self) -> str:
        """The name of whoever has the turn; empty outside of `run`."""
        actor = self._current_actor()
        return actor.name if actor else ""

    def run(self, actors: Mapping[str, Callable[[], None]]) -> None:
        """Let them live until all of them have returned; raise the first failure."""
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
        """Tell of a moment at which a death would matter."""
        actor = self._current_actor()
        if actor is not None and actor.lifetime.kill_points_left is not None:
            actor.lifetime.kill_points_left -= 1
            if actor.lifetime.kill_points_left <= 0:
                actor.lifetime.kill_points_left, actor.lifetime.is_killed = None, True
        self._raise_if_killed()

    def kill_after(self, kill_points: int | None) -> None:
        """Kill the actor whose turn it is after so many kill_points."""
        actor = self._current_actor()
        if actor is not None:
            actor.lifetime.kill_points_left = kill_points

    def kill_at(self, moment_s: float | None) -> None:
        """Kill the actor whose turn it is at this moment; None: he lives on, or again."""
        actor = self._current_actor()
        if actor is None:
            super().kill_at(moment_s)
            return
        if moment_s is None:
            actor.lifetime = Lifetime()  # another one: what he left under way stays dead
        else:
            actor.lifetime.killed_at_s = moment_s

    def task_runner(self) -> "TaskRunner":
        """Return lanes for whoever has the turn."""
        return super().task_runner() if self._current_actor() is None else SimulatedTaskRunner(self)

    def start_task(self, runner: "SimulatedTaskRunner", task: Callable[[], None]) -> None:
        """Have another actor do something beside the one whose turn it is, in his name and with his life."""
        parent = self._current_actor()
        if parent is None:
            raise RuntimeError("nobody has the turn")
        actor = Actor(parent.name, self._now_s, self._rng.random(), lifetime=parent.lifetime)
        self._actors.append(actor)

        def run_task() -> None:
            try:
                task()
            except TimeIsUp:
                pass  # he died with the actor who started him
            finally:
                for one in self._actors:
                    if one.waiting_in is runner:
                        one.resumes_at_s = self._now_s

        threading.Thread(target=self._run_actor, args=(actor, run_task), daemon=True).start()

    def wait_for_task(self, runner: "SimulatedTaskRunner", seconds: float) -> None:
        """Sleep until an errand in these lanes ends, or for so long."""
        actor = self._current_actor()
        if actor is None:
            raise RuntimeError("nobody has the turn")
        actor.waiting_in = runner
        try:
            self.sleep(seconds)
        finally:
            actor.waiting_in = None

    def sleep(self, seconds: float) -> None:
        """Let others have their turns until `seconds` have passed."""
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
            pass  # the failure is another's, and told by him
        except BaseException as error:  # noqa: BLE001 - raised by `run`, in the thread of whoever asked
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

    def _raise_if_killed(self) -> None:
        actor = self._current_actor()
        if actor is None:
            super()._raise_if_killed()
        elif actor.lifetime.is_killed or (
            actor.lifetime.killed_at_s is not None and self._now_s >= actor.lifetime.killed_at_s
        ):
            raise TimeIsUp(f"{actor.name} was killed at {self._now_s:.3f}")


class SimulatedTaskRunner:
    """Lanes whose errands sleep at the same time."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock

    def start(self, task: Callable[[], None]) -> None:
        """Have it done beside whatever is under way."""
        self._clock.start_task(self, task)

    def wait(self, seconds: float) -> None:
        """Sleep until an errand ends, or for so long."""
        self._clock.wait_for_task(self, seconds)
