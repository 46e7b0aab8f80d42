"""No program outlives the stack, whether it is stopped or killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.errors import ProgramFailedError
from local.processes.paths import PARENT_DEATH_SCRIPT, REPOSITORY
from local.processes.supervisor import (
    Command,
    ParentDeathMode,
    Program,
    Supervisor,
    bound_to_parent,
    environment_of_developer,
)

WAIT_SECONDS = 10.0

# Starts another program, writes both pids, and waits, as `sam build` does with make and pip.
FAMILY = "sleep 600 & echo $! >> {pids}; echo $$ >> {pids}; wait"
TIDY = "trap 'sleep 0.1; echo tidied >> {pids}; exit' TERM; echo up >> {pids}; while :; do sleep 0.05; done"
STUBBORN = "trap '' TERM; echo $$ >> {pids}; while :; do sleep 0.05; done"


def is_running(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, encoding="utf-8", check=False
    ).stdout
    return state.strip() != "" and not state.startswith("Z")


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(0.01)


def pids_in(file: Path, count: int) -> list[int]:
    wait_for(lambda: file.exists() and len(file.read_text(encoding="utf-8").split()) >= count)
    return [int(pid) for pid in file.read_text(encoding="utf-8").split()]


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """Yield a supervisor with a short grace period, and stop it after the test."""
    started = Supervisor(stop_grace_seconds=0.2)
    yield started
    started.stop()


def shell(script: str, directory: Path, mode: ParentDeathMode = "signal", *, required: bool = False) -> Command:
    text = script.format(pids=directory / "pids")
    environment = environment_of_developer()
    return Command("The program", ["sh", "-c", text], directory / "log", environment, directory, None, mode, required)


@pytest.mark.parametrize("mode", ["signal", "watch"])
def test_stop_ends_a_program_and_its_children(tmp_path: Path, mode: ParentDeathMode) -> None:
    supervisor = Supervisor()
    supervisor.start(shell(FAMILY, tmp_path, mode))
    pids = pids_in(tmp_path / "pids", 2)
    supervisor.stop()
    wait_for(lambda: not any(map(is_running, pids)))


@pytest.mark.parametrize("mode", ["signal", "watch"])
def test_a_stopped_program_has_time_to_clean_up(tmp_path: Path, mode: ParentDeathMode) -> None:
    supervisor = Supervisor()
    supervisor.start(shell(TIDY, tmp_path, mode))
    wait_for((tmp_path / "pids").exists)
    supervisor.stop()
    assert (tmp_path / "pids").read_text(encoding="utf-8") == "up\ntidied\n"


@pytest.mark.parametrize("mode", ["signal", "watch"])
def test_stop_kills_a_program_that_ignores_sigterm(tmp_path: Path, mode: ParentDeathMode) -> None:
    supervisor = Supervisor(stop_grace_seconds=0.2)
    supervisor.start(shell(STUBBORN, tmp_path, mode))
    pids = pids_in(tmp_path / "pids", 1)
    supervisor.stop()
    wait_for(lambda: not any(map(is_running, pids)))


def test_no_program_can_be_started_after_the_stop(tmp_path: Path) -> None:
    supervisor = Supervisor()
    supervisor.stop()
    with pytest.raises(ProgramFailedError, match="was not started: the stack is stopping"):
        supervisor.start(shell("true", tmp_path))


ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere `signal` means `watch`")
KILLED_STACK = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, {repository!r})
from local.processes.supervisor import Command, Supervisor
folder = Path({folder!r})
Supervisor().start(Command("x", ["sh", "-c", {script!r}], folder / "log", os.environ, folder, parent_death={mode!r}))
time.sleep(600)
"""


@pytest.mark.parametrize("mode", [pytest.param("signal", marks=ON_LINUX), "watch"])
def test_the_programs_of_a_killed_stack_end(tmp_path: Path, mode: ParentDeathMode) -> None:
    script = FAMILY.format(pids=tmp_path / "pids")
    source = KILLED_STACK.format(repository=str(REPOSITORY), folder=str(tmp_path), script=script, mode=mode)
    with subprocess.Popen([sys.executable, "-c", source]) as stack:
        family = pids_in(tmp_path / "pids", 2)
        assert all(map(is_running, family))
        stack.send_signal(signal.SIGKILL)
    child, program = family
    wait_for(lambda: not is_running(program))
    if mode == "watch":  # for commands that start other programs
        wait_for(lambda: not is_running(child))
    else:
        os.kill(child, signal.SIGKILL)


def test_a_command_whose_parent_has_already_ended_does_not_start() -> None:
    no_process = 2**22 + 1  # more than any pid of Linux
    command = [sys.executable, str(PARENT_DEATH_SCRIPT), "signal", str(no_process), "sleep", "600"]
    assert subprocess.run(command, timeout=WAIT_SECONDS, check=False).returncode != 0


def test_the_exit_status_of_a_watched_command_is_returned() -> None:
    command = bound_to_parent(["sh", "-c", "exit 7"], "watch")
    assert subprocess.run(command, timeout=WAIT_SECONDS, check=False).returncode == 7


def test_a_failed_command_is_reported_with_the_end_of_its_log(tmp_path: Path, supervisor: Supervisor) -> None:
    with pytest.raises(ProgramFailedError) as error:
        supervisor.start(shell("echo first; echo no such layer >&2; exit 3", tmp_path, "watch")).wait(WAIT_SECONDS)
    assert "The program failed (exit status 3)" in str(error.value)
    assert str(error.value).endswith("    first\n    no such layer")


def test_a_command_that_takes_too_long_is_killed_and_reported(tmp_path: Path, supervisor: Supervisor) -> None:
    program = supervisor.start(shell(FAMILY, tmp_path, "watch"))
    pids = pids_in(tmp_path / "pids", 2)
    with pytest.raises(ProgramFailedError, match=r"took longer than 0\.05 seconds"):
        program.wait(0.05)
    wait_for(lambda: not any(map(is_running, pids)))


def test_a_server_that_ends_before_it_is_ready_is_reported_at_once(tmp_path: Path, supervisor: Supervisor) -> None:
    program = supervisor.start(shell("echo address in use; exit 1", tmp_path))
    with pytest.raises(ProgramFailedError, match=r"ended before it was ready \(exit status 1\)"):
        program.wait_until(lambda: False, WAIT_SECONDS)


def test_a_server_that_does_not_become_ready_is_reported(tmp_path: Path, supervisor: Supervisor) -> None:
    program = supervisor.start(shell("sleep 600", tmp_path))
    with pytest.raises(ProgramFailedError, match=r"was not ready after 0\.05 seconds"):
        program.wait_until(lambda: False, 0.05)


def test_only_the_end_of_a_required_program_is_reported(tmp_path: Path, supervisor: Supervisor) -> None:
    def ended(program: Program) -> None:
        program.process.wait(WAIT_SECONDS)

    ended(supervisor.start(shell("exit 1", tmp_path)))
    supervisor.check()
    ended(supervisor.start(shell("exit 1", tmp_path, required=True)))
    with pytest.raises(ProgramFailedError, match="has ended"):
        supervisor.check()


def test_programs_do_not_get_the_developer_s_aws_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL_S3", "SAM_CLI_POLL_DELAY"):
        monkeypatch.setenv(name, "of the developer")
    environment = environment_of_developer()
    assert "of the developer" not in environment.values()
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
