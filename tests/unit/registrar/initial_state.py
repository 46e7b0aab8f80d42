"""State that a test sets up before the consumer runs: rows in the table and registrations at Zoom."""

from local.fake_zoom.webinars import Status
from tests.consumer import WEBINAR, Consumer
from tests.unit.registrar.samples import TODAY

ADA = "ada@example.com"
UNKNOWN = {"reason": "zoom_unavailable", "updated_at": "2026-11-23T13:00:00Z"}


def put_row(consumer: Consumer, email: str = ADA, **attributes: object) -> None:
    """Write a row, as another environment would."""
    item = {"webinar_id": WEBINAR, "email": email, "updated_at": "2026-11-23T13:00:00Z", **attributes}
    typed = {name: {"N" if isinstance(value, int) else "S": str(value)} for name, value in item.items()}
    consumer.dynamodb.tables["Registrants"].write((WEBINAR, email), typed)


def deferred_row(attempts: int, **more: object) -> dict[str, object]:
    return {"status": "deferred", "reason": "zoom_rejected", "attempts": attempts, "attempts_on": TODAY, **more}


def register_at_zoom(consumer: Consumer, *emails: str, status: Status = Status.APPROVED) -> None:
    """Register these e-mails at Zoom without a row in the table."""
    webinar = consumer.account._state.webinars[WEBINAR]
    for email in emails:
        webinar.add(email, "Ada", "Lovelace", status, consumer.clock())
