"""`make serve` and `make demo` stop on signals, unless their parent ignores them."""

import signal
from collections.abc import Iterator

import pytest

from local.serve import STOP_SIGNALS, stop, stop_on_signals


@pytest.fixture(autouse=True)
def _handlers_are_restored() -> Iterator[None]:
    before = {number: signal.signal(number, signal.SIG_DFL) for number in STOP_SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_every_stop_signal_stops_the_stack() -> None:
    stop_on_signals()

    assert {signal.getsignal(number) for number in STOP_SIGNALS} == {stop}


def test_a_signal_that_the_parent_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    stop_on_signals()

    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is stop
