"""`make serve` says how to go on; it and `make demo` stop on signals, unless their parent ignores them."""

import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.reporting.samples import Samples
from local.serve import STOP_SIGNALS, describe, read_arguments, stop, stop_on_signals


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


def test_what_it_prints_is_pasted_as_it_is() -> None:
    stack: Any = SimpleNamespace(
        outputs={"SubmissionUrl": "http://127.0.0.1:1/x"},
        submission_url="http://127.0.0.1:1/x",
        zoom_url="http://127.0.0.1:2",
        emulator=SimpleNamespace(endpoint="http://127.0.0.1:1"),
        directory=Path("logs"),
    )

    text = describe(stack, Samples.read())

    block = re.findall(r"^  (?=make|export|registrar)(.+)$", text, re.MULTILINE)
    assert [shlex.split(line)[0] for line in block] == ["make", *["export"] * 4, *["registrar"] * 3]
    exported = [part.partition("=")[0] for line in block[2:5] for part in shlex.split(line)[1:]]
    assert exported[:3] == ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION"]
    assert exported[3:] == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    assert "\n  http://127.0.0.1:1/x/webinars/97871060099\n" in text  # the page, on a line of its own


def test_its_help_is_that_of_make_and_explains_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_arguments(["--help"])

    out = capsys.readouterr().out
    assert out.startswith('usage: make serve SERVE="')
    assert "python -m" not in out
    assert re.search(r"--set NAME=VALUE\s+set a parameter of template.yaml", out)
