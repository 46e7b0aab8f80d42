"""The base of the fake SQS: queues by URL and ARN, the form of errors, and redrives.

StartMessageMoveTask moves all messages at once; SQS moves up to 500 per second.
"""

from typing import Any, Unpack

from tests.fakes.client import FakeClient, Options, Response, operation
from tests.fakes.clock import VirtualClock
from tests.fakes.errors import NotModelledError, ServiceError, invalid_parameter
from tests.fakes.faults import Params
from tests.fakes.sqs.message import StoredMessage
from tests.fakes.sqs.queue import READY, Queue

# SQS uses JSON, but boto3 shows the error codes of its older query protocol as `Code`.
_QUERY_CODES = {
    name: f"AWS.SimpleQueueService.{name}"
    for name in (
        "BatchEntryIdsNotDistinct",
        "BatchRequestTooLong",
        "EmptyBatchRequest",
        "InvalidBatchEntryId",
        "MessageNotInflight",
        "TooManyEntriesInBatchRequest",
        "UnsupportedOperation",
    )
} | {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}


class MoveTasks(FakeClient):
    """The queues, and the tasks that move messages between them."""

    service = "sqs"
    throttled_code = "RequestThrottled"
    # SQS's code lacks the "Exception" of the other services.
    denied_code = "AccessDenied"

    def __init__(self, clock: VirtualClock | None = None, **options: Unpack[Options]) -> None:
        """Create it without queues."""
        super().__init__(clock, **options)
        self.queues: dict[str, Queue] = {}

    def queue(self, url: str) -> Queue:
        """Return the queue of a URL."""
        if url not in self.queues:
            raise ServiceError("QueueDoesNotExist", "The specified queue does not exist.")
        return self.queues[url]

    @operation("SourceArn", "DestinationArn")
    def start_message_move_task(self, params: Params) -> Response:
        """Move each message as a new one, with a new id and age (StartMessageMoveTask)."""
        if "DestinationArn" not in params:
            raise NotModelledError("sqs.start_message_move_task: each message back to its own source")
        source, target = self._queue_of(params["SourceArn"]), self._queue_of(params["DestinationArn"])
        if all(queue.dead_letter_queue is not source for queue in self.queues.values()):
            raise invalid_parameter("Source queue must be configured as a Dead Letter Queue.")
        now_s = self.clock()
        source.settle(now_s)
        for message in [one for one in source.messages.values() if one.state == READY]:
            source.take_out(message)
            self._put_as_new(target, message, now_s)
        return {"TaskHandle": self.new_id()}

    def _queue_of(self, arn: str) -> Queue:
        for queue in self.queues.values():
            if queue.arn == arn:
                return queue
        raise ServiceError("ResourceNotFoundException", f"The resource that you specified for {arn} doesn't exist.")

    def _put_as_new(self, target: Queue, message: StoredMessage, now_s: float) -> None:
        renewed = StoredMessage(
            key=target.next_key(),
            message_id=self.new_id(),
            body=message.body,
            sent_at_s=now_s,
            expires_at_s=now_s + target.retention_s,
            attributes=message.attributes,
            group_id=message.group_id,
        )
        target.put(renewed, now_s, now_s)

    def _error_members(self, refusal: ServiceError) -> dict[str, Any]:
        members = super()._error_members(refusal)
        if refusal.code in _QUERY_CODES:
            members |= {"Code": _QUERY_CODES[refusal.code], "QueryErrorCode": refusal.code, "Type": "Sender"}
        return members
