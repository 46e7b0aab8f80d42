"""Read messages into registrants; drop those of erased people, reject the unreadable and those of meetings.

If the suppression list cannot be read, all messages stay on the queue and come back: that loses no submission, whereas
an AWS outage must not register people who asked to be erased. The calls to Zoom depend on the same table anyway.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant, submitted_moment
from registrar.registrants.fields import WrongField, check_email
from registrar.registrants.optional_fields import Kind
from registrar.registrants.registrant import Registrant, RegistrantError, timestamp_of
from registrar.registration.settlement import Settlement
from registrar.storage.registrant_table import StorageError
from registrar.storage.suppression_list import SuppressionList


class Parsed(NamedTuple):
    """The messages of one receive, by what becomes of them."""

    readable: Sequence[tuple[Delivery, Registrant]] = ()
    unreadable: Sequence[tuple[Delivery, RegistrantError]] = ()
    not_served: Sequence[tuple[Delivery, Registrant]] = ()
    suppressed: Sequence[Delivery] = ()


class Intake:
    """Reads messages, and settles those that are not sent."""

    def __init__(self, suppression_list: SuppressionList, settlement: Settlement) -> None:
        self._suppression_list = suppression_list
        self._settlement = settlement

    def read(self, deliveries: Sequence[Delivery]) -> Parsed:
        """Read the messages; if the suppression list cannot be read, abandon all of them and return none."""
        parsed = [(delivery, _read(delivery.body)) for delivery in deliveries]
        try:
            suppressed = [delivery for delivery, found in parsed if self._is_suppressed(delivery, found)]
        except StorageError as error:
            self._settlement.not_stored(deliveries, error)
            return Parsed()
        left = [(delivery, found) for delivery, found in parsed if delivery not in suppressed]
        registrants = [(delivery, found) for delivery, found in left if isinstance(found, Registrant)]
        return Parsed(
            [(delivery, found) for delivery, found in registrants if found.kind == Kind.WEBINAR],
            [(delivery, found) for delivery, found in left if isinstance(found, RegistrantError)],
            [(delivery, found) for delivery, found in registrants if found.kind != Kind.WEBINAR],
            suppressed,
        )

    def settle(self, parsed: Parsed) -> None:
        """Delete suppressed messages, reject unreadable ones and those of meetings."""
        if parsed.suppressed:
            self._settlement.drop_suppressed(parsed.suppressed)
        for delivery, error in parsed.unreadable:
            self._settlement.reject_unreadable(delivery, error)
        for delivery, registrant in parsed.not_served:
            self._settlement.reject_not_served(QueuedRegistrant(registrant, [delivery]))

    def _is_suppressed(self, delivery: Delivery, found: Registrant | RegistrantError) -> bool:
        if isinstance(found, Registrant):
            return self._suppression_list.contains(found.key.email, submitted_moment(delivery, found.submitted_at))
        identity, submitted_at = _identity_in(delivery.body)
        return identity is not None and self._suppression_list.contains(
            identity, submitted_moment(delivery, submitted_at)
        )


def _read(body: str) -> Registrant | RegistrantError:
    try:
        return Registrant.from_message(body)
    except RegistrantError as error:
        return error


def _identity_in(body: str) -> tuple[str | None, str | None]:
    """Return the e-mail and submission time in an invalid message: a dead letter would store them too."""
    try:
        message = json.loads(body)
        identity = check_email(message["email"]).identity
    except (ValueError, RecursionError, LookupError, TypeError, WrongField):
        return None, None  # no identity
    return identity, timestamp_of(message.get("submitted_at"))
