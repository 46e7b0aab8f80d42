"""One submission, delivered several times, is one message; and the day's count of a form has a ceiling."""

from typing import Any

import pytest
from registrar import limits

from tests.fakes.clock import TimeIsUp
from tests.fakes.simulation import SimulatedClock
from tests.unit.accept_form.conftest import Aws, Webhook
from tests.unit.accept_form.deliveries import ANA, generic_event, provider_event
from tests.unit.registrar.forms.providers.people import NOW

GOOD = {"email": "ana@example.com", "first_name": "Ana", "submission_id": "r1"}
INCOMPLETE = {"first_name": "Ana", "submission_id": "r1"}
MIDNIGHT = 1_790_035_200.0  # 2026-09-22T00:00:00Z


# ── Repeated deliveries ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("provider", ["typeform", "elementor", "jotform", "cf7"])
def test_a_repeated_delivery_has_the_same_id_and_no_second_message(webhook: Webhook, provider: str) -> None:
    webhook.add_form(provider)
    replies = [webhook.post(provider_event(provider)) for _ in range(3)]

    assert len({reply.text for reply in replies}) == 1
    assert replies[0].content["status"] == "queued"
    assert len(webhook.messages) == len(webhook.rows) == 1
    assert [line["message"] for line in webhook.log_lines] == ["Form accepted", "Form repeated", "Form repeated"]


@pytest.mark.parametrize("seed", range(8))
def test_deliveries_at_the_same_moment_are_one_message(open_webhook: Any, seed: int) -> None:
    clock = SimulatedClock(NOW, seed)
    aws = Aws(clock)
    aws.sqs.latency_s["send_message"] = 0.02
    webhooks = [open_webhook(aws) for _ in range(3)]
    webhooks[0].add_form()
    replies = []
    clock.run(
        {
            str(place): lambda one=one: replies.append(one.post(generic_event(GOOD)))
            for place, one in enumerate(webhooks)
        }
    )

    assert [reply.content["status"] for reply in replies] == ["queued"] * 3
    assert len(webhooks[0].messages) == 1


def test_a_crash_between_row_and_queue_is_made_good_by_the_next_delivery(open_webhook: Any) -> None:
    aws = Aws(SimulatedClock(NOW, 0))
    webhook = open_webhook(aws)
    webhook.add_form()
    webhook.sqs.fail_next("send_message", TimeIsUp())
    with pytest.raises(TimeIsUp):
        webhook.post(generic_event(GOOD))
    assert (len(webhook.rows), webhook.messages) == (1, [])

    aws.clock.sleep(60)
    reply = webhook.post(generic_event(GOOD))

    assert reply.content == {"submission_id": webhook.rows[0]["submission_id"], "status": "queued"}
    assert len(webhook.messages) == len(webhook.rows) == 1


def test_a_delivery_that_was_not_taken_is_taken_when_it_is_repeated(webhook: Webhook) -> None:
    webhook.add_form()
    webhook.sqs.fail_next("send_message", "ServiceUnavailable")

    assert webhook.post(generic_event(GOOD)).status == 503
    webhook.clock.sleep(limits.RETRY_AFTER_SECONDS)
    assert webhook.post(generic_event(GOOD)).status == 200
    assert len(webhook.messages) == 1


def test_what_was_set_aside_is_queued_once_the_mapping_is_corrected(webhook: Webhook) -> None:
    webhook.add_form()
    first, second = (webhook.post(generic_event(INCOMPLETE)) for _ in range(2))
    assert first.text == second.text
    assert first.content["status"] == "set_aside"
    assert len(webhook.dead_letters) == 1

    corrected = [webhook.post(generic_event(GOOD)) for _ in range(2)]

    assert [reply.content for reply in corrected] == [{**first.content, "status": "queued"}] * 2
    assert len(webhook.messages) == 1
    # Broken again, it stays queued.
    assert webhook.post(generic_event(INCOMPLETE)).content["status"] == "queued"
    assert len(webhook.dead_letters) == 1


def test_three_calls_follow_one_another(webhook: Webhook) -> None:
    webhook.add_form()
    webhook.post(generic_event({**GOOD, "submission_id": "warms up"}))
    webhook.dynamodb.requests.clear()
    webhook.sqs.requests.clear()

    webhook.post(generic_event(GOOD))

    tables = [(call.operation, call.params["TableName"]) for call in webhook.dynamodb.requests]
    beside = ("update_item", "forms")  # on a second thread: test_environment.py
    assert tables == [beside, ("put_item", "submissions"), ("update_item", "submissions")]
    assert [call.operation for call in webhook.sqs.requests] == ["send_message"]
    assert webhook.secrets.calls["get_secret_value"] == 1


# ── The count and its ceiling ────────────────────────────────────────────────────────────────────────────────────────


