"""A chaos run: producers, faults, operators and two consumers, until the faults have ended and the queue is empty."""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from typing import Any

from local.fake_zoom.call_log import LoggedCall
from local.fake_zoom.webinars import Status
from tests.chaos.evaluation.invariants import Recorder
from tests.chaos.evaluation.record import Record
from tests.chaos.fault_schedule import CALLS, Phase, apply_to_aws, apply_to_zoom, heal_zoom, phases, services
from tests.chaos.faulty_transport import FaultyTransport
from tests.chaos.pause import PAUSED_S, Pause
from tests.chaos.speedups import speedups
from tests.chaos.workload.ground_truth import GroundTruth
from tests.chaos.workload.submissions import Key, Producers, as_keyed
from tests.chaos.workload.webinars import Kind, Plan, decide, plans
from tests.consumer import Consumer
from tests.fakes import Delivery, EventSourceMapping
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.fakes.simulation import SimulatedClock

PATIENCE_S = 8 * 86_400.0  # after the faults: the age limit is 4 days, and a day's attempts may be used up
IDLE_S = 60.0
MEAN_KILL_POINTS = 60  # from the start of an invocation to its kill
MINIMUM_REFRESH_S = 900.0  # between two tokens; Secrets Manager keeps only so many versions per day
AWS_LATENCY_S = 0.01


