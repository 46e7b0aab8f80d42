"""One warm consumer at work, in a process of its own: `python -m bench.processes.cpu_subject REGISTRANTS WEBINARS BATCH`.

In: how many registrants in how many webinars, how many messages an event holds; the built function is first on the path.
Out: one JSON line on standard error: the function's CPU seconds, how many of them it spent in requests, what it called,
and the units that its tables consumed.

The function is the built one, with botocore and requests as they are; what they send is answered by the tests' stateful
fakes of SQS and DynamoDB. Their CPU time is taken thread by thread and subtracted, so that only the function's own work
and that of its libraries is left.
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

WARM_UP: Final = 30  # registrants registered before anything is counted: clients, token, caches
TABLES: Final = ("Registrants", "Account")


class World:
    """AWS and Zoom behind the wire, and the time that they took."""

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
        self.cpu_seconds = 0.0  # of this world, in all threads
        self.requests_seconds = 0.0  # of the CPU too: the function's, in requests

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
        """The same, with its CPU time set aside."""

        def timed(*arguments: Any) -> Any:
            started = time.thread_time()
            try:
                return answer(*arguments)
            finally:
                with self._lock:
                    self.cpu_seconds += time.thread_time() - started

        return timed

    def note_requests(self) -> None:
        """From now on note what is spent in requests: the part of the work that grows with the calls to Zoom."""
        for name in ("prepare_request", "merge_environment_settings", "send"):
            setattr(requests.Session, name, self._noted(getattr(requests.Session, name)))

    def _noted(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any, **options: Any) -> Any:
            # Side by side the fakes of other threads would be subtracted as well: too little is noted, never too much.
            set_aside, started = self.cpu_seconds, time.thread_time()
            try:
                return method(*arguments, **options)
            finally:
                with self._lock:
                    self.requests_seconds += time.thread_time() - started - (self.cpu_seconds - set_aside)

        return noted

    def units(self) -> dict[str, list[float]]:
        """Read and write units consumed so far, by table."""
        consumed = {name: self.dynamodb.tables[name].consumed for name in TABLES}
        return {name: [one.read, one.write] for name, one in consumed.items()}


def _on_the_wire(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else value


class Work:
    """The function's handler, and the CPU seconds that it took."""

    def __init__(self, handler: Callable[[Any, Any], Any], world: World) -> None:
        self._handler = handler
        self._world = world
        self.cpu_seconds = 0.0

    def handle(self, event: Any, _context: Any) -> Any:
        """Handle one event. The mapping's context is of virtual time: a real clock is read here."""
        set_aside, started = self._world.cpu_seconds, time.process_time()
        answer = self._handler(event, lambda_environment.Context())
        self.cpu_seconds += time.process_time() - started - (self._world.cpu_seconds - set_aside)
        return answer


def main(registrants: int, webinars: int, batch: int) -> None:
    """Register everybody once."""
    world = World()
    app = importlib.import_module("app")
    wire.replace(world.uncounted(world.aws), world.uncounted(world.zoom))
    world.note_requests()
    _register(app.handler, world, WARM_UP, 1, batch, first=0)
    calls, units, requests_seconds = world.calls.copy(), world.units(), world.requests_seconds
    work = _register(app.handler, world, registrants, webinars, batch, first=WARM_UP)
    rows = len(world.dynamodb.rows("Registrants"))
    if rows != WARM_UP + registrants or world.sqs.messages(world.dead_letter_url):
        raise RuntimeError(f"{rows} rows of {WARM_UP + registrants}: not everybody was registered")
    found = {
        "cpu_seconds": work.cpu_seconds,
        "requests_seconds": world.requests_seconds - requests_seconds,
        "calls": dict(world.calls - calls),
        "units": {
            name: [after - before for after, before in zip(found, units[name], strict=True)]
            for name, found in world.units().items()
        },
    }
    sys.stderr.write(json.dumps(found) + "\n")


def _register(handler: Any, world: World, registrants: int, webinars: int, batch: int, first: int) -> Work:
    for number in range(first, first + registrants):
        webinar_id = str(97871060000 + number % webinars)
        body = lambda_environment.message(number, webinar_id)
        world.sqs.send_message(QueueUrl=world.queue_url, MessageBody=body, MessageGroupId=webinar_id)
    work = Work(handler, world)
    # The fakes' messages are old news to the collector: going through them again and again is not the function's work.
    gc.collect()
    gc.freeze()
    EventSourceMapping(world.sqs, world.queue_url, work.handle, batch_size=batch, kills=False).run()
    return work


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
