"""What Zoom knows, and the consumer does not."""

from local.fake_zoom.webinars import Status
from tests.consumer import WEBINAR, Consumer


def register_at_zoom(consumer: Consumer, *emails: str, status: Status = Status.APPROVED) -> None:
    """These are registered, and we do not know it."""
    webinar = consumer.account._state.webinars[WEBINAR]
    for email in emails:
        webinar.add(email, "Ada", "Lovelace", status, consumer.clock())
