"""A webinar that refuses registrants is noted for the registration page, and nothing depends on whether that works."""

from typing import Any

import pytest

from tests.consumer import WEBINAR, Consumer, addresses

FULL = {"capacity": 0}
REFUSALS: list[dict[str, Any]] = [{"start_time": "2020-01-01T00:00:00Z"}, {"approval_type": 2}]


def notes(consumer: Consumer) -> list[dict[str, Any]]:
    return [call for call in consumer.dynamodb.requests_of("update_item") if call["TableName"] == "Webinars"]


def look_up(consumer: Consumer) -> None:
    """Write what a lookup of the webinar writes."""
    facts = {"webinar_id": {"S": WEBINAR}, "looked_up_at": {"S": "2026-11-23T13:59:00Z"}, "topic": {"S": "Engines"}}
    consumer.dynamodb.tables["Webinars"].write((WEBINAR,), facts)


@pytest.mark.parametrize("error", ["InternalServerError", "ResourceNotFoundException"])
def test_a_note_that_fails_is_logged_and_disturbs_no_settlement(consumer: Consumer, error: str) -> None:
    consumer.account.set_webinar(WEBINAR, **REFUSALS[0])
    consumer.dynamodb.fail_always("update_item", error=error, when=lambda params: params["TableName"] == "Webinars")
    consumer.send_registrants(*addresses(3))
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_over"] * 3)
    (line,) = consumer.logged("AWS call failed")
    assert (line["operation"], line["error"]) == ("webinar_table", f"WebinarTable: {error}")


def test_a_webinar_that_takes_registrants_is_not_noted(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(40))
    consumer.run()
    assert notes(consumer) == []


def test_a_full_webinar_is_noted_once_per_invocation(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, **FULL)
    consumer.send_registrants(*addresses(40))
    assert len(consumer.run()) == 1
    assert consumer.reasons() == ["webinar_full"] * 40
    assert len(notes(consumer)) == 1
    assert consumer.dynamodb.rows("Webinars")[0]["full_since"] == "2026-11-23T14:00:00Z"


@pytest.mark.parametrize("properties", REFUSALS)
def test_known_facts_of_a_closed_webinar_are_looked_up_again(consumer: Consumer, properties: dict[str, Any]) -> None:
    consumer.account.set_webinar(WEBINAR, **properties)
    look_up(consumer)
    consumer.send_registrants(*addresses(40))
    consumer.run()
    assert len(notes(consumer)) == 1
    (facts,) = consumer.dynamodb.rows("Webinars")
    assert (facts["looked_up_at"], facts["topic"]) == ("1970-01-01T00:00:00Z", "Engines")


def test_a_closed_webinar_that_nobody_looked_up_gets_no_facts(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, **REFUSALS[0])
    consumer.send_registrants("ada@example.com")
    consumer.run()
    assert consumer.dynamodb.rows("Webinars") == []
