"""The transport to the fake Zoom, which applies the webinar's switches and a random fault to each call.

Time passes before and after each call, so that the other consumer runs in between, and an invocation can be killed
before, during or after the call.
"""

import random
import re
from collections import Counter
from typing import Any

import requests
from urllib3 import HTTPResponse

from local.fake_zoom.exchange import BrokenResponse, Response
from tests.chaos.evaluation.invariants import Recorder
from tests.chaos.fault_schedule import Phase, switches, zoom_fault
from tests.chaos.workload.webinars import Kind, Plan
from tests.consumer import Consumer, Transport
from tests.fakes.simulation import SimulatedClock

PADDING = b" " * 2_000_000
_WEBINAR = re.compile(r"/webinars/(\d+)")


class FaultyTransport(Transport):
    """A transport with the faults of the current phase; None: without faults."""

    def __init__(
        self, consumer: Consumer, clock: SimulatedClock, plans: list[Plan], recorder: Recorder, seed: int
    ) -> None:
        super().__init__(consumer.account, consumer.clock.sleep)
        self.faults: Counter[str] = Counter()
        self.phase: Phase | None = None
        self._zoom = consumer.account
        self._clock = clock
        self._recorder = recorder
        self._rng = random.Random(f"line {seed}")  # the text is part of the seed
        self._plans = {plan.id: plan for plan in plans}
        self._switches: dict[str, dict[str, Any]] = {}
        self._with_undecided = _with_undecided(plans)
        self._pads = False
        self.after_response = clock.kill_point

    def start_phase(self, phase: Phase | None) -> None:
        """Start another phase, with other switches for every webinar."""
        self.phase = phase
        self._switches = {webinar: switches(self._rng) for webinar in self._plans}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, with its fault."""
        self._clock.sleep(self._rng.uniform(0.02, 0.2))
        webinar = _webinar(request)
        if webinar in self._switches:
            self._zoom.set_switches(**self._switches[webinar])
        self._inject_fault(request, webinar)
        if not self.is_down:
            self._recorder.zoom_called()
        try:
            # No other actor runs until the account has responded; the time passes after that.
            response = super().send(request, *args, **kwargs)
        except requests.RequestException:
            self._clock.sleep(self._rng.uniform(0.05, 0.5))
            raise
        self._clock.sleep(self._rng.uniform(0.05, 0.5))
        return response

    def _raw(self, request: requests.PreparedRequest, answer: Response | BrokenResponse) -> HTTPResponse:
        if self._pads and isinstance(answer, Response):
            answer = Response(answer.status, answer.headers, answer.body + PADDING)
        return super()._raw(request, answer)

    def _inject_fault(self, request: requests.PreparedRequest, webinar: str) -> None:
        self.is_down = self._pads = False
        plan = self._plans.get(webinar)
        fault = self._fault_of(plan, request) if plan else None
        if fault is None:
            return
        self.is_down, self._pads = fault["kind"] == "down", fault["kind"] == "padded"
        self.faults[f"{fault['kind']} {fault.get('limit', fault.get('status', ''))}".strip()] += 1
        if not self.is_down and not self._pads:
            self._zoom.add_fault(webinar=webinar, **fault)

    def _fault_of(self, plan: Plan, request: requests.PreparedRequest) -> dict[str, Any] | None:
        is_batch = request.method == "POST"
        if plan.kind is Kind.SILENT and is_batch:
            return {"kind": "answer", "status": 500, "body": {"code": 500, "message": "Internal error"}}
        if plan.kind is Kind.FORBIDDEN and is_batch:
            return {"kind": "answer", "status": 403, "body": {"code": 9, "message": "Forbidden"}}
        if self.phase is None:
            return None
        registrants = str(request.body).count("first_name") if is_batch else 0
        return zoom_fault(self._rng, self.phase.zoom, registrants, all_approved=plan.id not in self._with_undecided)


def _webinar(request: requests.PreparedRequest) -> str:
    found = _WEBINAR.search(str(request.url))
    return found[1] if found else ""


def _with_undecided(plans: list[Plan]) -> set[str]:
    return {plan.id for plan in plans if plan.kind is Kind.MANUAL or plan.denied or plan.pending}
