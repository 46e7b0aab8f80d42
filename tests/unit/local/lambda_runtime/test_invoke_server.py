"""Execution environments are reused, limited in number, and replaced after a crash."""

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
    """An execution environment that returns its event, after waiting for its gate."""

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
    """Starts fake environments and records them."""

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
def test_errors_of_lambda_s_emulator_are_recognized_by_the_body(body: bytes, failed: bool, reusable: bool) -> None:
    result = parse_result(body)
    assert (result.failed, result.reusable) == (failed, reusable)


def test_a_timeout_has_lambda_s_error_format() -> None:
    error = json.loads(parse_result(b"Task timed out after 3.00 seconds").body)
    assert error == {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 3.00 seconds"}


def test_an_environment_is_reused() -> None:
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


def test_an_environment_whose_credentials_expire_is_replaced() -> None:
    environments = Lambda()
    pool = FunctionPool(FUNCTION, environments.start)
    pool.invoke(b"1", {})
    environments.started[0].usable = False
    pool.invoke(b"2", {})
    assert [environment.closed for environment in environments.started] == [True, False]


def test_concurrent_invocations_have_their_own_environments_up_to_the_limit() -> None:
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


def test_an_invocation_that_waits_longer_than_the_timeout_is_throttled() -> None:
    function = replace(FUNCTION, timeout_seconds=0)
    pool = FunctionPool(function, Lambda().start, slots=0)
    assert b"TooManyRequestsException" in pool.invoke(b"1", {}).body


def test_an_environment_that_does_not_start_fails_only_its_invocation(tmp_path: Path) -> None:
    environments = Lambda()

    def start(function: DeployedFunction) -> ExecutionEnvironment:
        if not environments.started:
            environments.start(function)
            raise ProgramFailedError("It", "was not ready", tmp_path / "log")
        return environments.start(function)

    pool = FunctionPool(FUNCTION, start, slots=1)
    assert b"It was not ready" in pool.invoke(b"1", {}).body
    assert pool.invoke(b"2", {}).body == b"2"


def test_closing_ends_idle_environments_at_once_and_busy_ones_after_their_invocation() -> None:
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


def test_the_server_returns_the_result_of_the_function(server: InvokeServer) -> None:
    assert post(server.url("F"), b'{"statusCode": 202}') == (200, b'{"statusCode": 202}')


def test_the_server_returns_an_error_with_status_500(server: InvokeServer) -> None:
    error = failure("ValueError", "x").body
    assert post(server.url("F"), error) == (500, error)


def test_an_unknown_function_is_an_error(server: InvokeServer) -> None:
    status, body = post(server.url("G"), b"{}")
    assert (status, json.loads(body)["errorType"]) == (500, "ResourceNotFoundException")
