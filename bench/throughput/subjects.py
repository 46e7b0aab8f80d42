"""The subjects: our consumer and its peers, each with sensible settings."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.peers.batch_call import BatchCall
from bench.peers.classic_mapping import ClassicMapping
from bench.peers.sequential_script import SequentialScript
from bench.peers.single_calls import SingleCalls
from bench.simulation.aws_model import Pollers, Settings
from bench.simulation.long_poll import LongPolls
from bench.simulation.recorder import TABLE
from bench.simulation.testbed import Actors, Testbed
from tests.fakes import EventSourceMapping

Handler = Callable[[dict[str, Any], Any], Any]

# template.yaml's: memory, MaximumConcurrency, timeout.
OUR_MEMORY_MB, OUR_CONCURRENCY, OUR_TIMEOUT_S = 1_024, 2, 300.0

# A call takes half a second, so an environment makes two per second. So many environments that they use up the rate
# limit together need no limiter: the usual way to do without one.
CALLS_PER_SECOND_EACH = 2
LIGHT_CALLS = {"pro": 30, "business": 80}  # per second: zoom-api.md
NAIVE_CONCURRENCY = 100  # an account's 1,000 would only get more 429s
RECEIVES = 5  # maxReceiveCount, as AWS advises: then the dead-letter queue


@dataclass
class Work:
    """A running subject: its actors, and what is billed."""

    actors: Actors
    memory_mb: int = 0
    environments: list[EventSourceMapping] = field(default_factory=list)
    pollers: Pollers | None = None
    log_bytes: int = 0


@dataclass(frozen=True)
class Subject:
    """A subject; `max_registrants` limits the simulation where more would not change the result."""

    name: str
    label: str
    begin: Callable[[Testbed], Work]
    max_registrants: int | None = None


def our_consumer(testbed: Testbed) -> Work:
    """Start our consumer in two environments, as in the template."""
    work = Work({}, memory_mb=OUR_MEMORY_MB)
    handlers = []
    for consumer in (copy.copy(testbed.consumer), copy.copy(testbed.consumer)):
        consumer.start()
        handlers.append(consumer.handle)

    def logged(handler: Handler) -> Handler:
        def handle(event: dict[str, Any], context: Any) -> Any:
            try:
                return handler(event, context)
            finally:
                work.log_bytes += len(testbed.consumer.take_log().encode())

        return handle

    return behind_our_mapping(testbed, work, [logged(handler) for handler in handlers])


def behind_our_mapping(testbed: Testbed, work: Work, handlers: Sequence[Handler]) -> Work:
    """Put our handlers behind the template's mapping."""
    return behind_mapping(testbed, work, Settings(OUR_CONCURRENCY), handlers, timeout_s=OUR_TIMEOUT_S)


def behind_mapping(
    testbed: Testbed, work: Work, settings: Settings, handlers: Sequence[Handler], *, timeout_s: float
) -> Work:
    """Put handlers, one per environment, behind a mapping."""
    options: dict[str, Any] = {"timeout_s": timeout_s, "memory_mb": work.memory_mb, "kills": testbed.can_kill}
    queue_url = testbed.consumer.queue_url
    work.environments = [
        EventSourceMapping(testbed.consumer.sqs, queue_url, handler, **options) for handler in handlers
    ]
    work.pollers = Pollers(testbed, testbed.model, settings, work.environments)
    work.actors = work.pollers.actors()
    return work


def _single_calls(testbed: Testbed, concurrency: int, calls_per_second: float | None) -> Work:
    _configure_queue(testbed, timeout_s=30)
    handlers = [
        SingleCalls(
            *(testbed.consumer.dynamodb, TABLE, testbed.session(), testbed.api_url, testbed.token, calls_per_second),
            clock=testbed.clock,
            sleep=testbed.clock.sleep,
        ).handler
        for _ in range(concurrency)
    ]
    return behind_mapping(testbed, Work({}, memory_mb=512), Settings(concurrency), handlers, timeout_s=30)


def _naive(testbed: Testbed) -> Work:
    return _single_calls(testbed, NAIVE_CONCURRENCY, None)


def _tuned(testbed: Testbed) -> Work:
    return _single_calls(testbed, LIGHT_CALLS[testbed.scenario.plan] // CALLS_PER_SECOND_EACH, CALLS_PER_SECOND_EACH)


def _classic(batch_size: int, window_s: float, timeout_s: float) -> Callable[[Testbed], Work]:
    def begin(testbed: Testbed) -> Work:
        _configure_queue(testbed, timeout_s=timeout_s)
        settings = Settings(testbed.scenario.calls_per_second // CALLS_PER_SECOND_EACH, batch_size, window_s)
        handlers = [ClassicMapping(_batch_call(testbed)).handler for _ in range(settings.concurrency)]
        return behind_mapping(testbed, Work({}, memory_mb=512), settings, handlers, timeout_s=timeout_s)

    return begin


def _script(testbed: Testbed) -> Work:
    _configure_queue(testbed, timeout_s=50)
    sqs = LongPolls(testbed.consumer.sqs, testbed, testbed.model)
    script = SequentialScript(sqs, testbed.consumer.queue_url, _batch_call(testbed))
    return Work({"script": lambda: script.run(lambda: testbed.is_over)})


def _batch_call(testbed: Testbed) -> BatchCall:
    return BatchCall(testbed.consumer.dynamodb, TABLE, testbed.session(), testbed.api_url, testbed.token)


def _configure_queue(testbed: Testbed, *, timeout_s: float) -> None:
    """Configure the queue as AWS advises: a visibility timeout of six times the function's."""
    testbed.queue.visibility_timeout_s = round(6 * timeout_s)
    testbed.queue.max_receive_count = RECEIVES


OURS = Subject("ours", "our consumer", our_consumer)
TUNED = Subject("tuned", "1 per call, limiter", _tuned, max_registrants=10_000)
NAIVE = Subject("naive", "1 per call, no limiter", _naive, max_registrants=10_000)
SCRIPT = Subject("script", "batch script", _script)
CLASSIC_10 = Subject("classic-10", "classic, 10", _classic(10, 0.0, 60))
CLASSIC_1000 = Subject("classic-1000", "classic, 1,000", _classic(1_000, 5.0, 300))
PEERS = [TUNED, NAIVE, SCRIPT, CLASSIC_10, CLASSIC_1000]
SUBJECTS = {subject.name: subject for subject in (OURS, *PEERS)}
