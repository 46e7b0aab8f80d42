"""Build a dead letter: the original message, byte for byte, with its reason in attributes (contract 5). Pure.

SQS does not encrypt attributes, so they hold no personal data.
"""

from dataclasses import dataclass
from typing import Any

from registrar.queue.delivery import Delivery
from registrar.registrants.reasons import Reason
from registrar.registrants.row import timestamp
from registrar.zoom.responses import NO_CALL, CallInfo


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was rejected, and why; `failed_at` is in epoch seconds."""

    delivery: Delivery
    reason: Reason | str
    failed_at: float
    detail: str = ""
    call: CallInfo = NO_CALL

    def to_entry(self, entry_id: str) -> dict[str, Any]:
        """Return the entry of SendMessageBatch."""
        attributes = {
            "reason": str(self.reason),
            "detail": self.detail,
            "zoom_status": self.call.status,
            "zoom_code": self.call.code,
            "zoom_tracking_id": self.call.tracking_id,
            "batch_id": self.call.batch_id,
            "failed_at": timestamp(self.failed_at),
        }
        entry: dict[str, Any] = {
            "Id": entry_id,
            "MessageBody": self.delivery.body,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": str(value)}
                for name, value in attributes.items()
                if value not in {None, ""}
            },
        }
        return entry | ({"MessageGroupId": self.delivery.group_id} if self.delivery.group_id else {})
