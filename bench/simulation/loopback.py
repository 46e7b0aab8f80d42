"""The testbed in real time: threads that sleep, and a fake Zoom behind sockets, in its own process.

Our consumer is here the deployed function, assembled by functions/register_batch/app.py, with the fakes in place of
boto3's clients. It checks virtual time: the same queue, table and mapping, but real locks, connections and CPU time.

No environment is killed at its timeout here, because a thread cannot be killed.
"""

import importlib.util
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any
from unittest.mock import patch

import requests
from registrar.runtime import aws

from bench.processes.artefacts import REPOSITORY
from bench.processes.lambda_environment import VARIABLES
from bench.simulation.aws_model import Model
from bench.simulation.testbed import Actors, Testbed
from bench.throughput.scenarios import Scenario
from bench.throughput.subjects import OUR_MEMORY_MB, Subject, Work, behind_our_mapping
from local.fake_zoom.control import FakeZoomControl
from tests.consumer import Consumer
from tests.fakes import VirtualClock

APP = REPOSITORY / "functions" / "register_batch" / "app.py"
TERMINATION_S = 5.0


class RealClock(VirtualClock):
    """The machine's clock, with the interface of the fakes' clock."""

    def __call__(self) -> float:
        """Return the epoch seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return the seconds of the monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep in real time."""
        time.sleep(seconds)

    def kill_at(self, moment_s: float | None) -> None:
        """Ignore it: a thread cannot be killed."""


@contextmanager
def testbed(scenario: Scenario, model: Model) -> Iterator[Testbed]:
    """Start a fake Zoom and return a testbed for it."""
    # No proxy of this machine is used for its own addresses.
    with patch.dict("os.environ", {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}), _zoom() as url:
        consumer = Consumer(clock=RealClock(), checked=False)

        def run_actors(actors: Actors) -> None:
            with redirect_stdout(consumer.printed):
                _run_in_threads(actors)

        made = Testbed(
            *(scenario, model, consumer),
            zoom=FakeZoomControl(url),
            session=requests.Session,
            api_url=f"{url}/v2",
            run_actors=run_actors,
            can_kill=False,
        )
        consumer.secrets.put_secret_value(SecretId="Token", SecretString=json.dumps({"access_token": made.token}))
        yield made


def our_function(testbed: Testbed) -> Work:
    """Start the deployed function in two environments."""
    fakes: dict[str, Any] = {
        "sqs": testbed.consumer.sqs,
        "dynamodb": testbed.consumer.dynamodb,
        "secretsmanager": testbed.consumer.secrets,
        "lambda": testbed.consumer.functions,
    }
    variables = dict(VARIABLES) | {
        "ZOOM_API_URL": testbed.api_url,
        "ZOOM_CALLS_PER_SECOND": str(testbed.scenario.calls_per_second),
        "ZOOM_TOKEN_SECRET": "Token",
    }

    def client(service: str, **_options: Any) -> Any:
        return fakes[service]

    handlers = []
    with (
        patch.dict("os.environ", variables),
        patch.object(aws, "client", client),
        patch.object(aws, "client_when_used", client),
    ):
        for number in range(2):
            app = _app(f"register_batch_{number}")
            app.environment()
            handlers.append(app.handler)
    return behind_our_mapping(testbed, Work({}, memory_mb=OUR_MEMORY_MB), handlers)


OUR_FUNCTION = Subject("ours", "our consumer", our_function)


def _app(name: str) -> Any:
    """Import the function anew, as a cold start does: its globals belong to one environment."""
    spec = importlib.util.spec_from_file_location(name, APP)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{APP} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def _zoom() -> Iterator[str]:
    command = [sys.executable, "-m", "local.fake_zoom", "--port", "0"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, encoding="utf-8") as process:  # noqa: S603
        try:
            if process.stdout is None:
                raise RuntimeError("the fake Zoom has no output")
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
            process.wait(TERMINATION_S)


def _run_in_threads(actors: Actors) -> None:
    failures: list[BaseException] = []

    def guarded(actor: Callable[[], None]) -> None:
        try:
            actor()
        except BaseException as error:  # noqa: BLE001  raised below, in the caller's thread
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(actor,), name=name) for name, actor in actors.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
