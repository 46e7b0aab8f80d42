"""The recorder: every effect on the table and the queues, in order, and who stood behind each call that Zoom got.

In: what the fakes note of each call that took effect (`on_effect`). Out: what is there now (rows, dead letters), what
must never have happened (an acknowledgement before its row or dead letter, a registered row turned back, an untrue
reason), and everybody's history. It believes what took effect, not what the consumer says.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.chaos.submissions import Key, MessageKind, Submission
from tests.consumer import Consumer
from tests.fakes.simulation import SimulatedClock

Row = dict[str, Any]
FINAL = frozenset({"registered", "pending_approval"})


class Event(NamedTuple):
    """Something that happened to somebody; `who` is the consumer's invocation."""

    at_s: float
    invocation: str
    what: str


class Delivered(NamedTuple):
    """A message that reached an invocation, for the `receive`-th time."""

    at_s: float
    invocation: str
    message_id: str
    receive: int


@dataclass
class Violations:
    """What must never happen: who, and what."""

    acknowledged_early: list[tuple[Key | None, str]] = field(default_factory=list)
    downgraded: list[tuple[Key | None, str]] = field(default_factory=list)
    rows_with_false_reason: list[tuple[Key | None, str]] = field(default_factory=list)
    dead_letters_with_false_reason: list[tuple[Key | None, str]] = field(default_factory=list)
    altered_dead_letters: list[tuple[Key | None, str]] = field(default_factory=list)


class Recorder:
    """`is_true(key, reason)` tells whether a reason is true of somebody at this moment."""

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
        self.callers: list[str] = []  # whose invocation made each of the calls that Zoom logged
        self.deliveries: defaultdict[Key, list[Delivered]] = defaultdict(list)
        self.writes: defaultdict[tuple[str, Key], list[float]] = defaultdict(list)  # when an invocation wrote whose row
        self.effects = 0
        self.entries_failed = 0
        self._of_body = {submission.body: submission for submission in submissions}
        self._bodies: dict[str, str] = {}  # by message id
        self._reasons: defaultdict[Key, set[str]] = defaultdict(set)  # ever written to somebody's row
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
        """How many messages have been acknowledged."""
        return self._deleted

    def invocation_begins(self, event: Mapping[str, Any]) -> None:
        """Another invocation of the actor whose turn it is, with messages that Lambda has received."""
        actor = self._clock.actor
        self._invocations[actor] = self._invocations.get(actor, 0) + 1
        for record in event["Records"]:
            self._delivered(record["messageId"], record["body"], record["attributes"]["ApproximateReceiveCount"])

    def invocation_ended(self, error: BaseException | None) -> None:
        """Lambda has deleted what the answer allowed."""
        self._check_deleted()
        if error is not None:
            self.note(None, f"died: {type(error).__name__}")

    def zoom_called(self) -> None:
        """Whoever has the turn calls Zoom, and gets through."""
        self.callers.append(self._invocation())

    def note(self, key: Key | None, what: str) -> None:
        """Note something in somebody's history."""
        self.histories[key].append(Event(self._clock(), self._invocation(), what))

    # ── What the fakes note ──────────────────────────────────────────────────────────────────────────────────────────

    def _on_others(self, _name: str, _params: Any, _answer: Any) -> None:
        self.effects += 1
        self._clock.kill_point()

    def _on_dynamodb(self, name: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self.effects += 1
        if name == "put_item" and params["TableName"] == "Registrants":
            self._written(params["Item"])
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

    # ── What it means ────────────────────────────────────────────────────────────────────────────────────────────────

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
        shown = " ".join(
            f"{name}={row[name]}"
            for name in ("status", "reason", "attempts", "attempts_on", "deferred_until", "zoom_tracking_id")
            if name in row
        )
        self.note(key, f"row {shown} of {row.get('message_id', '')[:8]}")
        if before is not None and before["status"] == "registered" and row["status"] != "registered":
            self.violations.downgraded.append((key, f"registered became {row['status']}"))
        if row["status"] == "rejected" and not _is_same_rejection(before, row):
            self._reasons[key].add(row["reason"])
            if row["reason"] != MessageKind.INVALID and not self._is_true(key, row["reason"]):
                self.violations.rows_with_false_reason.append((key, f"rejected as {row['reason']}"))

    def _dead_lettered(self, entry: Mapping[str, Any]) -> None:
        body = entry["MessageBody"]
        submission = self._of_body.get(body)
        reason = entry["MessageAttributes"].get("reason", {}).get("StringValue", "")
        key = submission.key if submission else None
        self.dead_letters[body] = reason
        self.note(key, f"dead letter {reason}")
        if submission is None or entry.get("MessageGroupId") != submission.group_id:
            self.violations.altered_dead_letters.append((key, "nobody sent this body, or not in this group"))
        elif submission.kind is MessageKind.REGISTRANT:
            # That the reason was true when it was found is checked with the row, which comes first.
            if submission.key is None or reason not in self._reasons[submission.key]:
                self.violations.dead_letters_with_false_reason.append((key, f"{reason}, which no row of his ever said"))
        elif reason != submission.kind:
            self.violations.dead_letters_with_false_reason.append((key, f"{reason} instead of {submission.kind}"))

    def _check_deleted(self) -> None:
        """Whoever is acknowledged must be stored by now: in a row that is good news, or on the dead-letter queue."""
        for message_id in self._queue.deleted[self._deleted :]:
            body = self._bodies[message_id]
            submission = self._of_body[body]
            row = self.rows.get(submission.key) if submission.key else None
            is_stored = body in self.dead_letters or (
                submission.kind is MessageKind.REGISTRANT and row is not None and row["status"] in FINAL
            )
            self.note(submission.key, f"acknowledged {message_id[:8]}")
            if not is_stored:
                what = f"acknowledged while his row says {row['status'] if row else 'nothing'}"
                self.violations.acknowledged_early.append((submission.key, what))
        self._deleted = len(self._queue.deleted)

    def _invocation(self) -> str:
        actor = self._clock.actor
        return f"{actor} {self._invocations.get(actor, 0)}"


def _is_same_rejection(before: Row | None, row: Row) -> bool:
    """Whether only an attempt was counted: the reason was found earlier, and may have been true then only."""
    return before is not None and all(before.get(name) == row.get(name) for name in ("status", "reason", "message_id"))
