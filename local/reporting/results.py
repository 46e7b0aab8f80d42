"""The outcomes of the samples: read from the table, the queues and the fake Zoom's call log, and checked."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from local.fake_zoom.call_log import LoggedCall
from local.fake_zoom.control import FakeZoomControl
from local.reporting.samples import INVALID_FORM, REGISTERED, Samples, Submission
from local.stack import LocalStack

FULL_CALL = 30  # registrants per call: Zoom's maximum
SETTLED_HEADLINE = "You are registered."  # of the status page

Key = tuple[str, str]


def key_of(submission: Submission) -> Key:
    """Return the table's key of a submission, computed independently of the product."""
    local_part, _, domain = unicodedata.normalize("NFC", submission.email.strip()).lower().rpartition("@")
    return submission.webinar_id, f"{local_part}@{domain.encode('idna').decode()}"


@dataclass(frozen=True)
class Results:
    """The state after all messages were settled.

    `statuses`: HTTP statuses in the samples' order. `headlines`: of the status pages that the browsers see in the end.
    """

    samples: Samples
    statuses: tuple[int, ...]
    rows: Mapping[Key, Mapping[str, Any]]
    dead_letters: Counter[str]
    calls: tuple[LoggedCall, ...]
    queued: int
    headlines: Set[str]

    @classmethod
    def read(
        cls, stack: LocalStack, samples: Samples, statuses: tuple[int, ...], queued: int, headlines: Set[str]
    ) -> Results:
        """Read tables, queues and call log."""
        calls = tuple(call for call in FakeZoomControl(stack.zoom_url).calls() if call.call == "batch")
        return cls(samples, statuses, read_rows(stack), read_dead_letters(stack), calls, queued, headlines)

    @property
    def largest_call(self) -> int:
        """Return the registrants of the largest call."""
        return max((call.registrants for call in self.calls), default=0)

    def outcome(self, submission: Submission) -> str:
        """Return `registered`, the reason of the row, or what is wrong with the row."""
        row = self.rows.get(key_of(submission))
        if row is None:
            return "no row"
        if row["status"] == REGISTERED and not str(row.get("join_url", "")).startswith("https://"):
            return "registered without a join URL"
        return str(row.get("reason", row["status"]))

    def errors(self) -> Iterator[str]:
        """Return a message per deviation from the samples."""
        if self.queued:
            yield f"{self.queued} messages are still in the queue"
        for number, (submission, status) in enumerate(zip(self.samples.submissions, self.statuses, strict=True), 1):
            yield from (f"submission {number}: {error}" for error in self._errors_of(submission, status))
        expected = Counter(
            [one.expected for one in self.samples.submissions] + [one.expected for one in self.samples.messages]
        )
        del expected[REGISTERED], expected[INVALID_FORM]
        if self.dead_letters != expected:
            yield f"dead letters: {dict(self.dead_letters)}, expected {dict(expected)}"
        if self.largest_call != FULL_CALL:
            yield f"largest call: {self.largest_call} registrants, expected {FULL_CALL}"
        if self.headlines != {SETTLED_HEADLINE}:
            yield f"status pages: {sorted(self.headlines)}, expected {SETTLED_HEADLINE!r}"
        yield from (f"Zoom's schema: {violation}" for call in self.calls for violation in call.violations)

    def _errors_of(self, submission: Submission, status: int) -> Iterator[str]:
        if submission.expected == INVALID_FORM:
            if status != 422:
                yield f"HTTP status {status}, expected 422"
            return
        if status != submission.accepted_status:
            yield f"HTTP status {status}, expected {submission.accepted_status}"
        outcome = self.outcome(submission)
        if outcome != submission.expected:
            yield f"{outcome}, expected {submission.expected}"


def read_rows(stack: LocalStack) -> dict[Key, dict[str, Any]]:
    """Return every row of RegistrantTable, by key."""
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs["RegistrantTableName"])
    plain = TypeDeserializer().deserialize
    rows = ({name: plain(value) for name, value in item.items()} for page in pages for item in page["Items"])
    return {(row["webinar_id"], row["email"]): row for row in rows}


def read_dead_letters(stack: LocalStack) -> Counter[str]:
    """Count the dead letters by reason, without deleting them."""
    sqs, url = stack.client("sqs"), stack.outputs["DeadLetterQueueUrl"]
    reasons: Counter[str] = Counter()
    while True:
        response = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        messages = response.get("Messages", [])
        if not messages:
            return reasons
        reasons.update(
            one.get("MessageAttributes", {}).get("reason", {}).get("StringValue", "none") for one in messages
        )


def queued_messages(stack: LocalStack) -> int:
    """Return the number of messages in the registration queue: visible, in flight or delayed."""
    attributes = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["RegistrationQueueUrl"], AttributeNames=["All"]
    )["Attributes"]
    names = ("", "NotVisible", "Delayed")
    return sum(int(attributes.get(f"ApproximateNumberOfMessages{name}", 0)) for name in names)
