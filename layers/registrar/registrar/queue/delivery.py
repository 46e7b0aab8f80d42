"""One delivery of a message, from the Lambda event or from ReceiveMessage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Delivery:
    """One receive of a message.

    `sent_at` is in epoch seconds; `receive_count` starts at 1; `group_id` is None if the message has none.
    """

    message_id: str
    receipt_handle: str = field(repr=False)
    body: str = field(repr=False)
    sent_at: float
    receive_count: int
    group_id: str | None
    from_event: bool

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Delivery":
        """Read a record of the event of Lambda's event source mapping."""
        return cls._read(record["messageId"], record["receiptHandle"], record["body"], record["attributes"], True)

    @classmethod
    def from_receive(cls, message: Mapping[str, Any]) -> "Delivery":
        """Read a message of ReceiveMessage, whose request must name the system attributes."""
        attributes = message["Attributes"]
        return cls._read(message["MessageId"], message["ReceiptHandle"], message["Body"], attributes, False)

    @classmethod
    def _read(
        cls, message_id: str, handle: str, body: str, attributes: Mapping[str, str], from_event: bool
    ) -> "Delivery":
        return cls(
            message_id=message_id,
            receipt_handle=handle,
            body=body,
            sent_at=int(attributes["SentTimestamp"]) / 1000,  # SQS counts milliseconds
            receive_count=int(attributes["ApproximateReceiveCount"]),
            group_id=attributes.get("MessageGroupId"),
            from_event=from_event,
        )
