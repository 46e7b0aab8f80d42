"""How often somebody was sent on a UTC day, and of which of his calls nobody could know when the next one was made.

In: a `Record`. Out: the attempts of everybody.

A first delivery is sent before anything is written (design 3.5), and everything after it counts the attempt before it
calls. So an attempt is hidden from everybody else until its outcome is stored, or, where its function was killed, until
its message has come back and a row has been written. Nothing else is: a fourth attempt of which three could be known is
a defect.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from local.fake_zoom import utc
from tests.chaos.record import Record
from tests.chaos.submissions import Key, as_sent_to_zoom

ATTEMPTS_PER_DAY = 3  # Zoom's


class Sent(NamedTuple):
    """A call that carried somebody: when, and by which invocation."""

    at_s: float
    invocation: str


@dataclass(frozen=True)
class Attempts:
    """Calls that carried somebody on a UTC day; `known`: the most of them that any of these calls could know of."""

    key: Key
    day: str
    number: int
    known: int

    @property
    def is_too_many(self) -> bool:
        """Whether Zoom was asked a fourth time."""
        return self.number > ATTEMPTS_PER_DAY

    @property
    def is_excused(self) -> bool:
        """Whether it was so because of attempts that nobody could know of."""
        return self.known <= ATTEMPTS_PER_DAY


def attempts(record: Record) -> list[Attempts]:
    """Return the attempts of everybody, as Zoom logged them; the most first."""
    sent: defaultdict[tuple[Key, str], list[Sent]] = defaultdict(list)
    key_of = {(key[0], as_sent_to_zoom(key[1])): key for key in record.validity}
    for invocation, call in record.calls:
        if call.is_attempt:
            for email in {email.lower() for email in call.emails}:
                key = key_of.get((call.webinar, email), (call.webinar, email))
                sent[key, utc.day_text(call.time)].append(Sent(call.time, invocation))
    found = [Attempts(key, day, len(calls), _known(record, key, calls)) for (key, day), calls in sent.items()]
    return sorted(found, key=lambda one: -one.number)


def _known(record: Record, key: Key, calls: Sequence[Sent]) -> int:
    if len(calls) <= ATTEMPTS_PER_DAY:
        return len(calls)
    return max(
        1 + sum(not _is_hidden(record, key, earlier, _decided_s(record, key, call)) for earlier in calls[:place])
        for place, call in enumerate(calls)
    )


def _decided_s(record: Record, key: Key, call: Sent) -> float:
    """When it was decided that he is sent: as his attempt was counted, if it was, since his message came there."""
    came = [
        one.at_s
        for one in record.deliveries.get(key, ())
        if one.invocation == call.invocation and one.at_s <= call.at_s
    ]
    writes = (
        at_s for at_s in record.writes.get((call.invocation, key), ()) if max(came, default=0.0) <= at_s <= call.at_s
    )
    return max(writes, default=call.at_s)


def _is_hidden(record: Record, key: Key, call: Sent, now_s: float) -> bool:
    """Whether nobody can know of a call: of a first delivery, without a row since, its own or after its return."""
    deliveries = record.deliveries.get(key, ())
    carried = [one for one in deliveries if one.invocation == call.invocation and one.at_s <= call.at_s]
    if any(one.receive > 1 for one in carried) or _has_written(record, key, call.invocation, 0.0, now_s):
        return False
    messages = {one.message_id for one in carried}
    return not any(
        one.message_id in messages and one.receive > 1 and _has_written(record, key, one.invocation, one.at_s, now_s)
        for one in deliveries
    )


def _has_written(record: Record, key: Key, invocation: str, from_s: float, to_s: float) -> bool:
    return any(from_s <= at_s <= to_s for at_s in record.writes.get((invocation, key), ()))
