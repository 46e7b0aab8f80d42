"""Cold start: AWS calls have timeouts; metrics; and what really runs side by side."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from outbox import Outbox
from registrar import limits

from local.reporting.metrics import read
from tests.log_lines import assert_rfc3339
from tests.unit.accept_form.conftest import Webhook
from tests.unit.accept_form.deliveries import generic_event, provider_event
from tests.unit.registrar.forms.providers.people import SECRET

GOOD = {"email": "ana@example.com", "first_name": "Ana"}


@pytest.fixture
def app(start_app: Callable[[str], ModuleType]) -> ModuleType:
    return start_app("accept_form")


def test_the_environment_is_built_once_and_its_calls_have_timeouts(app: ModuleType) -> None:
    env = app.environment()

    assert app.environment() is env
    assert_rfc3339(env.logger)
    for client in (env.forms._dynamodb, env.form_secrets._secrets, env.outbox._sqs):
        config = client.meta.config
        assert config.connect_timeout == limits.AWS_CONNECT_SECONDS
        assert config.read_timeout == limits.AWS_READ_SECONDS
        assert config.retries["total_max_attempts"] == limits.AWS_TRIES


@pytest.mark.parametrize("fails", [False, True])
def test_the_count_runs_beside_the_row_and_has_ended_before_the_reply(webhook: Webhook, fails: bool) -> None:
    webhook.add_form()
    webhook.post(generic_event({**GOOD, "submission_id": "warms up"}))
    outbox: Outbox = webhook.app.environment().outbox
    outbox._executor = ThreadPoolExecutor(1)
    both = threading.Barrier(2, timeout=10)  # broken unless both calls are in progress at the same time
    ended: list[str] = []

    def meet(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def meeting(*arguments: Any, **named: Any) -> Any:
            both.wait()
            if name == "count":
                time.sleep(0.05)
            ended.append(name)
            return call(*arguments, **named)

        return meeting

    outbox._forms.count = meet("count", outbox._forms.count)  # type: ignore[method-assign]
    outbox._submissions.claim = meet("claim", outbox._submissions.claim)  # type: ignore[method-assign]
    if fails:
        webhook.dynamodb.deny("put_item")

    assert webhook.post(generic_event(GOOD)).status == (503 if fails else 200)
    assert ended == ["claim", "count"]
    outbox._executor.shutdown()


# ── Metrics ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def metrics_of(output: str) -> dict[str, float]:
    return {one.name: sum(one.values) for one in read(output.splitlines())}


METRICS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, float]]] = {
    "queued": ({}, generic_event(GOOD), {"FormsAccepted": 1}),
    "ignored": ({}, generic_event({**GOOD, "_gotcha": "x"}), {"FormsIgnored": 1}),
    "set aside": ({}, generic_event({}), {"FormsSetAside": 1}),
    "beyond the ceiling": ({"daily_ceiling": 0}, generic_event(GOOD), {"FormsSetAside": 1, "FormCeilingReached": 1}),
    "of another type": (
        {},
        provider_event("typeform") | {"headers": {"content-type": "image/png"}},
        {"FormsRefused": 1},
    ),
    "unknown": ({}, generic_event(GOOD, form_id="x" * 43), {"FormsUnknown": 1}),
    "disabled": ({"enabled": False}, generic_event(GOOD), {"FormsUnknown": 1}),
}


@pytest.mark.parametrize(("attributes", "event", "expected"), METRICS.values(), ids=METRICS)
def test_each_delivery_is_counted(
    webhook: Webhook,
    capsys: pytest.CaptureFixture[str],
    attributes: dict[str, Any],
    event: dict[str, Any],
    expected: dict[str, float],
) -> None:
    webhook.add_form(**attributes)
    webhook.post(event)

    assert metrics_of(capsys.readouterr().out) == expected


def test_a_repeated_delivery_a_wrong_signature_and_a_failure_are_counted(
    webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook.add_form()
    webhook.post(generic_event(GOOD))
    capsys.readouterr()

    webhook.post(generic_event(GOOD))
    assert metrics_of(capsys.readouterr().out) == {"FormsIgnored": 1}
    webhook.sqs.deny("send_message")
    webhook.post(generic_event({**GOOD, "submission_id": "r2"}))
    assert metrics_of(capsys.readouterr().out) == {"FormsNotTaken": 1}
    webhook.set_secrets([SECRET])
    webhook.clock.sleep(61)
    webhook.post(generic_event(GOOD))
    assert metrics_of(capsys.readouterr().out) == {"FormsRefused": 1}
