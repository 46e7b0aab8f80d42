"""The sample events of `events/`: the deployed functions process them, as with `sam local invoke`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.stack.conftest import Deployment

EVENTS = Path(__file__).parent.parent.parent / "events"


def event(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def test_every_sample_is_used_by_a_test() -> None:
    used = Path(__file__).read_text(encoding="utf-8")

    unused = [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}"' not in used and path.stem != "samples"]

    assert unused == []


@pytest.mark.parametrize(("name", "status"), [("submission_json", 202), ("submission_form", 303)])
def test_the_sample_submissions_are_accepted(deployment: Deployment, name: str, status: int) -> None:
    assert deployment.stack.invoke("AcceptSubmissionFunction", event(name))["statusCode"] == status


def test_the_sample_delivery_is_accepted(deployment: Deployment) -> None:
    sample = event("form_delivery")
    texts = {"form_id": sample["pathParameters"]["form_id"], "provider": "generic", "webinar_id": "97871060099"}
    item = {name: {"S": text} for name, text in texts.items()}
    deployment.stack.client("dynamodb").put_item(TableName=deployment.stack.physical_id("FormTable"), Item=item)

    response = deployment.stack.invoke("AcceptFormFunction", sample)

    assert response["statusCode"] == 200
    assert json.loads(response["body"])["status"] == "queued"


def test_the_sample_registrations_are_processed(deployment: Deployment) -> None:
    deployment.zoom.set_webinar("97871060099")
    deployment.zoom.set_webinar("95204720014")

    response = deployment.stack.invoke("RegisterBatchFunction", event("registrations"))

    assert response == {"batchItemFailures": []}
    assert deployment.row_with("registered", "95204720014", "grace@example.com")
    assert deployment.dead_letter("not JSON at all")


def test_a_token_is_minted_once_per_minute_at_most(deployment: Deployment) -> None:
    deployment.reset_mint_interval()
    assert deployment.stack.invoke("RefreshTokenFunction", event("refresh_token_scheduled"))["minted"] is True
    response = deployment.stack.invoke("RefreshTokenFunction", event("refresh_token_scheduled"))

    assert response["minted"] is False
    assert "too recently" in response["why"]


def test_a_token_that_has_been_replaced_is_not_replaced_again(deployment: Deployment) -> None:
    response = deployment.stack.invoke("RefreshTokenFunction", event("refresh_token_replacement"))

    assert response["minted"] is False
    assert "already replaced" in response["why"]


def test_the_sample_of_a_page_is_answered_in_the_readers_language(deployment: Deployment) -> None:
    deployment.zoom.set_webinar("97871060099", topic="Opening keynote")

    response = deployment.stack.invoke("RegistrationPageFunction", event("registration_page"))

    assert response["statusCode"] == 200
    assert 'lang="de"' in response["body"]


def test_the_sample_webinar_is_described(deployment: Deployment) -> None:
    deployment.zoom.set_webinar("97871060099")

    assert deployment.stack.invoke("DescribeWebinarFunction", event("describe_webinar"))["exists"] is True
