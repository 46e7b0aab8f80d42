"""The clock of several who live side by side, one at a time, in an order that the seed decides.

In: actors, each a function that sleeps on this clock. Out: epoch seconds. Whoever sleeps gives his turn to whoever has
to wake up first; of two at the same moment, dice decide. So sleeps overlap, as on a real clock, no two ever run at
once, and the same seed gives the same story. Every call of a fake sleeps (no time, or its latency): turns change there.

An actor can be killed: at a moment (`kill_at`), or after so many instants (`die_after`); an instant is each sleep of
his, and each `instant()`. The dead raise TimeIsUp whenever they touch the clock, until `kill_at(None)`.

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
class Life:
    """How it ends, for an actor and for whatever he has under way in lanes."""

    dies_at_s: float | None = None
    instants_left: int | None = None
    is_dead: bool = False


@dataclass(eq=False)
class Actor:
    """One who sleeps and wakes; times in epoch seconds."""

    name: str
    wakes_at_s: float
    tie: float
    gate: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    life: Life = field(default_factory=Life)
    waits_in: "SideBySide | None" = None


class Turns(VirtualClock):
    """The clock. Outside of `run` it is an ordinary one."""

    def __init__(self, start_s: float, seed: int) -> None:
        super().__init__(start_s)
        self._dice = random.Random(f"turns {seed}")
        self._actors: list[Actor] = []
        self._mine = threading.local()
        self._failure: BaseException | None = None
        self._all_done = threading.Semaphore(0)

    @property
    def actor(self) -> str:
        """The name of whoever has the turn; empty outside of `run`."""
        me = self._me()
        return me.name if me else ""

    def run(self, actors: Mapping[str, Callable[[], None]]) -> None:
        """Let them live until all of them have returned; raise the first failure."""
        self._actors = [Actor(name, self._now_s, self._dice.random()) for name in actors]
        threads = [
            threading.Thread(target=self._live, args=(actor, actors[actor.name]), daemon=True) for actor in self._actors
        ]
        for thread in threads:
            thread.start()
        self._pass_on()
        self._all_done.acquire()
        for thread in threads:
            thread.join()
        if self._failure is not None:
            raise self._failure

    def instant(self) -> None:
        """Tell of a moment at which a death would matter."""
        me = self._me()
        if me is not None and me.life.instants_left is not None:
            me.life.instants_left -= 1
            if me.life.instants_left <= 0:
                me.life.instants_left, me.life.is_dead = None, True
        self._stop_the_dead()

    def die_after(self, instants: int | None) -> None:
        """Kill the actor whose turn it is after so many instants."""
        me = self._me()
        if me is not None:
            me.life.instants_left = instants

    def kill_at(self, moment_s: float | None) -> None:
        """Kill the actor whose turn it is at this moment; None: he lives on, or again."""
        me = self._me()
        if me is None:
            super().kill_at(moment_s)
            return
        if moment_s is None:
            me.life = Life()  # another one: what he left under way stays dead
        else:
            me.life.dies_at_s = moment_s

    def runner(self) -> "TaskRunner":
        """Return lanes for whoever has the turn."""
        return super().runner() if self._me() is None else SideBySide(self)

    def begin(self, runner: "SideBySide", task: Callable[[], None]) -> None:
        """Have another actor do something beside the one whose turn it is, in his name and with his life."""
        parent = self._me()
        if parent is None:
            raise RuntimeError("nobody has the turn")
        actor = Actor(parent.name, self._now_s, self._dice.random(), life=parent.life)
        self._actors.append(actor)

        def live() -> None:
            try:
                task()
            except TimeIsUp:
                pass  # he died with the actor who started him
            finally:
                for one in self._actors:
                    if one.waits_in is runner:
                        one.wakes_at_s = self._now_s

        threading.Thread(target=self._live, args=(actor, live), daemon=True).start()

    def wait(self, runner: "SideBySide", seconds: float) -> None:
        """Sleep until an errand in these lanes ends, or for so long."""
        me = self._me()
        if me is None:
            raise RuntimeError("nobody has the turn")
        me.waits_in = runner
        try:
            self.sleep(seconds)
        finally:
            me.waits_in = None

    def sleep(self, seconds: float) -> None:
        """Let others have their turns until `seconds` have passed."""
        me = self._me()
        if me is None:
            super().sleep(seconds)
            return
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.instant()
        me.wakes_at_s = self._now_s + seconds
        if me.life.dies_at_s is not None:
            me.wakes_at_s = max(self._now_s, min(me.wakes_at_s, me.life.dies_at_s))
        me.tie = self._dice.random()
        if self._next() is not me:
            self._pass_on()
            me.gate.acquire()
        self._now_s = me.wakes_at_s
        if self._failure is not None:
            raise StoppedError
        self._stop_the_dead()

    def _live(self, me: Actor, life: Callable[[], None]) -> None:
        self._mine.actor = me
        me.gate.acquire()
        try:
            self._now_s = max(self._now_s, me.wakes_at_s)
            life()
        except StoppedError:
            pass  # the failure is another's, and told by him
        except BaseException as error:  # noqa: BLE001 - raised by `run`, in the thread of whoever asked
            self._failure = self._failure or error
        finally:
            self._actors.remove(me)
            if self._actors:
                self._pass_on()
            else:
                self._all_done.release()

    def _next(self) -> Actor:
        return min(self._actors, key=lambda actor: (actor.wakes_at_s, actor.tie))

    def _pass_on(self) -> None:
        self._next().gate.release()

    def _me(self) -> Actor | None:
        return getattr(self._mine, "actor", None)

    def _stop_the_dead(self) -> None:
        me = self._me()
        if me is None:
            super()._stop_the_dead()
        elif me.life.is_dead or (me.life.dies_at_s is not None and self._now_s >= me.life.dies_at_s):
            raise TimeIsUp(f"{me.name} was killed at {self._now_s:.3f}")


class SideBySide:
    """Lanes whose errands sleep at the same time."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def start(self, task: Callable[[], None]) -> None:
        """Have it done beside whatever is under way."""
        self._turns.begin(self, task)

    def wait(self, seconds: float) -> None:
        """Sleep until an errand ends, or for so long."""
        self._turns.wait(self, seconds)
