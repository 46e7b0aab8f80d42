"""Checks of SQS's parameters and batches, and the form of its responses."""

import re

from tests.fakes.client import Response
from tests.fakes.errors import NotModelledError, ServiceError, invalid_parameter
from tests.fakes.faults import Params
from tests.fakes.sqs.message import StoredMessage, md5

# Source: API references of the batch calls and of ReceiveMessage.
MAX_ENTRIES = 10
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


def in_range(params: Params, name: str, default: int, low: int, high: int) -> int:
    """Return an integer parameter, or raise SQS's error."""
    value = int(params.get(name, default))
    if not low <= value <= high:
        raise invalid_parameter(
            f"Value {value} for parameter {name} is invalid. Reason: Must be between {low} and {high}, if provided."
        )
    return value


def check_batch(name: str, entries: list[Params]) -> None:
    """Refuse a batch call because of its number of entries or their ids."""
    if not entries:
        kind = "".join(word.capitalize() for word in name.split("_"))
        raise ServiceError("EmptyBatchRequest", f"There should be at least one {kind}RequestEntry in the request.")
    if len(entries) > MAX_ENTRIES:
        raise ServiceError(
            "TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {MAX_ENTRIES}. You have sent {len(entries)}.",
        )
    seen: set[str] = set()
    for entry in entries:
        if not _ENTRY_ID.fullmatch(entry["Id"]):
            raise ServiceError(
                "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at"
                " most 80 letters long.",
            )
        if entry["Id"] in seen:
            raise ServiceError("BatchEntryIdsNotDistinct", f"Id {entry['Id']} repeated.")
        seen.add(entry["Id"])


def failure(entry: Params, code: str, message: str, *, sender_fault: bool) -> Response:
    """Return one entry of `Failed`."""
    return {"Id": entry["Id"], "SenderFault": sender_fault, "Code": code, "Message": message}


def shown(message: StoredMessage, params: Params) -> Response:
    """Return a received message with the requested attributes."""
    shown: Response = {
        "MessageId": message.message_id,
        "ReceiptHandle": message.handle,
        "MD5OfBody": md5(message.body),
        "Body": message.body,
    }
    requested = params.get("MessageSystemAttributeNames", [])
    every = message.system_attributes()
    chosen = {name: value for name, value in every.items() if "All" in requested or name in requested}
    if chosen:
        shown["Attributes"] = chosen
    if params.get("MessageAttributeNames", ["All"]) != ["All"]:
        raise NotModelledError("sqs.receive_message: MessageAttributeNames other than All")
    if message.attributes and "MessageAttributeNames" in params:
        shown["MessageAttributes"] = {name: dict(value) for name, value in message.attributes.items()}
    return shown
