"""Measure one warm consumer, in its own process (`python -m bench.processes.cpu_subject REGISTRANTS WEBINARS BATCH`).

BATCH is the number of messages per event; the built function is first on the path. It writes one JSON line to standard
error: the function's CPU seconds, the part of them in requests, its calls, and the units that its tables consumed.

The function uses botocore and requests; the tests' stateful fakes of SQS and DynamoDB respond to them. Their CPU time
is measured per thread and subtracted, so that only that of the function and its libraries is left.
"""

import gc
import importlib
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import requests
from botocore import xform_name

from bench.processes import lambda_environment, wire
from tests.fakes import EventSourceMapping, FakeDynamoDb, FakeSecrets, FakeSqs, VirtualClock

WARM_UP: Final = 30  # registrants before the measurement: clients, token, caches
TABLES: Final = ("Registrants", "Account")


class Fakes:
    """The fakes of AWS and Zoom, and the CPU time that they took."""

    def __init__(self) -> None:
        clock = VirtualClock(time.time())
        options: dict[str, Any] = {"validate": False, "record": False}
        self.sqs, self.dynamodb = FakeSqs(clock, **options), FakeDynamoDb(clock, **options)
        secrets = FakeSecrets(clock, **options)
        self.dead_letter_url = self.sqs.add_queue("DeadLetters")
        self.queue_url = self.sqs.add_queue("Registrations", visibility_timeout_s=1_800)
        self.dynamodb.add_table("Registrants", "webinar_id", "email")
        self.dynamodb.add_table("Account", "name")
        secret = lambda_environment.VARIABLES["ZOOM_TOKEN_SECRET"]
        secrets.add_secret(secret, json.dumps({"access_token": "x" * 1_200}))
        self._secrets = secrets
        self._lock = threading.Lock()
        self.calls: Counter[str] = Counter()
        self.cpu_seconds = 0.0  # of the fakes, in all threads
        self.requests_seconds = 0.0  # CPU time of the function in requests

    def aws(self, operation: str, request: wire.Json) -> wire.Json:
        """Answer an AWS call."""
        fakes = {"Message": self.sqs, "Secret": self._secrets, "Item": self.dynamodb}
        service = next(fake for part, fake in fakes.items() if part in operation)
        answer: wire.Json = getattr(service, xform_name(operation))(**request)
        with self._lock:
            self.calls[operation] += 1
        return {name: _on_the_wire(value) for name, value in answer.items() if name != "ResponseMetadata"}

    def zoom(self, body: bytes) -> wire.ZoomAnswer:
        """Answer a call to Zoom."""
        with self._lock:
            self.calls["Zoom"] += 1
        return wire.zoom(body)

    def uncounted(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function of the fakes so that its CPU time can be subtracted."""

        def timed(*arguments: Any) -> Any:
            started = time.thread_time()
            try:
                return answer(*arguments)
            finally:
                with self._lock:
                    self.cpu_seconds += time.thread_time() - started

        return timed

    def record_requests(self) -> None:
        """Start to record the CPU time in requests, the part that grows with the calls to Zoom."""
        for name in ("prepare_request", "merge_environment_settings", "send"):
            setattr(requests.Session, name, self._recorded(getattr(requests.Session, name)))

    def _recorded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(*arguments: Any, **options: Any) -> Any:
            # Fakes in other threads are subtracted as well: the result may be too small, never too large.
            set_aside, started = self.cpu_seconds, time.thread_time()
            try:
                return method(*arguments, **options)
            finally:
                with self._lock:
                    self.requests_seconds += time.thread_time() - started - (self.cpu_seconds - set_aside)

        return recorded

    def units(self) -> dict[str, list[float]]:
        """Return the consumed read and write units by table."""
        consumed = {name: self.dynamodb.tables[name].consumed for name in TABLES}
        return {name: [one.read, one.write] for name, one in consumed.items()}


def _on_the_wire(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else value


class Work:
    """The function's handler, and its CPU seconds."""

    def __init__(self, handler: Callable[[Any, Any], Any], fakes: Fakes) -> None:
        self._handler = handler
        self._fakes = fakes
        self.cpu_seconds = 0.0

    def handle(self, event: Any, _context: Any) -> Any:
        """Handle one event, with a context in real time instead of the mapping's in virtual time."""
        set_aside, started = self._fakes.cpu_seconds, time.process_time()
        answer = self._handler(event, lambda_environment.Context())
        self.cpu_seconds += time.process_time() - started - (self._fakes.cpu_seconds - set_aside)
        return answer


def main(registrants: int, webinars: int, batch: int) -> None:
    """Register every registrant once."""
    fakes = Fakes()
    app = importlib.import_module("app")
    wire.replace(fakes.uncounted(fakes.aws), fakes.uncounted(fakes.zoom))
    fakes.record_requests()
    _register(app.handler, fakes, WARM_UP, 1, batch, first=0)
    calls, units, requests_seconds = fakes.calls.copy(), fakes.units(), fakes.requests_seconds
    work = _register(app.handler, fakes, registrants, webinars, batch, first=WARM_UP)
    rows = len(fakes.dynamodb.rows("Registrants"))
    if rows != WARM_UP + registrants or fakes.sqs.messages(fakes.dead_letter_url):
        raise RuntimeError(f"{rows} rows of {WARM_UP + registrants}: not all registrants were registered")
    found = {
        "cpu_seconds": work.cpu_seconds,
        "requests_seconds": fakes.requests_seconds - requests_seconds,
        "calls": dict(fakes.calls - calls),
        "units": {
            name: [after - before for after, before in zip(found, units[name], strict=True)]
            for name, found in fakes.units().items()
        },
    }
    sys.stderr.write(json.dumps(found) + "\n")


def _register(handler: Any, fakes: Fakes, registrants: int, webinars: int, batch: int, first: int) -> Work:
    for number in range(first, first + registrants):
        webinar_id = str(97871060000 + number % webinars)
        body = lambda_environment.message(number, webinar_id)
        fakes.sqs.send_message(QueueUrl=fakes.queue_url, MessageBody=body, MessageGroupId=webinar_id)
    work = Work(handler, fakes)
    # Without this, garbage collections would count the traversal of the fakes' messages as the function's work.
    gc.collect()
    gc.freeze()
    EventSourceMapping(fakes.sqs, fakes.queue_url, work.handle, batch_size=batch, kills=False).run()
    return work


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
