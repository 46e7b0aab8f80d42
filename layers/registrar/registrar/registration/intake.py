"""Who arrives: messages are read; whoever asked to be forgotten is dropped, what cannot be read is rejected.

In: deliveries. Out: those of which a registrant can be made, each with him; then all others are settled.

Where the marks of the forgotten cannot be read (suppression_list.py), everybody stays on the queue and comes back:
that
loses nobody, and the other way round an outage of ours would register people who asked us not to. It makes nobody
depend on one table more: the calls to Zoom are drawn from a budget in the same one.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from registrar.queue.delivery import Delivery
from registrar.registrants.fields import WrongField, check_email
from registrar.registrants.registrant import Registrant, RegistrantError, timestamp_of
from registrar.registration.settlement import Settlement
from registrar.storage.registrant_table import StorageError
from registrar.storage.suppression_list import SuppressionList


class Parsed(NamedTuple):
    """What came: whoever is to be sent, and whoever is not."""

    readable: Sequence[tuple[Delivery, Registrant]] = ()
    unreadable: Sequence[tuple[Delivery, RegistrantError]] = ()
    forgotten: Sequence[Delivery] = ()


class Intake:
    """Reads messages, and settles those of which no more becomes."""

    def __init__(self, forgotten: SuppressionList, settlement: Settlement) -> None:
        self._suppressed = forgotten
        self._settlement = settlement

    def read(self, deliveries: Sequence[Delivery]) -> Parsed:
        """Read the messages; where nobody knows who is forgotten, all of them go back, and none is returned."""
        everybody = [(delivery, _read(delivery.body)) for delivery in deliveries]
        try:
            forgotten = [delivery for delivery, found in everybody if self._is_forgotten(delivery, found)]
        except StorageError as error:
            self._settlement.not_stored(deliveries, error)
            return Parsed()
        left = [(delivery, found) for delivery, found in everybody if delivery not in forgotten]
        return Parsed(
            [(delivery, found) for delivery, found in left if isinstance(found, Registrant)],
            [(delivery, found) for delivery, found in left if isinstance(found, RegistrantError)],
            forgotten,
        )

    def settle(self, arrived: Parsed) -> None:
        """Acknowledge whoever is forgotten, reject what cannot be read."""
        if arrived.forgotten:
            self._settlement.forget(arrived.forgotten)
        for delivery, error in arrived.unreadable:
            self._settlement.reject_unreadable(delivery, error)

    def _is_forgotten(self, delivery: Delivery, found: Registrant | RegistrantError) -> bool:
        if isinstance(found, Registrant):
            return self._suppressed.contains(found.key.email, submitted_moment(delivery, found.submitted_at))
        identity, submitted_at = _named_in(delivery.body)
        return identity is not None and self._suppressed.contains(identity, submitted_moment(delivery, submitted_at))


def _read(body: str) -> Registrant | RegistrantError:
    try:
        return Registrant.from_message(body)
    except RegistrantError as error:
        return error


def _named_in(body: str) -> tuple[str | None, str | None]:
    """Whom a message names of which no registrant can be made, and when it was submitted: it would become a letter."""
    try:
        said = json.loads(body)
        identity = check_email(said["email"]).identity
    except (ValueError, RecursionError, LookupError, TypeError, WrongField):
        return None, None  # it names nobody
    return identity, timestamp_of(said.get("submitted_at"))


def submitted_moment(delivery: Delivery, submitted_at: str | None) -> float:
    """When a message was submitted, in epoch seconds: what it says, unless that is later than SQS got it.

    A letter that is sent back has a new time of SQS's, so its own counts. Of one that tells none, or a time to come,
    SQS's time is all there is.
    """
    if submitted_at is None:
        return delivery.sent_at
    return min(datetime.fromisoformat(submitted_at).timestamp(), delivery.sent_at)
