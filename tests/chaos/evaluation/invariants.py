"""The recorder of a run: every effect on the table and the queues, and the invocation behind each call to Zoom.

It learns from the fakes which calls took effect (`on_effect`), not from the consumer. It keeps the current rows and
dead letters, the history of every registrant, and violations: a message deleted before its row or dead letter is
stored, a registered row changed back, a false reason.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.chaos.workload.submissions import Key, MessageKind, Submission
from tests.consumer import Consumer
from tests.fakes.simulation import SimulatedClock

Row = dict[str, Any]
LAST_ATTEMPT_KEPT = "the last attempt of the day."  # the end of a row's detail
FINAL = frozenset({"registered", "pending_approval"})


class Event(NamedTuple):
    """An event in a registrant's history."""

    at_s: float
    invocation: str
    what: str


class Delivered(NamedTuple):
    """A message received by an invocation; `receive` is its receive count."""

    at_s: float
    invocation: str
    message_id: str
    receive: int


@dataclass
class Violations:
    """What must never happen: registrant and description."""

    acknowledged_early: list[tuple[Key | None, str]] = field(default_factory=list)
    downgraded: list[tuple[Key | None, str]] = field(default_factory=list)
    rows_with_false_reason: list[tuple[Key | None, str]] = field(default_factory=list)
    dead_letters_with_false_reason: list[tuple[Key | None, str]] = field(default_factory=list)
    altered_dead_letters: list[tuple[Key | None, str]] = field(default_factory=list)
    rows_with_false_submission: list[tuple[Key | None, str]] = field(default_factory=list)


