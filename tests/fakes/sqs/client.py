"""A fake SQS client: calls by queue URL, batches with failures per entry, SQS's error codes.

The rules of a queue are in `queue.py`, redrives in `redrive.py`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack, cast

from tests.fakes.client import ACCOUNT, REGION, Options, Response, operation
from tests.fakes.clock import VirtualClock
from tests.fakes.errors import NotModelledError, ServiceError
from tests.fakes.faults import Params
from tests.fakes.sqs.message import StoredMessage, check_entry, md5, size_bytes
from tests.fakes.sqs.queue import DELAYED, IN_FLIGHT, MAX_VISIBILITY_S, READY, Delivery, Queue
from tests.fakes.sqs.redrive import MoveTasks
from tests.fakes.sqs.shapes import MAX_ENTRIES, check_batch, failure, in_range, shown

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# Source: API references of the batch calls and of ReceiveMessage; quotas (1 MiB since 2025-08).
MAX_BATCH_BYTES = 1_048_576
MAX_WAIT_S = 20


class FakeSqs(MoveTasks):
    """Standard queues of one account."""

    def __init__(
        self,
        clock: VirtualClock | None = None,
        *,
        delivery: Delivery | None = None,
        **options: Unpack[Options],
    ) -> None:
        """`delivery` says how unreliable the queues are; without it they deliver once and in order."""
        super().__init__(clock, **options)
        self.delivery = delivery or Delivery()

    @property
    def client(self) -> "SQSClient":
        """Return itself, typed as the client it stands for."""
        return cast("SQSClient", self)

    def add_queue(
        self,
        name: str,
        *,
        visibility_timeout_s: int = 30,
        retention_s: int = 345_600,
        max_message_bytes: int = MAX_BATCH_BYTES,
        dead_letter_url: str | None = None,
        max_receive_count: int = 0,
    ) -> str:
        """Create a queue, by default with SQS's defaults, and return its URL."""
        if (dead_letter_url is None) != (max_receive_count == 0):
            raise ValueError("a redrive policy has a dead-letter queue and a maximum receive count")
        url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"
        self.queues[url] = Queue(
            name,
            visibility_timeout_s=visibility_timeout_s,
            retention_s=retention_s,
            max_message_bytes=max_message_bytes,
            dead_letter_queue=self.queue(dead_letter_url) if dead_letter_url else None,
            max_receive_count=max_receive_count,
            delivery=self.delivery,
            rng=self.random,
        )
        return url

    def messages(self, url: str) -> list[StoredMessage]:
        """Return the messages on a queue, visible or not, oldest first."""
        with self.lock:
            self.queue(url).settle(self.clock())
            return list(self.queue(url).messages.values())

    def message_of(self, url: str, handle: str) -> StoredMessage | None:
        """Return the message of a receipt handle, for the predicates of `fail_entries`."""
        with self.lock:
            return self.queue(url).find(handle)

    @operation("QueueUrl", "MessageBody", "MessageAttributes", "MessageGroupId")
    def send_message(self, params: Params) -> Response:
        """Put one message on a queue (SendMessage)."""
        return self._send(self.queue(params["QueueUrl"]), params)

    @operation("QueueUrl", "Entries")
    def send_message_batch(self, params: Params) -> Response:
        """Put up to 10 messages on a queue (SendMessageBatch)."""
        queue = self.queue(params["QueueUrl"])
        total = sum(size_bytes(entry) for entry in params["Entries"])
        if total > MAX_BATCH_BYTES:
            raise ServiceError(
                "BatchRequestTooLong",
                f"Batch requests cannot be longer than {MAX_BATCH_BYTES} bytes. You have sent {total} bytes.",
            )
        return self._each("send_message_batch", params, lambda entry: self._send(queue, entry))

    @operation(
        "QueueUrl",
        "MaxNumberOfMessages",
        "VisibilityTimeout",
        "WaitTimeSeconds",
        "MessageSystemAttributeNames",
        "MessageAttributeNames",
    )
    def receive_message(self, params: Params) -> Response:
        """Return visible messages (ReceiveMessage); a long poll lets virtual time pass until there is one."""
        queue = self.queue(params["QueueUrl"])
        limit = in_range(params, "MaxNumberOfMessages", 1, 1, MAX_ENTRIES)
        wait_s = in_range(params, "WaitTimeSeconds", 0, 0, MAX_WAIT_S)
        timeout_s = params.get("VisibilityTimeout")
        if timeout_s is not None:
            in_range(params, "VisibilityTimeout", 0, 0, MAX_VISIBILITY_S)
        until_s = self.clock() + wait_s
        received = queue.receive(limit, timeout_s, self.clock(), asks_all=wait_s > 0)
        while not received and self.clock() < until_s:
            next_s = queue.next_change_s(self.clock())
            self.clock.advance_to(until_s if next_s is None else min(next_s, until_s))
            received = queue.receive(limit, timeout_s, self.clock())
        return {"Messages": [shown(message, params) for message in received]} if received else {}

    @operation("QueueUrl", "ReceiptHandle")
    def delete_message(self, params: Params) -> Response:
        """Delete one message (DeleteMessage)."""
        self.queue(params["QueueUrl"]).delete(params["ReceiptHandle"])
        return {}

    @operation("QueueUrl", "Entries")
    def delete_message_batch(self, params: Params) -> Response:
        """Delete up to 10 messages (DeleteMessageBatch)."""
        queue = self.queue(params["QueueUrl"])

        def delete(entry: Params) -> Response:
            queue.delete(entry["ReceiptHandle"])
            return {}

        return self._each("delete_message_batch", params, delete)

    @operation("QueueUrl", "ReceiptHandle", "VisibilityTimeout")
    def change_message_visibility(self, params: Params) -> Response:
        """Change the visibility timeout of one message (ChangeMessageVisibility)."""
        return self._change(self.queue(params["QueueUrl"]), params)

    @operation("QueueUrl", "Entries")
    def change_message_visibility_batch(self, params: Params) -> Response:
        """Change the visibility timeout of up to 10 messages (ChangeMessageVisibilityBatch)."""
        queue = self.queue(params["QueueUrl"])
        return self._each("change_message_visibility_batch", params, lambda entry: self._change(queue, entry))

    @operation("QueueUrl", "AttributeNames")
    def get_queue_attributes(self, params: Params) -> Response:
        """Return the attributes that the fake keeps (GetQueueAttributes)."""
        queue = self.queue(params["QueueUrl"])
        queue.settle(self.clock())
        known = {
            "ApproximateNumberOfMessages": queue.states[READY],
            "ApproximateNumberOfMessagesNotVisible": queue.states[IN_FLIGHT],
            "ApproximateNumberOfMessagesDelayed": queue.states[DELAYED],
            "VisibilityTimeout": queue.visibility_timeout_s,
            "MessageRetentionPeriod": queue.retention_s,
            "MaximumMessageSize": queue.max_message_bytes,
            "QueueArn": queue.arn,
        }
        asked = params.get("AttributeNames", [])
        if "All" in asked:
            asked = list(known)
        unknown = set(asked) - known.keys()
        if unknown:
            raise NotModelledError(f"sqs.get_queue_attributes: the fake does not keep {sorted(unknown)}")
        return {"Attributes": {name: str(known[name]) for name in asked}} if asked else {}

    def _send(self, queue: Queue, entry: Params) -> Response:
        check_entry(entry, queue.max_message_bytes)
        now_s = self.clock()
        message = StoredMessage(
            key=queue.next_key(),
            message_id=self.new_id(),
            body=entry["MessageBody"],
            sent_at_s=now_s,
            expires_at_s=now_s + queue.retention_s,
            attributes={name: dict(attribute) for name, attribute in entry.get("MessageAttributes", {}).items()},
            group_id=entry.get("MessageGroupId"),
        )
        queue.put(message, now_s, now_s)
        return {"MessageId": message.message_id, "MD5OfMessageBody": md5(message.body)}

    def _change(self, queue: Queue, entry: Params) -> Response:
        if "VisibilityTimeout" not in entry:
            raise ServiceError("MissingParameter", "The request must contain the parameter VisibilityTimeout.")
        queue.change_visibility(entry["ReceiptHandle"], entry["VisibilityTimeout"], self.clock())
        return {}

    def _each(self, name: str, params: Params, effect: Callable[[Params], Response]) -> Response:
        """Run a batch call entry by entry; entries that fail are in `Failed`, the others take effect."""
        check_batch(name, params["Entries"])
        successful, failed = [], []
        for entry in params["Entries"]:
            fault = self._entry_fault(name, entry)
            if fault is not None:
                failed.append(failure(entry, fault.code, fault.message, sender_fault=fault.sender_fault))
                continue
            try:
                successful.append({"Id": entry["Id"], **effect(entry)})
            except ServiceError as refusal:
                code = self._error_members(refusal)["Code"]
                failed.append(failure(entry, code, refusal.message, sender_fault=True))
        answer: Response = {}
        if successful:
            answer["Successful"] = successful
        if failed:
            answer["Failed"] = failed
        return answer
