"""One local stack for all tests of this folder: deployed template, real runtime client, fake Zoom."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import requests
from boto3.dynamodb.types import TypeDeserializer

from local.fake_zoom.control import FakeZoomControl
from local.reporting.results import queued_messages
from local.stack import LocalStack

T = TypeVar("T")

END_SECONDS = 60.0  # far above any duration in these tests


@dataclass(frozen=True)
class Deployment:
    """The running stack, with helpers for tests."""

    stack: LocalStack
    zoom: FakeZoomControl

    def webinar(self, **properties: object) -> str:
        """Create a webinar for one test and return its id."""
        webinar_id = str(uuid.uuid4().int)[:11]
        self.zoom.set_webinar(webinar_id, **properties)
        return webinar_id

    def post(self, webinar_id: str, **request: Any) -> requests.Response:
        """Post a form over HTTP."""
        url = f"{self.stack.submission_url}/webinars/{webinar_id}/registrants"
        return requests.post(url, timeout=END_SECONDS, **request)

    def send(self, body: str, **arguments: Any) -> str:
        """Send a message to the registration queue and return its id."""
        response = self.stack.client("sqs").send_message(
            QueueUrl=self.stack.outputs["RegistrationQueueUrl"], MessageBody=body, **arguments
        )
        return str(response["MessageId"])

    def row(self, webinar_id: str, email: str) -> dict[str, Any] | None:
        """Return the row of a registrant, if there is one, in plain values."""
        item = (
            self.stack.client("dynamodb")
            .get_item(
                TableName=self.stack.outputs["RegistrantTableName"],
                Key={"webinar_id": {"S": webinar_id}, "email": {"S": email}},
                ConsistentRead=True,
            )
            .get("Item")
        )
        plain = TypeDeserializer().deserialize
        return {name: plain(value) for name, value in item.items()} if item else None

    def row_with(self, status: str, webinar_id: str, email: str) -> dict[str, Any]:
        """Wait until the registrant's row has this status."""
        return eventually(lambda: _with_status(self.row(webinar_id, email), status))

    def dead_letter(self, body: str) -> dict[str, Any]:
        """Wait for the dead letter with this body, and delete it."""
        return eventually(lambda: self._receive_dead_letter(body))

    def _receive_dead_letter(self, body: str) -> dict[str, Any] | None:
        """Search the whole queue: a receive returns ten messages, and those of other tests may come first."""
        sqs, url = self.stack.client("sqs"), self.stack.outputs["DeadLetterQueueUrl"]
        others: list[dict[str, Any]] = []
        found: dict[str, Any] | None = None
        while found is None:
            messages = sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=10,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            ).get("Messages", [])
            if not messages:
                break
            found = next((one for one in messages if one["Body"] == body), None)
            others += [one for one in messages if one is not found]
        if found is not None:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=found["ReceiptHandle"])
        for one in others:
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"], VisibilityTimeout=0)
        return found

    def reset_mint_interval(self) -> None:
        """Allow another mint at once: the minimum interval is a minute."""
        table = self.stack.physical_id("AccountTable")
        self.stack.client("dynamodb").delete_item(TableName=table, Key={"name": {"S": "token_mint"}})

    def wait_until_queue_is_empty(self, seconds: float = END_SECONDS) -> None:
        """Wait until no message is in the registration queue, visible or not."""
        eventually(lambda: True if queued_messages(self.stack) == 0 else None, seconds)

    def log(self, function: str) -> str:
        """Return everything that a function has printed."""
        return self.stack.function_log(function).read_text(encoding="utf-8")


def eventually(query: Callable[[], T | None], seconds: float = END_SECONDS) -> T:
    """Poll until the query returns a value; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = query()
        if found is not None:
            return found
        time.sleep(0.1)
    pytest.fail(f"no result after {seconds:.0f} s")


def _with_status(row: dict[str, Any] | None, status: str) -> dict[str, Any] | None:
    return row if row and row["status"] == status else None


@pytest.fixture(scope="session")
def running_stack() -> Iterator[LocalStack]:
    with LocalStack.start(name="tests") as stack:
        yield stack


@pytest.fixture
def deployment(running_stack: LocalStack) -> Iterator[Deployment]:
    """Return the shared stack, with a fake Zoom without faults or logged calls."""
    zoom = FakeZoomControl(running_stack.zoom_url)
    zoom.clear_faults()
    zoom.clear_calls()
    yield Deployment(running_stack, zoom)
    running_stack.check()