class Recorder:
    """`is_true(key, reason)` returns whether a reason is true for a registrant at this moment."""

    def __init__(
        self,
        consumer: Consumer,
        clock: SimulatedClock,
        submissions: list[Submission],
        is_true: Callable[[Key, str], bool],
    ) -> None:
        self.rows: dict[Key, Row] = {}
        self.dead_letters: dict[str, str] = {}  # reason of the newest dead letter, by body
        self.violations = Violations()
        self.histories: defaultdict[Key | None, list[Event]] = defaultdict(list)
        self.callers: list[str] = []  # the invocation of each call that Zoom logged
        self.deliveries: defaultdict[Key, list[Delivered]] = defaultdict(list)
        self.writes: defaultdict[tuple[str, Key], list[float]] = defaultdict(
            list
        )  # moments, by invocation and registrant
        self.effects = 0
        self.entries_failed = 0
        self._of_body = {submission.body: submission for submission in submissions}
        self._bodies: dict[str, str] = {}  # by message id
        self._reasons: defaultdict[Key, set[str]] = defaultdict(set)  # ever written to a registrant's row
        self._consumer = consumer
        self._clock = clock
        self._is_true = is_true
        self._invocations: dict[str, int] = {}
        self._queue = consumer.sqs.queues[consumer.queue_url]
        self._deleted = 0
        consumer.sqs.on_effect = self._on_sqs
        consumer.dynamodb.on_effect = self._on_dynamodb
        consumer.secrets.on_effect = consumer.functions.on_effect = self._on_others

    @property
    def settled(self) -> int:
        """Return the number of deleted messages."""
        return self._deleted

    def invocation_begins(self, event: Mapping[str, Any]) -> None:
        """Note another invocation of the running actor, with the messages of its event."""
        actor = self._clock.actor
        self._invocations[actor] = self._invocations.get(actor, 0) + 1
        for record in event["Records"]:
            self._delivered(record["messageId"], record["body"], record["attributes"]["ApproximateReceiveCount"])

    def invocation_ended(self, error: BaseException | None) -> None:
        """Check the messages that Lambda deleted according to the response."""
        self._check_deleted()
        if error is not None:
            self.note(None, f"failed: {type(error).__name__}")

    def zoom_called(self) -> None:
        """Note that the running actor's call reaches Zoom."""
        self.callers.append(self._invocation())

    def note(self, key: Key | None, what: str) -> None:
        """Add an event to a registrant's history."""
        self.histories[key].append(Event(self._clock(), self._invocation(), what))

    # ── Effects on the fakes ──────────────────────────────────────────────────────────────────────────────────────────

    def _on_others(self, _name: str, _params: Any, _answer: Any) -> None:
        self.effects += 1
        self._clock.kill_point()

    def _on_dynamodb(self, name: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self.effects += 1
        if name == "put_item" and params["TableName"] == "Registrants":
            self._written(params["Item"])
        elif name == "update_item" and params["TableName"] == "Registrants":
            self._noted(params)
        elif name == "batch_write_item":
            left = answer.get("UnprocessedItems", {}).get("Registrants", [])
            self.entries_failed += len(left)
            for request in params["RequestItems"].get("Registrants", []):
                if request not in left:
                    self._written(request["PutRequest"]["Item"])
        self._clock.kill_point()

    def _on_sqs(self, name: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self.effects += 1
        failed = {failure["Id"] for failure in answer.get("Failed", [])}
        self.entries_failed += len(failed)
        if name == "receive_message":
            for message in answer.get("Messages", []):
                count = message["Attributes"]["ApproximateReceiveCount"]
                self._delivered(message["MessageId"], message["Body"], count)
        elif name == "send_message_batch":
            for entry in params["Entries"]:
                if entry["Id"] not in failed:
                    self._dead_lettered(entry)
        elif name == "delete_message_batch":
            self._check_deleted()
        self._clock.kill_point()

    # ── Their meaning ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _delivered(self, message_id: str, body: str, count: str) -> None:
        self._bodies[message_id] = body
        submission = self._of_body.get(body)
        key = submission.key if submission else None
        self.note(key, f"delivered {message_id[:8]}, receive {count}")
        if key is not None:
            self.deliveries[key].append(Delivered(self._clock(), self._invocation(), message_id, int(count)))

    def _written(self, item: Mapping[str, Any]) -> None:
        row: Row = {name: next(iter(value.values())) for name, value in item.items()}
        key = (row["webinar_id"], row["email"])
        before = self.rows.get(key)
        self.rows[key] = row
        self.writes[self._invocation(), key].append(self._clock())
        attributes = " ".join(
            f"{name}={row[name]}"
            for name in ("status", "reason", "attempts", "attempts_on", "deferred_until", "zoom_tracking_id")
            if name in row
        )
        self.note(key, f"row {attributes} of {row.get('message_id', '')[:8]}")
        self._check_settled(key)
        if before is not None and before["status"] == "registered" and row["status"] != "registered":
            self.violations.downgraded.append((key, f"registered became {row['status']}"))
        if row["status"] == "rejected" and not _is_same_rejection(before, row):
            self._reasons[key].add(row["reason"])
            of_message = row["reason"] == MessageKind.INVALID or row.get("kind") == "meeting"
            is_kept = row.get("detail", "").endswith(LAST_ATTEMPT_KEPT)  # what Zoom said before may not hold any more
            if not of_message and not is_kept and not self._is_true(key, row["reason"]):
                self.violations.rows_with_false_reason.append((key, f"rejected as {row['reason']}"))

    def _noted(self, params: Mapping[str, Any]) -> None:
        """Note the newest submission that a row says to have settled."""
        key = (params["Key"]["webinar_id"]["S"], params["Key"]["email"]["S"])
        submitted_at = params["ExpressionAttributeValues"][":new"]["S"]
        self.rows[key] = self.rows[key] | {"last_submitted_at": submitted_at}
        self.note(key, f"last_submitted_at={submitted_at}")
        self._check_settled(key)

    def _check_settled(self, key: Key) -> None:
        """Check that the row says to have settled no submission that no invocation has received yet."""
        received = (json.loads(self._bodies[one.message_id]) for one in self.deliveries[key])
        newest = max((body.get("submitted_at", "") for body in received if isinstance(body, dict)), default="")
        if _newest_submission(self.rows[key]) > newest:
            self.violations.rows_with_false_submission.append((key, f"settled later ones than {newest}"))

    def _dead_lettered(self, entry: Mapping[str, Any]) -> None:
        body = entry["MessageBody"]
        submission = self._of_body.get(body)
        reason = entry["MessageAttributes"].get("reason", {}).get("StringValue", "")
        key = submission.key if submission else None
        self.dead_letters[body] = reason
        self.note(key, f"dead letter {reason}")
        if submission is None or entry.get("MessageGroupId") != submission.group_id:
            self.violations.altered_dead_letters.append((key, "not a submitted body, or in another group"))
        elif submission.kind is MessageKind.REGISTRANT:
            # Whether the reason was true is checked with the row, which is written first.
            if submission.key is None or reason not in self._reasons[submission.key]:
                self.violations.dead_letters_with_false_reason.append(
                    (key, f"{reason}, which no row of the registrant ever had")
                )
        elif reason != submission.kind:
            self.violations.dead_letters_with_false_reason.append((key, f"{reason} instead of {submission.kind}"))

    def _check_deleted(self) -> None:
        """Check that every deleted message is stored: in a registered or pending row, or on the dead-letter queue."""
        for message_id in self._queue.deleted[self._deleted :]:
            body = self._bodies[message_id]
            submission = self._of_body[body]
            row = self.rows.get(submission.key) if submission.key else None
            is_stored = body in self.dead_letters or (
                submission.kind is MessageKind.REGISTRANT and row is not None and row["status"] in FINAL
            )
            self.note(submission.key, f"deleted {message_id[:8]}")
            if not is_stored:
                what = f"deleted while the row is {row['status'] if row else 'missing'}"
                self.violations.acknowledged_early.append((submission.key, what))
            elif submission.kind is MessageKind.REGISTRANT and row is not None and not _has_settled(row, body):
                what = "deleted, and the row does not say that it has settled the submission"
                self.violations.rows_with_false_submission.append((submission.key, what))
        self._deleted = len(self._queue.deleted)

    def _invocation(self) -> str:
        actor = self._clock.actor
        return f"{actor} {self._invocations.get(actor, 0)}"


def _has_settled(row: Row, body: str) -> bool:
    content = json.loads(body)
    is_its_own = content.get("submission_id") in {None, row.get("submission_id")}
    return is_its_own or _newest_submission(row) >= content["submitted_at"]


def _newest_submission(row: Row) -> str:
    return max(str(row.get(name, "")) for name in ("submitted_at", "last_submitted_at"))


def _is_same_rejection(before: Row | None, row: Row) -> bool:
    """Return whether only an attempt was counted: the reason is older, and may have been true only then."""
    return before is not None and all(before.get(name) == row.get(name) for name in ("status", "reason", "message_id"))
