"""Sample deliveries, registrants and rows, and the state that a test sets up in the table and at Zoom."""

from typing import Any

from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.registrant import Registrant
from registrar.registrants.row import Row, Status

from local.fake_zoom.webinars import Status as ZoomStatus
from tests.consumer import WEBINAR, Consumer, message

NOON = 1_795_435_200.0  # 2026-11-23T12:00:00Z
TODAY, TOMORROW = "2026-11-23", "2026-11-24"
MIDNIGHT = 1_795_478_400.0  # 2026-11-24T00:00:00Z
ADA = "ada@example.com"
UNKNOWN = {"reason": "zoom_unavailable", "updated_at": "2026-11-23T13:00:00Z"}


def delivery(message_id: str = "m1", body: str | None = None, **changes: Any) -> Delivery:
    """Return a first delivery, received at noon by the consumer's own poll."""
    values: dict[str, Any] = {
        "message_id": message_id,
        "receipt_handle": f"handle-{message_id}",
        "body": message() if body is None else body,
        "sent_at": NOON,
        "receive_count": 1,
        "group_id": None,
        "from_event": False,
    }
    return Delivery(**values | changes)


def queued_registrant(
    email: str = "ada@example.com",
    row: Row | None = None,
    reserved: bool = False,
    receive_count: int = 1,
    message_id: str | None = None,
    **changes: Any,
) -> QueuedRegistrant:
    """Return a queued registrant with one delivery."""
    text = message(email)
    one = delivery(message_id or f"m-{email}", text, receive_count=receive_count, **changes)
    return QueuedRegistrant(Registrant.from_message(text), [one], row=row, reserved=reserved)


def row(status: str = Status.DEFERRED, **changes: Any) -> Row:
    """Return a row as the table holds it."""
    return Row(status=status, **changes)


def put_row(consumer: Consumer, email: str = ADA, **attributes: object) -> None:
    """Write a row, as another environment would."""
    item = {"webinar_id": WEBINAR, "email": email, "updated_at": "2026-11-23T13:00:00Z", **attributes}
    typed = {name: {"N" if isinstance(value, int) else "S": str(value)} for name, value in item.items()}
    consumer.dynamodb.tables["Registrants"].write((WEBINAR, email), typed)


def deferred_row(attempts: int, **more: object) -> dict[str, object]:
    return {"status": "deferred", "reason": "zoom_rejected", "attempts": attempts, "attempts_on": TODAY, **more}


def register_at_zoom(consumer: Consumer, *emails: str, status: ZoomStatus = ZoomStatus.APPROVED) -> None:
    """Register these e-mails at Zoom without a row in the table."""
    webinar = consumer.account._state.webinars[WEBINAR]
    for email in emails:
        webinar.add(email, "Ada", "Lovelace", status, consumer.clock())
