"""Lanes that are threads: one at a time runs, and whoever waits for the network lets the others go on."""

import threading
from collections.abc import Callable, Iterator

import pytest
from registrar.runtime.concurrency import ThreadedTaskRunner

PATIENCE_S = 10.0


@pytest.fixture
def runner() -> Iterator[ThreadedTaskRunner]:
    with ThreadedTaskRunner(4) as threads:
        yield threads


class Client:
    """Something that waits: for whoever else calls it at the same time."""

    exceptions = ("Refused",)

    def __init__(self, number: int) -> None:
        self._meeting = threading.Barrier(number)

    def call(self, word: str, *, times: int = 1) -> str:
        self._meeting.wait(PATIENCE_S)
        return word * times

    def fail(self) -> None:
        raise ValueError("refused")


def done(runner: ThreadedTaskRunner, *errands: Callable[[], None]) -> None:
    """Do errands side by side, and wait for all of them."""
    left = list(errands)

    def counted(task: Callable[[], None]) -> Callable[[], None]:
        def do() -> None:
            try:
                task()
            finally:
                left.remove(task)

        return do

    for task in errands:
        runner.start(counted(task))
    while left:
        runner.wait(PATIENCE_S)


def test_an_errand_that_fails_lets_the_others_go_on(runner: ThreadedTaskRunner) -> None:
    told = []

    def fail() -> None:
        raise ValueError("no matter")

    done(runner, fail, lambda: told.append("done"))
    assert told == ["done"]


def test_a_call_that_fails_takes_the_turn_back(runner: ThreadedTaskRunner) -> None:
    with pytest.raises(ValueError, match="refused"):
        runner.releasing_lock(Client(1)).fail()
    done(runner, lambda: None)


def test_calls_wait_side_by_side(runner: ThreadedTaskRunner) -> None:
    client, answers = runner.releasing_lock(Client(3)), []

    def call(word: str) -> Callable[[], None]:
        return lambda: answers.append(client.call(word, times=2))

    done(runner, *(call(word) for word in "abc"))
    assert sorted(answers) == ["aa", "bb", "cc"]


def test_between_two_calls_nobody_else_runs(runner: ThreadedTaskRunner) -> None:
    shared = [0]

    def add() -> None:
        for _ in range(200):
            seen = shared[0]
            for _ in range(50):  # long enough for Python to change threads
                pass
            shared[0] = seen + 1

    done(runner, *[add] * 4)
    assert shared == [800]


def test_whoever_sleeps_lends_his_turn(runner: ThreadedTaskRunner) -> None:
    order = []

    def sleep() -> None:
        order.append("asleep")
        runner.sleep(0.05)
        order.append("awake")

    done(runner, sleep, lambda: order.append("meanwhile"))
    assert sorted(order) == ["asleep", "awake", "meanwhile"]


def test_what_is_no_call_is_handed_on(runner: ThreadedTaskRunner) -> None:
    assert runner.releasing_lock(Client(1)).exceptions == ("Refused",)


def test_an_invocation_holds_the_turn_while_it_lasts() -> None:
    threads = ThreadedTaskRunner(1)
    told = []
    for _ in range(2):
        with threads:
            done(threads, lambda: told.append(threading.current_thread().name[:6]))
    assert told == ["worker"] * 2
