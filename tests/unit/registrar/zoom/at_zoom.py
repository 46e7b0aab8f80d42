"""Registrations at Zoom that the consumer does not know about."""

from local.fake_zoom.webinars import Status
from tests.consumer import WEBINAR, Consumer


def register_at_zoom(consumer: Consumer, *emails: str, status: Status = Status.APPROVED) -> None:
    """Register these e-mails at Zoom without a row in the table."""
    webinar = consumer.account._state.webinars[WEBINAR]
    for email in emails:
        webinar.add(email, "Ada", "Lovelace", status, consumer.clock())
