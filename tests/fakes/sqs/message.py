"""One message on a fake queue, and SQS's rules for accepting it.

Source: SQS Developer Guide, "message quotas" and "message metadata"; API reference of SendMessage.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.errors import NotModelledError, ServiceError, invalid_parameter

MAX_ATTRIBUTES = 10
MAX_NAME_CHARACTERS = 256
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_TYPE = re.compile(r"(String|Number|Binary)(\..+)?")
_GROUP = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")
# Allowed: #x9 #xA #xD, #x20-#xD7FF, #xE000-#xFFFD, #x10000-#x10FFFF (SendMessage, "MessageBody").
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class StoredMessage:
    """A message, or a copy of one; times in epoch seconds."""

    key: int
    message_id: str
    body: str
    sent_at_s: float
    expires_at_s: float
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    group_id: str | None = None
    dead_letter_source: str | None = None
    is_copy: bool = False
    receive_count: int = 0
    first_received_at_s: float | None = None
    received_at_s: float = 0.0
    visible_at_s: float = 0.0
    handle: str = ""
    # Set by queue.py: the state, and the ticket of the message's valid heap entry.
    state: str = "new"
    ticket: int = 0

    def system_attributes(self) -> dict[str, str]:
        """Return the attributes that a receive may request by `MessageSystemAttributeNames`."""
        found = {
            "ApproximateReceiveCount": str(self.receive_count),
            "SentTimestamp": milliseconds(self.sent_at_s),
            "SenderId": "AIDAFAKESENDER",
            "ApproximateFirstReceiveTimestamp": milliseconds(self.first_received_at_s or 0.0),
        }
        if self.group_id is not None:
            found["MessageGroupId"] = self.group_id
        if self.dead_letter_source is not None:
            found["DeadLetterQueueSourceArn"] = self.dead_letter_source
        return found


def milliseconds(moment_s: float) -> str:
    """Return a moment as SQS writes it."""
    return str(round(moment_s * 1000))


def md5(text: str) -> str:
    """Return the digest of a body."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def size_bytes(entry: dict[str, Any]) -> int:
    """Return the size that counts toward the limits: the body, and name, type and value of each attribute."""
    total = len(entry["MessageBody"].encode())
    for name, attribute in entry.get("MessageAttributes", {}).items():
        if "BinaryValue" in attribute:
            raise NotModelledError("sqs: binary attributes")
        total += sum(len(text.encode()) for text in (name, *attribute.values()))
    return total


def check_entry(entry: dict[str, Any], max_bytes: int) -> None:
    """Raise SQS's error for a message that it does not accept."""
    if "DelaySeconds" in entry:
        raise NotModelledError("sqs: DelaySeconds")
    body = entry["MessageBody"]
    if not body:
        raise ServiceError("MissingParameter", "The request must contain the parameter MessageBody.")
    forbidden = _FORBIDDEN.search(body)
    if forbidden:
        raise ServiceError(
            "InvalidMessageContents",
            f"Invalid binary character '#x{ord(forbidden[0]):X}' was found in the message body.",
        )
    if size_bytes(entry) > max_bytes:
        raise invalid_parameter(
            f"One or more parameters are invalid. Reason: Message must be shorter than {max_bytes} bytes."
        )
    if "MessageGroupId" in entry and not _GROUP.fullmatch(entry["MessageGroupId"]):
        raise invalid_parameter(
            f"Value {entry['MessageGroupId']} for parameter MessageGroupId is invalid. Reason: MessageGroupId can"
            " only include alphanumeric and punctuation characters. 1 to 128 in length."
        )
    _check_attributes(entry.get("MessageAttributes", {}))


def _check_attributes(attributes: dict[str, dict[str, Any]]) -> None:
    if len(attributes) > MAX_ATTRIBUTES:
        raise invalid_parameter(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{MAX_ATTRIBUTES}]."
        )
    for name, attribute in attributes.items():
        _check_attribute_name(name)
        if not _TYPE.fullmatch(attribute.get("DataType", "")):
            raise invalid_parameter(
                f"The type of message (user) attribute '{name}' is invalid. You must use only the following"
                " supported type prefixes: Binary, Number, String."
            )
        value = attribute.get("StringValue")
        if not value:
            raise invalid_parameter(
                f"The message (user) attribute '{name}' must contain a non-empty message attribute value."
            )
        if _FORBIDDEN.search(value):
            raise invalid_parameter(f"Invalid binary character was found in the message attribute '{name}' value.")


def _check_attribute_name(name: str) -> None:
    reserved = name.lower().startswith(("aws.", "amazon."))
    dots = name.startswith(".") or name.endswith(".") or ".." in name
    if reserved or dots or not _NAME.fullmatch(name) or len(name) > MAX_NAME_CHARACTERS:
        raise invalid_parameter(
            f"Message (user) attribute name '{name}' is invalid: A-Z, a-z, 0-9, underscore, hyphen and single inner"
            " periods, at most 256 characters, not beginning with AWS. or Amazon."
        )