@dataclass(frozen=True)
class Size:
    """The size of a run; `hours` is the simulated time in which submissions arrive and faults occur."""

    submissions: int
    webinars: int
    hours: float

    @classmethod
    def of(cls, submissions: int) -> "Size":
        """Return the usual size for so many submissions."""
        return cls(submissions, max(24, submissions // 80), 36.0 if submissions > 2_000 else 10.0)


ReportProgress = Callable[[int, float], None]


class ChaosRun:
    """One run. `report_progress` is called with the number of settled messages and the hours so far."""

    def __init__(self, seed: int, size: Size, report_progress: ReportProgress = lambda _settled, _hours: None) -> None:
        self.seed, self.size = seed, size
        self._report_progress = report_progress
        self._rng = random.Random(f"world {seed}")  # the text is part of the seed
        self.clock = SimulatedClock(SAMPLE_MOMENT_S, seed)
        self.consumer = Consumer(
            clock=self.clock,
            delivery=Delivery(duplicate_rate=0.02, missed_share=0.3, disorder=5),
            seed=seed,
            checked=False,
        )
        self._span_s = size.hours * 3_600
        self.plans: list[Plan] = plans(self._rng, size.webinars, SAMPLE_MOMENT_S, self._span_s)
        self.producers = Producers(self._rng, size.submissions, self.plans, SAMPLE_MOMENT_S, self._span_s)
        self._open_webinars()
        self.ground_truth = GroundTruth(self.consumer.account, self.plans, self.producers)
        self.recorder = Recorder(self.consumer, self.clock, self.producers.submissions, self.ground_truth.is_true)
        self.transport = FaultyTransport(self.consumer, self.clock, self.plans, self.recorder, seed)
        self.consumer.transport = self.transport
        self.counts: Counter[str] = Counter()
        self._phase: Phase | None = None
        self._has_healed = False
        self._minted_at_s = 0.0
        self._unexpected: list[str] = []
        self._decided_by_hosts: set[Key] = set()
        for name, fake in services(self.consumer).items():
            fake.latency_s = dict.fromkeys(CALLS[name], AWS_LATENCY_S)

    def run(self) -> Record:
        """Run to the end and return the record."""
        consumers = (self.consumer, copy.copy(self.consumer))
        actors: dict[str, Callable[[], None]] = {"world": self._run_world}
        for name, consumer in zip("AB", consumers, strict=True):
            consumer.start()
            consumer.mapping = EventSourceMapping(consumer.sqs, consumer.queue_url, consumer.handle)
            actors[name] = self._consumer_actor(consumer)
        # Not in each invocation: two that overlap would restore each other's output.
        with redirect_stdout(self.consumer.printed), speedups():
            self.clock.run(actors)
        return self._record()

    # ── The consumers ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _consumer_actor(self, consumer: Consumer) -> Callable[[], None]:
        def consume() -> None:
            while not self._is_over():
                event = consumer.mapping.take()
                if event is None:
                    self.clock.sleep(self._idle_s())
                else:
                    self._invoke(consumer, event)

        return consume

    def _invoke(self, consumer: Consumer, event: dict[str, Any]) -> None:
        phase = self._phase
        consumer.drain_seconds = phase.drain_seconds if phase else 240
        consumer.auto_approve = phase.auto_approve if phase else True
        is_killed = phase is not None and self._rng.random() < phase.kill_rate
        self.clock.kill_after(1 + int(self._rng.expovariate(1 / MEAN_KILL_POINTS)) if is_killed else None)
        self.recorder.invocation_begins(event)
        invocation = consumer.mapping.invoke(event)
        self.clock.kill_after(None)
        self.recorder.invocation_ended(invocation.error)
        self.counts["invocations"] += 1
        if invocation.error is not None or self._rng.random() < 0.01:
            self.counts["invocations killed"] += invocation.error is not None
            consumer.start()
        if invocation.reading.fault and not invocation.was_killed:
            self._unexpected.append(f"{invocation.reading.fault} ({invocation.error!r})")
        consumer.mapping.invocations.clear()
        self._unexpected += [line for line in self.consumer.take_log().splitlines() if "Unexpected error" in line]
        self._report_progress(self.recorder.settled, (self.clock() - SAMPLE_MOMENT_S) / 3_600)

    def _is_over(self) -> bool:
        if not self._has_healed:
            return False
        return not self.consumer.waiting() or self.clock() > SAMPLE_MOMENT_S + self._span_s + PATIENCE_S

    def _idle_s(self) -> float:
        """Return how long to wait for the next visible message, a minute at most while submissions arrive."""
        next_s = self.consumer.sqs.queues[self.consumer.queue_url].next_change_s(self.clock())
        wait_s = IDLE_S if next_s is None else max(0.0, next_s - self.clock())
        return 0.1 + (wait_s if self._has_healed else min(IDLE_S, wait_s)) + self._rng.random()

    # ── Producers, faults, operators ──────────────────────────────────────────────────────────────────────────────────

    def _run_world(self) -> None:
        for at_s, act in self._timeline():
            self.clock.advance_to(at_s)
            act()
        self._heal()

    def _timeline(self) -> list[tuple[float, Callable[[], object]]]:
        start_s = SAMPLE_MOMENT_S
        timeline: list[tuple[float, Callable[[], object]]] = []
        for one in self.producers.submissions:
            timeline.append((one.at_s, partial(self.consumer.send, one.body, group_id=one.group_id)))
        for phase in phases(self._rng, self.size.hours):
            timeline.append((start_s, partial(self._begin, phase)))
            start_s += phase.minutes * 60
        timeline.append((SAMPLE_MOMENT_S + self._span_s * 0.55, self._raise_limits))
        timeline.append((SAMPLE_MOMENT_S + self._span_s * 0.6, self._repair_and_redrive))
        timeline += [(SAMPLE_MOMENT_S + self._span_s * share, self._approve) for share in (0.3, 0.5, 0.7, 0.9)]
        pause, pauses_at_s = Pause(self.consumer, self._unexpected), SAMPLE_MOMENT_S + self._span_s * 0.4
        timeline += [(pauses_at_s, pause.begin), (pauses_at_s + PAUSED_S, pause.end)]
        return sorted(timeline, key=lambda entry: entry[0])

    def _begin(self, phase: Phase) -> None:
        rng = random.Random(phase.seed)
        self._phase = phase
        self.counts[f"Zoom: {phase.zoom}"] += 1
        self.counts.update(f"{service}: {profile}" for service, profile in phase.aws.items())
        self.transport.start_phase(phase)
        apply_to_zoom(phase, self.consumer, rng)
        apply_to_aws(phase, self.consumer, rng)
        if phase.zoom == "account full":
            self.ground_truth.full_until_s = self.clock() + phase.minutes * 60

    def _raise_limits(self) -> None:
        for plan in self.plans:
            if plan.is_raised:
                plan.raise_limit(self.consumer.account)
        self.ground_truth.raised_at_s = self.clock()

    def _repair_and_redrive(self) -> None:
        """Add the missing webinar licence, and redrive all dead letters, as an operator does."""
        for plan in self.plans:
            if plan.kind is Kind.REPAIRED:
                self.consumer.account.set_webinar(plan.id, licensed=True)
        self.ground_truth.repaired_at_s = self.clock()
        queues = self.consumer.sqs.queues
        source, target = queues[self.consumer.dead_letter_url], queues[self.consumer.queue_url]
        self.counts["dead letters redriven"] += len(source.messages)
        self.consumer.sqs.start_message_move_task(SourceArn=source.arn, DestinationArn=target.arn)

    def _approve(self) -> None:
        """Approve half of the pending registrants, as hosts do."""
        account = self.consumer.account
        token = account.mint_token()
        for plan in self.plans:
            for one in self.ground_truth.registrants(plan.id).by_email.values():
                if one.status is Status.PENDING and self._rng.random() < 0.5:
                    self.recorder.zoom_called()
                    decide(account, plan.id, one.email, "approve", token)
                    self._decided_by_hosts.add((plan.id, as_keyed(one.email)))
                    self.counts["approved by hosts"] += 1

    def _heal(self) -> None:
        self._phase = None
        self.transport.start_phase(None)
        heal_zoom(self.consumer)
        for fake in services(self.consumer).values():
            fake.heal()
        self.consumer.dynamodb.stale_reads(0)
        self._has_healed = True

    # ── Before and after ──────────────────────────────────────────────────────────────────────────────────────────────

    def _open_webinars(self) -> None:
        account = self.consumer.account
        account.set_limits(light_per_second=10**6, medium_per_second=10**6)
        for plan in self.plans:
            plan.open_at(account)
        account.set_limits(plan="pro")
        account.clear_calls()
        self.consumer.functions.register("RefreshToken", self._refresh)

    def _refresh(self, event: Any, _context: Any) -> Any:
        """Stand in for RefreshToken: a new token if the caller has the current one, and not too often."""
        now = self.clock()
        if event.get("replaces") == self.consumer.token_version() and now >= self._minted_at_s + MINIMUM_REFRESH_S:
            self._minted_at_s = now
            value = json.dumps({"access_token": self.consumer.account.mint_token()})
            self.consumer.secrets.put_secret_value(SecretId="Token", SecretString=value)
        return {}

    def _record(self) -> Record:
        queue = self.consumer.sqs.queues[self.consumer.queue_url]
        aws_calls = sum(fake.calls.total() for fake in services(self.consumer).values())
        calls: list[LoggedCall] = self.consumer.account.calls()
        return Record(
            submissions=self.producers.submissions,
            plans=self.plans,
            validity=self.producers.validity,
            rows=self.recorder.rows,
            dead_letters=[
                (dead_letter.body, dict(dead_letter.attributes)) for dead_letter in self.consumer.dead_letters()
            ],
            waiting=[message.body for message in queue.messages.values()],
            lost_by_queue=[*queue.expired, *queue.redriven],
            calls=list(zip(self.recorder.callers, calls, strict=True)),
            deliveries=self.recorder.deliveries,
            writes=self.recorder.writes,
            violations=self.recorder.violations,
            histories=self.recorder.histories,
            decided_by_hosts=self._decided_by_hosts,
            at_zoom={plan.id: self.ground_truth.registrants(plan.id).by_email for plan in self.plans},
            unexpected=self._unexpected,
            counts=self.counts,
            faults=self.transport.faults,
            aws_calls=aws_calls,
            aws_broken=aws_calls - self.recorder.effects,
            aws_entries_failed=self.recorder.entries_failed,
            hours=(self.clock() - SAMPLE_MOMENT_S) / 3_600,
        )
