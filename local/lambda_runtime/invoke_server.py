"""The HTTP server that runs Lambda invocations for the AWS emulator, in its documented proxy mode.

The emulator posts every event (HTTP API, event source mapping, schedule, Invoke) to `/<logical id>`. The response is
the function's result with 200, or its error with 500. A function gets as many execution environments as it needs at
once, up to a limit; beyond it, invocations wait.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from local.errors import ProgramFailedError
from local.lambda_runtime.deployed_function import DeployedFunction
from local.lambda_runtime.execution_environment import ExecutionEnvironment, InvocationResult, failure
from local.processes.ports import LOOPBACK

# Each takes about 60 MB and half a second of one core to start. Lambda itself would start up to 1,000.
ENVIRONMENTS_PER_FUNCTION = 8
STOP_POLL_SECONDS = 0.05
TRACE_HEADER = "X-Amzn-Trace-Id"

EnvironmentStarter = Callable[[DeployedFunction], ExecutionEnvironment]


class FunctionPool:
    """The execution environments of one function. It is thread-safe."""

    def __init__(
        self, function: DeployedFunction, start: EnvironmentStarter, slots: int = ENVIRONMENTS_PER_FUNCTION
    ) -> None:
        self.function = function
        self._start = start
        self._idle: list[ExecutionEnvironment] = []
        self._free_slots = slots
        self._changed = threading.Condition()
        self._closed = False

    def invoke(self, event: bytes, headers: Mapping[str, str]) -> InvocationResult:
        """Invoke the function, in a warm execution environment if there is one."""
        if not self._acquire_slot():
            return failure("TooManyRequestsException", "Rate Exceeded.")
        environment = None
        result = None
        try:
            environment = self._take_idle() or self._start(self.function)
            result = environment.invoke(event, headers)
        except (ProgramFailedError, BotoCoreError, ClientError) as error:
            return failure("Sandbox.Failure", str(error))
        else:
            return result
        finally:
            self._release(environment, usable=result is not None and result.reusable)

    def close(self) -> None:
        """Close the idle environments; a busy one closes after its invocation."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for environment in idle:
            environment.close()

    def _acquire_slot(self) -> bool:
        deadline = time.monotonic() + self.function.timeout_seconds  # later the emulator no longer waits
        with self._changed:
            while self._free_slots == 0:
                if not self._changed.wait(deadline - time.monotonic()):
                    return False
            self._free_slots -= 1
            return True

    def _take_idle(self) -> ExecutionEnvironment | None:
        while True:
            with self._changed:
                if not self._idle:
                    return None
                environment = self._idle.pop()  # the one used last, as Lambda does
            if environment.is_usable():
                return environment
            environment.close()

    def _release(self, environment: ExecutionEnvironment | None, *, usable: bool) -> None:
        with self._changed:
            keep = usable and not self._closed
            if keep and environment is not None:
                self._idle.append(environment)
            self._free_slots += 1
            self._changed.notify()
        if environment is not None and not keep:
            environment.close()


class InvokeServer:
    """The HTTP server that receives the emulator's invocations."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._pools: dict[str, FunctionPool] = {}
        self._server = _Server((LOOPBACK, port), _Handler)
        self._server.invoke_server = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(STOP_POLL_SECONDS,), name="invoke-server"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for pool in self._pools.values():
            pool.close()

    def url(self, logical_id: str) -> str:
        """Return the URL that invokes a function."""
        return f"http://{LOOPBACK}:{self.port}/{logical_id}"

    def serve(self, functions: Iterable[DeployedFunction], start: EnvironmentStarter) -> None:
        """Serve these functions from now on."""
        self._pools = {function.logical_id: FunctionPool(function, start) for function in functions}

    def invoke(self, logical_id: str, event: bytes, headers: Mapping[str, str]) -> InvocationResult:
        """Invoke a function."""
        pool = self._pools.get(logical_id)
        if pool is None:
            return failure("ResourceNotFoundException", f"Function not found: {logical_id}")
        return pool.invoke(event, headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # do not wait for running invocations at the end
    request_queue_size = 128
    invoke_server: InvokeServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore an emulator that no longer waits for the response; report other errors."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Handle one invocation."""
        event = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {TRACE_HEADER: self.headers[TRACE_HEADER]} if TRACE_HEADER in self.headers else {}
        result = self.server.invoke_server.invoke(self.path.strip("/"), event, headers)
        self.send_response(500 if result.failed else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(result.body)))
        self.end_headers()
        self.wfile.write(result.body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Log nothing: the functions' logs contain the invocations."""
