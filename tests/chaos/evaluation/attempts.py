"""The attempts per registrant and UTC day, and how many of them the consumer could know when it made the next call.

The consumer calls Zoom for a first delivery before it writes anything; for later deliveries it counts the
attempt before the call. So other invocations cannot know of an attempt until its outcome is stored, or, if its
invocation was killed, until its message was delivered again and a row was written. A fourth attempt is a defect if the
three before it could be known.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from local.fake_zoom import utc
from tests.chaos.evaluation.record import Record
from tests.chaos.workload.submissions import Key, as_sent_to_zoom

ATTEMPTS_PER_DAY = 3  # Zoom's


class Sent(NamedTuple):
    """A call with a registrant: when, and by which invocation."""

    at_s: float
    invocation: str


@dataclass(frozen=True)
class Attempts:
    """The calls with a registrant on a UTC day; `known`: the most of them that any of these calls could know of."""

    key: Key
    day: str
    number: int
    known: int

    @property
    def is_too_many(self) -> bool:
        """Return whether there was a fourth attempt."""
        return self.number > ATTEMPTS_PER_DAY

    @property
    def is_excused(self) -> bool:
        """Return whether unknown attempts explain it."""
        return self.known <= ATTEMPTS_PER_DAY


def attempts(record: Record) -> list[Attempts]:
    """Return the attempts of every registrant as Zoom logged them, the most first."""
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
    """Return when the call was decided: when its attempt was counted, else when it was made."""
    delivered = [
        one.at_s
        for one in record.deliveries.get(key, ())
        if one.invocation == call.invocation and one.at_s <= call.at_s
    ]
    writes = (
        at_s
        for at_s in record.writes.get((call.invocation, key), ())
        if max(delivered, default=0.0) <= at_s <= call.at_s
    )
    return max(writes, default=call.at_s)


def _is_hidden(record: Record, key: Key, call: Sent, now_s: float) -> bool:
    """Return whether no other invocation can know of a call: of a first delivery, and no row was written since."""
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
