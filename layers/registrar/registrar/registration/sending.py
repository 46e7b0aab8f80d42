"""One batch on its way: calls to Zoom, and what follows from each answer: settle, split, ask, or stop.

In: up to 30 people of one webinar. Out: nothing; everybody in it is settled, or still in hand because sending has
stopped or time is over. Whom an answer is about decides (errors.py): somebody's refusal is split until he stands
alone, a webinar's closes that webinar, the account's stops everything.
"""

from collections import deque
from collections.abc import Collection, Sequence

from registrar import limits
from registrar.outcomes import isolation
from registrar.outcomes.outcome import Decision, Deferred, Rejected, decide
from registrar.outcomes.reconciled import not_reconciled, reconciled, unless_unknown
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, Reason
from registrar.registrants.row import moment_of, utc_day
from registrar.registration.calling import NO_TIME
from registrar.registration.invocation_state import Collaborators
from registrar.zoom.client import NO_CALL, BatchResponse, Confirmations, ErrorResponse
from registrar.zoom.errors import ErrorKind, Scope

_AWAY = ErrorResponse(
    NO_CALL, ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts=False), "Zoom does not answer yet"
)


class Sending:
    """Sends one batch, in as many calls as its people's attempts and Zoom's answers ask for.

    `has_called`: its first call has taken its turn, or is about to; or Zoom is asked before, which may take
    minutes: nobody else waits for that.
    """

    def __init__(self, rooms: Collaborators, batch: Sequence[QueuedRegistrant]) -> None:
        self._rooms = rooms
        self.batch = batch
        self.webinar_id = batch[0].key.webinar_id
        self.has_called = False
        self._refused_alone = self._somebody_got_in = False

    def run(self) -> None:
        """Send."""
        rooms, nobody_gets_in = self._rooms, self._rooms.knowledge.nobody_gets_in
        people = rooms.lookup.still_to_send(self.batch)
        was_away = rooms.breaker.is_open
        if people and was_away and not self._zoom_is_back():
            self._give_up_the_oldest(people)
            return
        day = utc_day(rooms.clock())
        together = [person for person in people if person.attempts_left(day) > 1]
        alone = [person for person in people if person.attempts_left(day) <= 1]
        if (was_away or self.webinar_id in nobody_gets_in) and len(together) > 1:
            # Of the last batch nobody got in, or no call was answered: one shows whether that has changed.
            together.sort(key=lambda person: person.attempts_left(day), reverse=True)
            self._make(isolation.one_by_one(together[:1]))
            together = together[1:]
        split = self.webinar_id in nobody_gets_in
        self._make((isolation.one_by_one(together) if split else [together]) + isolation.one_by_one(alone))
        if self._refused_alone and not self._somebody_got_in and len(self.batch) > 1:
            nobody_gets_in.add(self.webinar_id)

    def _make(self, calls: isolation.Calls) -> None:
        waiting = deque(call for call in calls if call)
        while waiting and self._rooms.may_send:
            waiting.extend(self._make_one(waiting.popleft()))

    def _make_one(self, people: list[QueuedRegistrant]) -> isolation.Calls:
        """One call; returns the calls that its answer makes necessary."""
        rooms = self._rooms
        closed = rooms.knowledge.closed(self.webinar_id)
        if closed is not None:
            # A call refused because the webinar is full may have filled it: whoever was in it is asked about alone.
            is_full = closed.meaning.reason == Reason.WEBINAR_FULL
            maybe_in = [person for person in people if is_full and person.was_refused_with_others]
            self._settle([person for person in people if person not in maybe_in], closed)
            people = maybe_in
            if len(people) > 1:
                return isolation.one_by_one(people)
        people = self._reserved(people)
        if not people:
            return []
        answer = self._register(people)
        rooms.knowledge.note(answer)
        if isinstance(answer, ErrorResponse) and _is_to_split(answer, people):
            return self._split(people, answer)
        is_alone = len(people) == 1
        # Whoever is not sent for want of time gets no row (contract 4), but keeps the one that he has.
        self._settle([one for one in people if one.reserved or answer is not NO_TIME], answer, alone=is_alone)
        rooms.knowledge.conclude(self.webinar_id, answer)
        if isinstance(answer, Confirmations):
            self._somebody_got_in = True
        elif answer.meaning.scope == Scope.REGISTRANT and is_alone:
            self._refused_alone = True
        return []

    def _register(self, people: Sequence[QueuedRegistrant]) -> BatchResponse:
        self.has_called = True
        for person in people:
            person.is_in_call = True
        try:
            return self._rooms.caller.register(people)
        finally:
            for person in people:
                person.is_in_call = False

    # ── A refusal of several that is about some of them ──────────────────────────────────────────────────────────────

    def _split(self, people: list[QueuedRegistrant], refusal: ErrorResponse) -> isolation.Calls:
        """Count the attempt, settle whoever has none left, and return the smaller calls for the others."""
        day = utc_day(self._rooms.clock())
        named = refusal.named
        if refusal.meaning.reason == Reason.REGISTRANT_DAILY_LIMIT and named:
            self._settle([person for person in people if person.key.email in named], refusal)
            people = [person for person in people if person.key.email not in named]
            named = frozenset()
        elif refusal.meaning.reason == Reason.WEBINAR_FULL:
            people = sorted(people, key=lambda person: person.lead.sent_at)  # the last seats: first come, first served
        left = {person.key: person.attempts_left(day) - int(not person.is_reserved_on(day)) for person in people}
        self._settle([person for person in people if left[person.key] <= 0], refusal)
        going_on = [person for person in people if left[person.key] > 0]
        for person in going_on:
            person.count_attempt(day)
        if refusal.meaning.reason == Reason.REGISTRANT_DAILY_LIMIT and refusal.named:
            return isolation.together(going_on, lambda person: left[person.key])
        return isolation.split(going_on, named, lambda person: left[person.key])

    # ── After an outage ──────────────────────────────────────────────────────────────────────────────────────────────

    def _zoom_is_back(self) -> bool:
        """After an outage: a look that registers nobody, before anybody's attempt is risked."""
        rooms, now = self._rooms, self._rooms.clock()
        if not rooms.breaker.pauses(now) and rooms.caller.zoom_answers(self.webinar_id):
            rooms.breaker.half_close()
            return True
        rooms.knowledge.stop(Reason.ZOOM_UNAVAILABLE, _AWAY.message, rooms.clock())
        return False

    def _give_up_the_oldest(self, people: Sequence[QueuedRegistrant]) -> None:
        """Whoever has waited before by this very message would only be deferred again: the age limit is judged."""
        waited = [person for person in people if person.was_deferred]
        now = self._rooms.clock()
        verdicts = decide(waited, _AWAY, utc_day(now), now, self._rooms.random, alone=False)
        too_old = [verdict for verdict in verdicts if isinstance(verdict.outcome, Rejected)]
        self._rooms.settlement.settle(self._last_asked(too_old, now), utc_day(now))

    # ── Settling, and asking Zoom where a person's state is unknown ──────────────────────────────────────────────────

    def _settle(self, people: Sequence[QueuedRegistrant], answer: BatchResponse, *, alone: bool = False) -> None:
        # By now it may be tomorrow, and Zoom may have counted the call there; yesterday's count matters no more.
        rooms, now = self._rooms, self._rooms.clock()
        verdicts = decide(people, answer, utc_day(now), now, rooms.random, alone=alone)
        if isinstance(answer, ErrorResponse) and answer.meaning.scope == Scope.ACCOUNT:
            waits = [verdict.outcome.until for verdict in verdicts if isinstance(verdict.outcome, Deferred)]
            rooms.knowledge.stop(answer.meaning.reason, answer.message, min(waits, default=now))
        rooms.settlement.settle(self._last_asked(verdicts, now), utc_day(now))

    def _reserved(self, people: list[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Who may be sent now: an attempt is theirs, and before the last one of somebody unknown Zoom was asked."""
        day = utc_day(self._rooms.clock())
        people = self._still_unknown(people, [one for one in people if _is_last_in_doubt(one, day)])
        left = {person.key: person.attempts_left(day) for person in people}
        people = self._rooms.reservation.reserve(people, day)
        # Somebody else has tried him since his row was read: how that ended is unknown, and this is the last attempt.
        tried = [one for one in people if one.reserved and one.attempts_left(day) == 0 and left[one.key] > 1]
        return self._still_unknown(people, tried)

    def _still_unknown(
        self, people: list[QueuedRegistrant], asked: Collection[QueuedRegistrant]
    ) -> list[QueuedRegistrant]:
        """Ask Zoom about some; returns who is still to be sent."""
        if not asked:
            return people
        rooms, now = self._rooms, self._rooms.clock()
        # His row was written by the last call, or, where that was killed, just before it; without one nothing is known.
        written = max(moment_of(person.row.updated_at if person.row else None) or now for person in asked)
        not_before = min(now, written + 1 + limits.ZOOM_CALL_SECONDS)  # rows tell whole seconds
        self.has_called = True
        found = rooms.readback.find(self.webinar_id, [person.key.email for person in asked], not_before)
        if isinstance(found, ErrorResponse):
            settled = {person.key: not_reconciled(person, found, now, rooms.random) for person in asked}
        else:
            known = [person for person in asked if person.key.email in found]
            settled = {person.key: reconciled(person, found[person.key.email]) for person in known}
        rooms.settlement.settle(list(settled.values()), utc_day(now))
        return [person for person in people if person.key not in settled]

    def _last_asked(self, verdicts: list[Decision], now: float) -> list[Decision]:
        """Before somebody is given up whom an earlier call may have registered, he is looked for at Zoom."""
        spent = [verdict for verdict in verdicts if verdict.has_to_be_asked_about]
        if not spent or not self._rooms.time_left.for_a_call():
            return verdicts
        self.has_called = True
        emails = [verdict.person.key.email for verdict in spent]
        found = self._rooms.readback.find(self.webinar_id, emails, not_before=now)
        if isinstance(found, ErrorResponse) and found.meaning.reason in FINAL_FOR_WEBINAR:
            return verdicts  # there is no such list: nobody is on it
        if isinstance(found, ErrorResponse):
            return [unless_unknown(one, found, now, self._rooms.random) if one in spent else one for one in verdicts]
        return [
            reconciled(verdict.person, found.get(verdict.person.key.email), verdict) if verdict in spent else verdict
            for verdict in verdicts
        ]


def _is_last_in_doubt(person: QueuedRegistrant, day: str) -> bool:
    return person.outcome_unknown and person.attempts_left(day) == 1


def _is_to_split(refusal: ErrorResponse, people: Sequence[QueuedRegistrant]) -> bool:
    """Whether the refusal of several is about some of them; alone, somebody's refusal is his own."""
    about_some = refusal.meaning.scope == Scope.REGISTRANT or refusal.meaning.reason == Reason.WEBINAR_FULL
    return about_some and len(people) > 1