def submit(webhook: Webhook, number: int) -> str:
    return webhook.post(generic_event({**GOOD, "submission_id": f"r{number}"})).content["status"]


def test_beyond_its_ceiling_a_form_is_set_aside_until_the_next_utc_day(open_webhook: Any) -> None:
    aws = Aws(SimulatedClock(MIDNIGHT - 10, 0))
    webhooks = [open_webhook(aws) for _ in range(2)]  # the count is all environments'
    webhooks[0].add_form(daily_ceiling=3)

    assert [submit(webhooks[number % 2], number) for number in range(5)] == ["queued"] * 3 + ["set_aside"] * 2
    [detail] = {one["MessageAttributes"]["detail"]["StringValue"] for one in webhooks[0].dead_letters}
    assert detail == "the form's ceiling of 3 submissions per UTC day is reached"
    row = webhooks[0].form_row
    assert (row["counted_on"], row["submissions_today"], row["unmapped_in_a_row"]) == ("2026-09-21", 5, 0)

    aws.clock.sleep(10)
    assert [submit(webhooks[0], number) for number in range(5, 9)] == ["queued"] * 3 + ["set_aside"]
    row = webhooks[0].form_row
    assert (row["counted_on"], row["submissions_today"], row["unmapped_in_a_row"]) == ("2026-09-22", 4, 0)


def test_beyond_the_ceiling_what_is_no_registrant_keeps_its_own_reason(webhook: Webhook) -> None:
    webhook.add_form(daily_ceiling=0)

    assert webhook.post(generic_event(INCOMPLETE)).content["status"] == "set_aside"
    [letter] = webhook.dead_letters
    assert letter["MessageAttributes"]["detail"]["StringValue"] == "missing: email"


def test_a_form_without_a_ceiling_has_the_contract_s(webhook: Webhook) -> None:
    webhook.add_form()
    webhook.dynamodb.update_item(
        TableName="forms",
        Key={"form_id": {"S": webhook.form_row["form_id"]}},
        UpdateExpression="SET counted_on = :day, submissions_today = :most REMOVE daily_ceiling",
        ExpressionAttributeValues={":day": {"S": "2026-09-21"}, ":most": {"N": "19999"}},
    )

    assert [submit(webhook, number) for number in range(2)] == ["queued", "set_aside"]


@pytest.mark.parametrize("seed", range(6))
def test_the_day_s_first_submissions_are_all_counted(open_webhook: Any, seed: int) -> None:
    clock = SimulatedClock(NOW, seed)
    aws = Aws(clock)
    webhooks = [open_webhook(aws) for _ in range(4)]
    webhooks[0].add_form()
    clock.run({str(place): lambda one=one, place=place: submit(one, place) for place, one in enumerate(webhooks)})  # type: ignore[misc]

    assert webhooks[0].form_row["submissions_today"] == 4


def test_a_slow_clock_counts_into_the_day_that_has_begun(open_webhook: Any) -> None:
    aws = Aws(SimulatedClock(MIDNIGHT - 1, 0))
    webhook = open_webhook(aws)
    webhook.add_form()
    aws.clock.sleep(1)
    submit(webhook, 1)
    slow = open_webhook(aws)
    slow.app.environment().forms._clock = lambda: MIDNIGHT - 0.5

    assert submit(slow, 2) == "queued"
    assert (webhook.form_row["counted_on"], webhook.form_row["submissions_today"]) == ("2026-09-22", 2)


def test_a_form_that_was_removed_meanwhile_does_not_come_back(webhook: Webhook) -> None:
    form = webhook.add_form()
    submit(webhook, 1)
    webhook.dynamodb.delete_item(TableName="forms", Key={"form_id": {"S": form.form_id}})

    assert submit(webhook, 2) == "queued", "it is known for another minute"
    assert webhook.dynamodb.rows("forms") == []


def test_a_count_that_fails_loses_no_submission(webhook: Webhook) -> None:
    webhook.add_form()
    webhook.dynamodb.fail_always(
        "update_item", error="ThrottlingException", when=lambda params: params["TableName"] == "forms"
    )

    assert submit(webhook, 1) == "queued"
    line = webhook.log_lines[0]
    assert (line["level"], line["message"], line["error"]) == (
        "ERROR",
        "Form not counted",
        "FormTable: ThrottlingException",
    )


def test_a_mark_that_fails_is_logged_and_the_next_delivery_is_sent_again(webhook: Webhook) -> None:
    webhook.add_form("typeform")
    webhook.dynamodb.fail_next(
        "update_item", "ThrottlingException", when=lambda params: params["TableName"] == "submissions"
    )

    assert webhook.post(provider_event("typeform", ANA)).status == 200
    assert webhook.log_lines[0]["message"] == "Submission not marked"
