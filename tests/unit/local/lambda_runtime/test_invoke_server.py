"""Execution environments: kept warm, limited in number, replaced after a crash."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from local.errors import ProgramFailedError
from local.lambda_runtime.deployed_function import DeployedFunction
from local.lambda_runtime.execution_environment import ExecutionEnvironment, InvocationResult, failure, parse_result
from local.lambda_runtime.invoke_server import FunctionPool, InvokeServer
from local.processes.ports import PortPool

FUNCTION = DeployedFunction("F", "stack-F-1", "arn:role", "app.handler", 1, {}, Path(), ())
WAIT_SECONDS = 10.0


class FakeEnvironment:
    """An execution environment that answers what its event says, and waits where it is told to."""

    def __init__(self) -> None:
        self.events: list[bytes] = []
        self.closed = False
        self.usable = True
        self.gate: threading.Event | None = None
        self.entered = threading.Semaphore(0)

    def is_usable(self) -> bool:
        return self.usable

    def invoke(self, event: bytes, headers: Mapping[str, str]) -> InvocationResult:
        self.events.append(event)
        self.entered.release()
        if self.gate is not None:
            assert self.gate.wait(WAIT_SECONDS)
        return parse_result(event)

    def close(self) -> None:
        self.closed = True


class Lambda:
    """Starts fake environments, and remembers them."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.started: list[FakeEnvironment] = []
        self.gate = gate
        self.entered = threading.Semaphore(0)

    def start(self, function: DeployedFunction) -> ExecutionEnvironment:
        environment = FakeEnvironment()
        environment.gate = self.gate
        environment.entered = self.entered
        self.started.append(environment)
        return cast(ExecutionEnvironment, environment)


@pytest.mark.parametrize(
    ("body", "failed", "reusable"),
    [
        (b'{"batchItemFailures": []}', False, True),
        (b"null", False, True),
        (b'"errorType, errorMessage"', False, True),
        (b'{"errorType": "ValueError", "errorMessage": "x", "stackTrace": []}', True, True),
        (b'{"errorType": "Runtime.ExitError", "errorMessage": "exited"}', True, False),
        (b"Task timed out after 3.00 seconds", True, False),
        (b"", True, False),
    ],
)
def test_an_answer_of_lambda_s_emulator_is_known_by_its_form(body: bytes, failed: bool, reusable: bool) -> None:
    result = parse_result(body)
    assert (result.failed, result.reusable) == (failed, reusable)


def test_a_timeout_is_told_in_lambda_s_form() -> None:
    error = json.loads(parse_result(b"Task timed out after 3.00 seconds").body)
    assert error == {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 3.00 seconds"}


def test_an_environment_is_used_again() -> None:
    environments = Lambda()
    pool = FunctionPool(FUNCTION, environments.start)
    assert [pool.invoke(event, {}).body for event in (b"1", b"2")] == [b"1", b"2"]
    assert [environment.events for environment in environments.started] == [[b"1", b"2"]]


def test_an_environment_is_replaced_after_a_timeout() -> None:
    environments = Lambda()
    pool = FunctionPool(FUNCTION, environments.start)
    assert pool.invoke(b"Task timed out after 1.00 seconds", {}).failed
    assert not pool.invoke(b"2", {}).failed
    assert [environment.closed for environment in environments.started] == [True, False]


def test_an_environment_whose_credentials_end_is_replaced() -> None:
    environments = Lambda()
    pool = FunctionPool(FUNCTION, environments.start)
    pool.invoke(b"1", {})
    environments.started[0].usable = False
    pool.invoke(b"2", {})
    assert [environment.closed for environment in environments.started] == [True, False]


def test_side_by_side_each_invocation_has_its_own_environment_and_the_next_one_waits() -> None:
    gate = threading.Event()
    environments = Lambda(gate)
    pool = FunctionPool(FUNCTION, environments.start, slots=2)
    results: list[InvocationResult] = []
    threads = [threading.Thread(target=lambda: results.append(pool.invoke(b"1", {}))) for _ in range(3)]
    for thread in threads[:2]:
        thread.start()
    for _ in range(2):
        assert environments.entered.acquire(timeout=WAIT_SECONDS)
    threads[2].start()
    gate.set()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert [result.body for result in results] == [b"1"] * 3
    assert len(environments.started) == 2


def test_whoever_waits_longer_than_the_function_s_timeout_is_turned_away() -> None:
    function = replace(FUNCTION, timeout_seconds=0)
    pool = FunctionPool(function, Lambda().start, slots=0)
    assert b"TooManyRequestsException" in pool.invoke(b"1", {}).body


def test_an_environment_that_does_not_start_is_a_failure_of_that_invocation_only(tmp_path: Path) -> None:
    environments = Lambda()

    def start(function: DeployedFunction) -> ExecutionEnvironment:
        if not environments.started:
            environments.start(function)
            raise ProgramFailedError("It", "was not ready", tmp_path / "log")
        return environments.start(function)

    pool = FunctionPool(FUNCTION, start, slots=1)
    assert b"It was not ready" in pool.invoke(b"1", {}).body
    assert pool.invoke(b"2", {}).body == b"2"


def test_closing_ends_the_idle_at_once_and_the_busy_when_they_are_done() -> None:
    gate = threading.Event()
    environments = Lambda()
    pool = FunctionPool(FUNCTION, environments.start)
    pool.invoke(b"1", {})
    (environment,) = environments.started
    environment.gate = gate
    assert environment.entered.acquire(timeout=WAIT_SECONDS)
    thread = threading.Thread(target=pool.invoke, args=(b"2", {}))
    thread.start()
    assert environment.entered.acquire(timeout=WAIT_SECONDS)
    pool.close()
    assert not environment.closed
    gate.set()
    thread.join(WAIT_SECONDS)
    assert environment.closed


@pytest.fixture
def server() -> Iterator[InvokeServer]:
    with InvokeServer(PortPool().take()) as serving:
        serving.serve([FUNCTION], Lambda().start)
        yield serving


def post(url: str, event: bytes) -> tuple[int, bytes]:
    request = urllib.request.Request(url, data=event, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as result:
            return result.status, result.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_host_answers_the_emulator_with_what_the_function_returned(server: InvokeServer) -> None:
    assert post(server.url("F"), b'{"statusCode": 202}') == (200, b'{"statusCode": 202}')


def test_the_host_answers_an_error_as_an_error(server: InvokeServer) -> None:
    error = failure("ValueError", "x").body
    assert post(server.url("F"), error) == (500, error)


def test_the_host_knows_no_other_function(server: InvokeServer) -> None:
    status, body = post(server.url("G"), b"{}")
    assert (status, json.loads(body)["errorType"]) == (500, "ResourceNotFoundException")
