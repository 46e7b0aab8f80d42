"""Who arrives: messages are read; whoever asked to be forgotten is dropped, what cannot be read is rejected.

In: deliveries. Out: those of which a registrant can be made, each with him; all others are settled here.

Where the marks of the forgotten cannot be read (forgotten.py), everybody stays on the queue and comes back later: that
loses nobody, and the other way round an outage of ours would register people who asked us not to. It makes nobody
depend on one table more: the calls to Zoom are drawn from a budget in the same one.
"""

import json
from collections.abc import Sequence

from registrar.delivery import Delivery
from registrar.fields import WrongField, check_email
from registrar.forgotten import Forgotten, submitted
from registrar.registrant import Registrant, RegistrantError, timestamp_of
from registrar.settlement import Settlement
from registrar.store import StoreError

Read = tuple[Delivery, Registrant | RegistrantError]


class Arrivals:
    """Reads messages."""

    def __init__(self, forgotten: Forgotten, settlement: Settlement) -> None:
        self._forgotten = forgotten
        self._settlement = settlement

    def readable(self, deliveries: Sequence[Delivery]) -> list[tuple[Delivery, Registrant]]:
        """Read the messages; settle whichever is of somebody forgotten or of nobody, return the others."""
        everybody = [(delivery, _read(delivery.body)) for delivery in deliveries]
        try:
            dropped = [delivery for delivery, found in everybody if self._is_forgotten(delivery, found)]
        except StoreError as error:
            self._settlement.not_stored(deliveries, error)
            return []
        if dropped:
            self._settlement.forget(dropped)
        left = [(delivery, found) for delivery, found in everybody if delivery not in dropped]
        for delivery, found in left:
            if isinstance(found, RegistrantError):
                self._settlement.reject_unreadable(delivery, found)
        return [(delivery, found) for delivery, found in left if isinstance(found, Registrant)]

    def _is_forgotten(self, delivery: Delivery, found: Registrant | RegistrantError) -> bool:
        if isinstance(found, Registrant):
            return self._forgotten.holds(found.key.email, submitted(delivery, found.submitted_at))
        identity, submitted_at = _named_in(delivery.body)
        return identity is not None and self._forgotten.holds(identity, submitted(delivery, submitted_at))


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
