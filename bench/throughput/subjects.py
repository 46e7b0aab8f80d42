"""Who is measured: our consumer and its peers, each with the settings that a sensible author would give it.

In: a stage. Out: what lives on it, and what is on its bill.
"""

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
from bench.simulation.stage import Lives, Stage
from tests.fakes import EventSourceMapping

Handler = Callable[[dict[str, Any], Any], Any]

# template.yaml's: memory, MaximumConcurrency, timeout.
OUR_MEMORY_MB, OUR_CONCURRENCY, OUR_TIMEOUT_S = 1_024, 2, 300.0

# A call takes Zoom half a second: so many environments, of which each makes two a second, use up the budget, and none
# of them needs to know of the others. That is how one does it who has no pace of his own.
CALLS_A_SECOND_EACH = 2
LIGHT_CALLS = {"pro": 30, "business": 80}  # a second: zoom-api.md
NAIVE_CONCURRENCY = 100  # an account's 1,000 would only be refused more often
RECEIVES = 5  # maxReceiveCount, as AWS advises: then the dead-letter queue


@dataclass
class Work:
    """A subject at work: what lives, and what is billed."""

    lives: Lives
    memory_mb: int = 0
    environments: list[EventSourceMapping] = field(default_factory=list)
    pollers: Pollers | None = None
    log_bytes: int = 0


@dataclass(frozen=True)
class Subject:
    """One who registers people. `most_people`: more of them would take too long to simulate, and tell nothing new."""

    name: str
    label: str
    begin: Callable[[Stage], Work]
    most_people: int | None = None


def our_consumer(stage: Stage) -> Work:
    """Two environments, as the template has them."""
    work = Work({}, memory_mb=OUR_MEMORY_MB)
    handlers = []
    for consumer in (copy.copy(stage.consumer), copy.copy(stage.consumer)):
        consumer.start()
        handlers.append(consumer.handle)

    def noted(handler: Handler) -> Handler:
        def handle(event: dict[str, Any], context: Any) -> Any:
            try:
                return handler(event, context)
            finally:
                work.log_bytes += len(stage.consumer.take_log().encode())

        return handle

    return behind_our_mapping(stage, work, [noted(handler) for handler in handlers])


def behind_our_mapping(stage: Stage, work: Work, handlers: Sequence[Handler]) -> Work:
    """Put our handlers behind the template's mapping."""
    return behind_mapping(stage, work, Settings(OUR_CONCURRENCY), handlers, timeout_s=OUR_TIMEOUT_S)


def behind_mapping(
    stage: Stage, work: Work, settings: Settings, handlers: Sequence[Handler], *, timeout_s: float
) -> Work:
    """Put handlers, one an environment, behind a mapping."""
    options: dict[str, Any] = {"timeout_s": timeout_s, "memory_mb": work.memory_mb, "kills": stage.can_kill}
    queue_url = stage.consumer.queue_url
    work.environments = [EventSourceMapping(stage.consumer.sqs, queue_url, handler, **options) for handler in handlers]
    work.pollers = Pollers(stage, stage.model, settings, work.environments)
    work.lives = work.pollers.lives()
    return work


def _single_calls(stage: Stage, concurrency: int, calls_per_second: float | None) -> Work:
    _keep(stage, timeout_s=30)
    handlers = [
        SingleCalls(
            *(stage.consumer.dynamodb, TABLE, stage.session(), stage.api_url, stage.token, calls_per_second),
            clock=stage.clock,
            sleep=stage.clock.sleep,
        ).handler
        for _ in range(concurrency)
    ]
    return behind_mapping(stage, Work({}, memory_mb=512), Settings(concurrency), handlers, timeout_s=30)


def _naive(stage: Stage) -> Work:
    return _single_calls(stage, NAIVE_CONCURRENCY, None)


def _tuned(stage: Stage) -> Work:
    return _single_calls(stage, LIGHT_CALLS[stage.scenario.plan] // CALLS_A_SECOND_EACH, CALLS_A_SECOND_EACH)


def _classic(batch_size: int, window_s: float, timeout_s: float) -> Callable[[Stage], Work]:
    def begin(stage: Stage) -> Work:
        _keep(stage, timeout_s=timeout_s)
        settings = Settings(stage.scenario.calls_per_second // CALLS_A_SECOND_EACH, batch_size, window_s)
        handlers = [ClassicMapping(_batch_call(stage)).handler for _ in range(settings.concurrency)]
        return behind_mapping(stage, Work({}, memory_mb=512), settings, handlers, timeout_s=timeout_s)

    return begin


def _script(stage: Stage) -> Work:
    _keep(stage, timeout_s=50)
    sqs = LongPolls(stage.consumer.sqs, stage, stage.model)
    script = SequentialScript(sqs, stage.consumer.queue_url, _batch_call(stage))
    return Work({"script": lambda: script.run(lambda: stage.is_over)})


def _batch_call(stage: Stage) -> BatchCall:
    return BatchCall(stage.consumer.dynamodb, TABLE, stage.session(), stage.api_url, stage.token)


def _keep(stage: Stage, *, timeout_s: float) -> None:
    """The queue as its author sets it: visibility six times the function's timeout (AWS)."""
    stage.queue.visibility_timeout_s = round(6 * timeout_s)
    stage.queue.max_receive_count = RECEIVES


OURS = Subject("ours", "our consumer", our_consumer)
TUNED = Subject("tuned", "1 a call, limiter", _tuned, most_people=10_000)
NAIVE = Subject("naive", "1 a call, no limiter", _naive, most_people=10_000)
SCRIPT = Subject("script", "script of thirties", _script)
CLASSIC_10 = Subject("classic-10", "classic, 10", _classic(10, 0.0, 60))
CLASSIC_1000 = Subject("classic-1000", "classic, 1,000", _classic(1_000, 5.0, 300))
PEERS = [TUNED, NAIVE, SCRIPT, CLASSIC_10, CLASSIC_1000]
SUBJECTS = {subject.name: subject for subject in (OURS, *PEERS)}
