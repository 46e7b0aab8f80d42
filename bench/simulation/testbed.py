"""Where one subject works through one scenario: the fakes, a clock, Zoom, and the producers of the forms.

In virtual time here, in real time in `loopback`. The subject's actors run beside the producers until all forms are sent
and the queue is empty.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from typing import Any, Protocol

import requests

from bench.simulation.aws_model import Model
from bench.simulation.recorder import Recorder
from bench.throughput.scenarios import Scenario
from local.fake_zoom.call_log import LoggedCall
from local.fake_zoom.requests_adapter import FakeZoomAdapter
from tests.chaos.speedups import speedups
from tests.consumer import API_URL, Consumer
from tests.fakes import Delivery
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.fakes.simulation import SimulatedClock
from tests.fakes.sqs.queue import READY

ZOOM_LATENCY_MS = 500  # about Zoom's response time
PATIENCE_S = 6 * 3_600.0  # after the last form; registrants not registered by then are lost
POLL_AGAIN_S = 1.0  # no actor sleeps longer without checking `is_over`

Actors = Mapping[str, Callable[[], None]]


class Zoom(Protocol):
    """The fake Zoom: an account in this process, or the control of one in another process."""

    def set_webinar(self, webinar: str, /, **properties: object) -> object: ...
    def set_limits(self, /, **limits: object) -> None: ...
    def set_latency(self, milliseconds: int) -> None: ...
    def mint_token(self) -> str: ...
    def calls(self) -> list[LoggedCall]: ...


class Testbed:
    """AWS, Zoom and the producers of one run; made by `Testbed.virtual` or `loopback.testbed`."""

    def __init__(
        self,
        scenario: Scenario,
        model: Model,
        consumer: Consumer,
        *,
        zoom: Zoom,
        session: Callable[[], requests.Session],
        api_url: str,
        run_actors: Callable[[Actors], None],
        can_kill: bool,
    ) -> None:
        self.scenario, self.model = scenario, model
        # All subjects use its queue and tables; it runs itself only if it is the subject.
        self.consumer = consumer
        self.clock = consumer.clock
        self.zoom, self.session, self.api_url = zoom, session, api_url
        self.recorder = Recorder(consumer)
        self.queue = consumer.sqs.queue(consumer.queue_url)
        self._run_actors = run_actors
        self.can_kill = can_kill  # whether this clock can kill a handler
        self._number_sent = 0
        self._lock = threading.Lock()
        self._began_s = self.clock()
        for webinar in {form.webinar for form in scenario.forms}:
            zoom.set_webinar(webinar)
        zoom.set_limits(plan=scenario.plan)
        zoom.set_latency(ZOOM_LATENCY_MS)
        self.token = zoom.mint_token()
        services: dict[str, Any] = {
            "sqs": consumer.sqs,
            "dynamodb": consumer.dynamodb,
            "secrets": consumer.secrets,
        }
        for name, latencies in model.latencies().items():
            services[name].latency_s = latencies
        consumer.dynamodb.limit_partitions()

    @classmethod
    def virtual(cls, scenario: Scenario, model: Model) -> "Testbed":
        """Return a testbed in virtual time, in this process."""
        clock = SimulatedClock(SAMPLE_MOMENT_S, seed=1)
        consumer = Consumer(
            clock=clock,
            checked=False,
            calls_per_second=scenario.calls_per_second,
            delivery=Delivery(missed_share=model.missed_share),
        )

        def session() -> requests.Session:
            made = requests.Session()
            made.mount("https://", FakeZoomAdapter(consumer.account, clock.sleep))
            return made

        def run_actors(actors: Actors) -> None:
            # Not in each invocation: two that overlap would restore each other's output.
            with redirect_stdout(consumer.printed), speedups():
                clock.run(actors)

        return cls(
            *(scenario, model, consumer),
            zoom=consumer.account,
            session=session,
            api_url=API_URL,
            run_actors=run_actors,
            can_kill=True,
        )

    def run(self, actors: Actors) -> None:
        """Run the subject's actors, and send the forms."""
        self._run_actors({"producers": self._send_forms, **actors})

    def _send_forms(self) -> None:
        for form in self.scenario.forms:
            self.clock.advance_to(self._began_s + form.at_s)
            self.recorder.form_sent(form)
            self.consumer.send(form.body, group_id=form.webinar)
            self._number_sent += 1

    # ── The context of the pollers ────────────────────────────────────────────────────────────────────────────────────

    @property
    def is_over(self) -> bool:
        """Return whether all forms are sent and the queue is empty, or the time limit is reached."""
        if self._number_sent < len(self.scenario.forms):
            return False
        return not self.queue.messages or self.now_s() > self._began_s + self.scenario.seconds + PATIENCE_S

    @property
    def has_waiting(self) -> bool:
        """Return whether messages are visible."""
        return self.queue.states[READY] > 0

    def next_message_s(self) -> float:
        """Return the moment at which the next message will be visible, a second from now at most."""
        latest_s = self.now_s() + POLL_AGAIN_S
        with self.consumer.sqs.lock:
            visible_s = self.queue.next_change_s(self.now_s())
        if self._number_sent < len(self.scenario.forms):
            latest_s = min(latest_s, self._began_s + self.scenario.forms[self._number_sent].at_s)
        return latest_s if visible_s is None else min(latest_s, visible_s)

    def received(self) -> None:
        """Record the number of messages in flight."""
        self.recorder.sample_in_flight()

    def now_s(self) -> float:
        """Return this moment in epoch seconds."""
        return self.clock()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.sleep(seconds)
