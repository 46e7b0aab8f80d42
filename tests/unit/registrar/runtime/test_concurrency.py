"""`ThreadedTaskRunner`: one thread runs at a time; a thread that waits for I/O releases the lock."""

import threading
from collections.abc import Callable, Iterator

import pytest
from registrar.runtime.concurrency import ThreadedTaskRunner

TIMEOUT_S = 10.0


@pytest.fixture
def runner() -> Iterator[ThreadedTaskRunner]:
    with ThreadedTaskRunner(4) as threads:
        yield threads


class Client:
    """A client whose call returns when so many threads are in it at once."""

    exceptions = ("Refused",)

    def __init__(self, callers: int) -> None:
        self._barrier = threading.Barrier(callers)

    def call(self, word: str, *, times: int = 1) -> str:
        self._barrier.wait(TIMEOUT_S)
        return word * times

    def fail(self) -> None:
        raise ValueError("refused")


def run_all(runner: ThreadedTaskRunner, *tasks: Callable[[], None]) -> None:
    """Run tasks concurrently, and wait for all of them."""
    left = list(tasks)

    def counted(task: Callable[[], None]) -> Callable[[], None]:
        def do() -> None:
            try:
                task()
            finally:
                left.remove(task)

        return do

    for task in tasks:
        runner.start(counted(task))
    while left:
        runner.wait(TIMEOUT_S)


def test_a_failing_task_does_not_stop_the_others(runner: ThreadedTaskRunner) -> None:
    results = []

    def fail() -> None:
        raise ValueError("no matter")

    run_all(runner, fail, lambda: results.append("done"))
    assert results == ["done"]


def test_a_failing_call_takes_the_lock_again(runner: ThreadedTaskRunner) -> None:
    with pytest.raises(ValueError, match="refused"):
        runner.releasing_lock(Client(1)).fail()
    run_all(runner, lambda: None)


def test_calls_wait_concurrently(runner: ThreadedTaskRunner) -> None:
    client, replies = runner.releasing_lock(Client(3)), []

    def call(word: str) -> Callable[[], None]:
        return lambda: replies.append(client.call(word, times=2))

    run_all(runner, *(call(word) for word in "abc"))
    assert sorted(replies) == ["aa", "bb", "cc"]


def test_between_two_calls_no_other_thread_runs(runner: ThreadedTaskRunner) -> None:
    shared = [0]

    def add() -> None:
        for _ in range(200):
            seen = shared[0]
            for _ in range(50):  # long enough for Python to change threads
                pass
            shared[0] = seen + 1

    run_all(runner, *[add] * 4)
    assert shared == [800]


def test_sleeping_releases_the_lock(runner: ThreadedTaskRunner) -> None:
    order = []

    def sleep() -> None:
        order.append("asleep")
        runner.sleep(0.05)
        order.append("awake")

    run_all(runner, sleep, lambda: order.append("meanwhile"))
    assert sorted(order) == ["asleep", "awake", "meanwhile"]


def test_attributes_that_are_not_callable_are_passed_through(runner: ThreadedTaskRunner) -> None:
    assert runner.releasing_lock(Client(1)).exceptions == ("Refused",)


def test_a_runner_can_be_used_for_several_invocations() -> None:
    threads = ThreadedTaskRunner(1)
    results = []
    for _ in range(2):
        with threads:
            run_all(threads, lambda: results.append(threading.current_thread().name[:6]))
    assert results == ["worker"] * 2
