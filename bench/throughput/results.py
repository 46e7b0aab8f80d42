"""The results of a run: everything that the tables show of one subject in one scenario.

speed        registrants with a stored join URL ÷ seconds from the first form to the last of these rows: the whole
             time, including the last calls, which are not full
drain        the same speed ÷ the ceiling (0.97 x calls per second x 30 registrants) while there is a backlog: until
             30 registrants per webinar are left without a row. None where the forms arrive more slowly than the
             ceiling, or are so few that there never is a backlog
whole        over the whole time: the seconds at the ceiling (not before the last form is sent) ÷ the seconds it
             took; multiplied by the share of registrants that were registered
÷ ideal      calls to Zoom ÷ Σ ⌈registrants of a webinar / 30⌉; meaningful only where all forms come at once
p50, p99     seconds from the sending of a form's message to the row with the join URL
in flight    maximum of messages in flight: all environments together, and what the mapping has prefetched
lost         forms without a row with a join URL in the end; a peer's are in the dead-letter queue
doubled      registrants registered by more than one successful call
"""

from collections import Counter
from dataclasses import dataclass

from bench.simulation.testbed import Testbed
from bench.throughput.prices import Bill
from bench.throughput.scenarios import REGISTRANTS_PER_CALL
from bench.throughput.subjects import Subject, Work


@dataclass(frozen=True)
class Result:
    """The results of one run: a row of the table."""

    scenario: str
    description: str
    trickle: bool
    subject: str
    label: str
    clock: str
    model: str
    registrants: int
    seconds: float
    ceiling: float
    speed: float
    drain: float | None
    whole: float
    calls: int
    ideal_calls: int
    refused: int
    p50_s: float
    p99_s: float
    slowest_s: float
    in_flight: int
    lost: int
    doubled: int
    bill: Bill
    real_seconds: float

    @property
    def calls_by_ideal(self) -> float:
        """Return the calls made, divided by the calls needed if all were full."""
        return self.calls / self.ideal_calls

    @property
    def dollars_per_million(self) -> float:
        """Return AWS's price per million registrants."""
        return (
            self.bill.dollars / (self.registrants - self.lost) * 1e6 if self.registrants > self.lost else float("inf")
        )


def result_of(testbed: Testbed, subject: Subject, clock: str, work: Work, real_seconds: float) -> Result:
    """Compute the results of a run."""
    scenario, recorder = testbed.scenario, testbed.recorder
    waits = sorted(
        recorder.stored_s[key] - sent_s for key, sent_s in recorder.sent_s.items() if key in recorder.stored_s
    )
    first_s = min(recorder.sent_s.values())
    seconds = max(recorder.stored_s.values(), default=first_s) - first_s
    ideal_seconds = max(scenario.registrants / scenario.ceiling, max(recorder.sent_s.values()) - first_s)
    calls = [call for call in testbed.zoom.calls() if call.registrants]
    taken = Counter(
        (call.webinar, email.lower()) for call in calls if call.status in (200, 201) for email in call.emails
    )
    return Result(
        scenario=scenario.name,
        description=str(scenario),
        trickle=scenario.trickle,
        subject=subject.name,
        label=subject.label,
        clock=clock,
        model=testbed.model.name,
        registrants=scenario.registrants,
        seconds=seconds,
        ceiling=scenario.ceiling,
        speed=len(waits) / seconds if seconds else 0.0,
        drain=_drain(testbed, first_s),
        whole=ideal_seconds / seconds * len(waits) / scenario.registrants if seconds else 0.0,
        calls=len(calls),
        ideal_calls=scenario.ideal_calls,
        refused=sum(call.status == 429 for call in calls),
        p50_s=_quantile(waits, 0.50),
        p99_s=_quantile(waits, 0.99),
        slowest_s=waits[-1] if waits else 0.0,
        in_flight=recorder.max_in_flight,
        lost=scenario.registrants - len(waits),
        doubled=sum(number > 1 for number in taken.values()),
        bill=_bill(testbed, work),
        real_seconds=real_seconds,
    )


def _drain(testbed: Testbed, first_s: float) -> float | None:
    scenario = testbed.scenario
    number = scenario.registrants - REGISTRANTS_PER_CALL * scenario.webinars
    stored_s = sorted(testbed.recorder.stored_s.values())
    if scenario.registrants / scenario.seconds <= scenario.ceiling or not 0 < number <= len(stored_s):
        return None
    return number / (stored_s[number - 1] - first_s) / scenario.ceiling


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _bill(testbed: Testbed, work: Work) -> Bill:
    fakes = testbed.consumer
    invocations = [one for environment in work.environments for one in environment.invocations]
    own = sum(number for name, number in fakes.sqs.calls.items() if name != "send_message")  # those are the producers'
    consumed = [table.consumed for table in fakes.dynamodb.tables.values()]
    return Bill(
        sqs_requests=own + (work.pollers.requests if work.pollers else 0),
        read_units=sum(one.read for one in consumed),
        write_units=sum(one.write for one in consumed),
        invocations=len(invocations),
        gb_seconds=sum(one.ended_at_s - one.started_at_s for one in invocations) * work.memory_mb / 1_024,
        secret_calls=fakes.secrets.calls.total(),
        log_gb=work.log_bytes / 1e9,
    )
