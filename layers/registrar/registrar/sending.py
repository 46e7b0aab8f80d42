"""Calls to Zoom, and what follows from each answer: settle, split, ask, or stop.

In: a batch of one webinar. Out: nothing; everybody in it is settled, or still in hand because sending has stopped or
time is over. Whom an answer is about decides (zoom_errors.py): somebody's refusal is split until he stands alone, a
webinar's closes that webinar, the account's stops everything.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from registrar import isolation, limits
from registrar.batches import Person
from registrar.breaker import Breaker
from registrar.calling import Caller
from registrar.deferral import Random
from registrar.lookup import Lookup
from registrar.outcomes import Deferred, Rejected, Verdict, after_asking, judge, not_asked
from registrar.pacing import TimeLeft
from registrar.readback import Readback
from registrar.reservation import Reservation
from registrar.row import moment_of, utc_day
from registrar.settlement import Settlement
from registrar.telemetry import Telemetry
from registrar.zoom import NO_CALL, Answer, Confirmations, Refusal
from registrar.zoom_errors import Meaning, Reason, Scope

_AWAY = Refusal(NO_CALL, Meaning(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts=False), "Zoom does not answer yet")


@dataclass(frozen=True)
class Rooms:
    """The rooms that a call passes through."""

    caller: Caller
    lookup: Lookup
    readback: Readback
    reservation: Reservation
    settlement: Settlement
    telemetry: Telemetry
    breaker: Breaker


class Sending:
    """One invocation's calls. `stopped_until` (epoch seconds) is None while sending goes on."""

    def __init__(
        self, rooms: Rooms, time_left: TimeLeft, random: Random, clock: Callable[[], float] = time.time
    ) -> None:
        self._rooms = rooms
        self._time_left = time_left
        self._random = random
        self._clock = clock
        self._closed: dict[str, Refusal] = {}
        self._nobody_gets_in: set[str] = set()  # webinars of which everybody was refused alone
        self._refused_alone = False  # somebody of the batch under way
        self._somebody_got_in = False  # of the batch under way
        self.stopped_until: float | None = None

    @property
    def may_go_on(self) -> bool:
        """Whether another call may be made: nothing is started that cannot be finished and stored."""
        return self.stopped_until is None and not self._rooms.settlement.store_failed and self._time_left.for_a_call()

    def send(self, batch: Sequence[Person]) -> None:
        """Send up to 30 people of one webinar, in as many calls as their attempts and Zoom's answers ask for."""
        webinar_id = batch[0].key.webinar_id
        was_away = self._rooms.breaker.is_open
        if was_away and not self._zoom_is_back(webinar_id):
            self._give_up_the_oldest(batch)
            return
        self._refused_alone = self._somebody_got_in = False
        people = self._rooms.lookup.refreshed(batch)
        day = utc_day(self._clock())
        together = [person for person in people if person.attempts_left(day) > 1]
        alone = [person for person in people if person.attempts_left(day) <= 1]
        if (was_away or webinar_id in self._nobody_gets_in) and len(together) > 1:
            # Of the last batch nobody got in, or no call was answered: one shows whether that has changed.
            together.sort(key=lambda person: person.attempts_left(day), reverse=True)
            self._run(isolation.one_by_one(together[:1]))
            together = together[1:]
        split = webinar_id in self._nobody_gets_in
        self._run((isolation.one_by_one(together) if split else [together]) + isolation.one_by_one(alone))
        if self._refused_alone and not self._somebody_got_in and len(batch) > 1:
            self._nobody_gets_in.add(webinar_id)

    def _run(self, calls: isolation.Calls) -> None:
        waiting = deque(call for call in calls if call)
        while waiting and self.may_go_on:
            waiting.extend(self._send(waiting.popleft()))

    def _send(self, people: list[Person]) -> isolation.Calls:
        """One call; returns the calls that its answer makes necessary."""
        webinar_id = people[0].key.webinar_id
        if webinar_id in self._closed:
            closed = self._closed[webinar_id]
            # A call refused because the webinar is full may have filled it: whoever was in it is asked about alone.
            is_full = closed.meaning.reason == Reason.WEBINAR_FULL
            maybe_in = [person for person in people if is_full and person.was_refused_with_others]
            self._settle([person for person in people if person not in maybe_in], closed)
            people = maybe_in
            if len(people) > 1:
                return isolation.one_by_one(people)
        people = self._still_unknown(webinar_id, people)
        people = self._rooms.reservation.reserve(people, utc_day(self._clock()))
        if not people:
            return []
        answer = self._rooms.caller.register(people)
        self._note(answer)
        if isinstance(answer, Refusal) and _is_to_split(answer, people):
            return self._split(people, answer)
        self._settle(people, answer, alone=len(people) == 1)
        self._draw_conclusions(webinar_id, answer, alone=len(people) == 1)
        return []

    # ── A refusal of several that is about some of them ──────────────────────────────────────────────────────────────

    def _split(self, people: list[Person], refusal: Refusal) -> isolation.Calls:
        """Count the attempt, settle whoever has none left, and return the smaller calls for the others."""
        day = utc_day(self._clock())
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

    # ── What an answer means for those who were not in the call ──────────────────────────────────────────────────────

    def _note(self, answer: Answer) -> None:
        if isinstance(answer, Refusal) and answer.call == NO_CALL:
            return  # Zoom was not asked
        is_away = isinstance(answer, Refusal) and answer.meaning.scope == Scope.TRANSPORT and not answer.is_answer
        self._rooms.breaker.note(answered=not is_away, now=self._clock())
        if self._rooms.breaker.is_open:
            self._stop(Reason.ZOOM_UNAVAILABLE, "several calls in a row had no answer", self._clock())

    def _draw_conclusions(self, webinar_id: str, answer: Answer, *, alone: bool) -> None:
        """What an answer says of the whole webinar, or of the whole account, holds for the rest of the invocation."""
        if isinstance(answer, Confirmations):
            self._nobody_gets_in.discard(webinar_id)
            self._somebody_got_in = True
        elif answer.meaning.scope == Scope.REGISTRANT and alone:
            self._refused_alone = True
        elif answer.meaning.scope == Scope.WEBINAR:
            self._closed[webinar_id] = answer.remembered()

    def _stop(self, reason: str, detail: str, until: float) -> None:
        self.stopped_until = until
        self._rooms.telemetry.stopped(reason, detail)

    def _zoom_is_back(self, webinar_id: str) -> bool:
        """After an outage: a look that registers nobody, before anybody's attempt is risked."""
        if not self._rooms.breaker.pauses(self._clock()) and self._rooms.caller.zoom_answers(webinar_id):
            self._rooms.breaker.half_close()
            return True
        self._stop(Reason.ZOOM_UNAVAILABLE, _AWAY.message, self._clock())
        return False

    def _give_up_the_oldest(self, batch: Sequence[Person]) -> None:
        """Whoever was tried before by this very message would only be deferred again: the age limit is judged."""
        tried = [
            person for person in batch if person.row is not None and person.row.message_id == person.lead.message_id
        ]
        day, now = utc_day(self._clock()), self._clock()
        verdicts = judge(tried, _AWAY, day, now, self._random, alone=False)
        too_old = [verdict for verdict in verdicts if isinstance(verdict.outcome, Rejected)]
        self._rooms.settlement.settle(self._last_asked(too_old, now), day)

    # ── Settling, and asking Zoom where a person's state is unknown ──────────────────────────────────────────────────

    def _settle(self, people: Sequence[Person], answer: Answer, *, alone: bool = False) -> None:
        # By now it may be tomorrow, and Zoom may have counted the call there; yesterday's count matters no more.
        day, now = utc_day(self._clock()), self._clock()
        verdicts = judge(people, answer, day, now, self._random, alone=alone)
        if isinstance(answer, Refusal) and answer.meaning.scope == Scope.ACCOUNT:
            waits = [verdict.outcome.until for verdict in verdicts if isinstance(verdict.outcome, Deferred)]
            self._stop(answer.meaning.reason, answer.message, min(waits, default=now))
        self._rooms.settlement.settle(self._last_asked(verdicts, now), day)

    def _still_unknown(self, webinar_id: str, people: list[Person]) -> list[Person]:
        """Before the last attempt of somebody who may be registered, ask; returns who is still to be sent."""
        day, now = utc_day(self._clock()), self._clock()
        asked = [person for person in people if person.outcome_unknown and person.attempts_left(day) == 1]
        if not asked:
            return people
        # His row was written by the last call, or, where that was killed, just before it; without one nothing is known.
        written = max(moment_of(person.row.updated_at if person.row else None) or now for person in asked)
        not_before = min(now, written + 1 + limits.ZOOM_CALL_SECONDS)  # rows tell whole seconds
        found = self._rooms.readback.find(webinar_id, [person.key.email for person in asked], not_before)
        if isinstance(found, Refusal):
            verdicts = [not_asked(person, found, now, self._random) for person in asked]
            self._rooms.settlement.settle(verdicts, day)
            return [person for person in people if person not in asked]
        known = [person for person in asked if person.key.email in found]
        self._rooms.settlement.settle([after_asking(person, found[person.key.email]) for person in known], day)
        return [person for person in people if person not in known]

    def _last_asked(self, verdicts: list[Verdict], now: float) -> list[Verdict]:
        """Before somebody is given up whom an earlier call may have registered, he is looked for at Zoom."""
        spent = [verdict for verdict in verdicts if verdict.has_to_be_asked_about]
        if not spent or not self._time_left.for_a_call():
            return verdicts
        webinar_id = spent[0].person.key.webinar_id
        found = self._rooms.readback.find(webinar_id, [verdict.person.key.email for verdict in spent], not_before=now)
        if isinstance(found, Refusal):
            return verdicts
        return [
            after_asking(verdict.person, found.get(verdict.person.key.email), verdict) if verdict in spent else verdict
            for verdict in verdicts
        ]


def _is_to_split(refusal: Refusal, people: Sequence[Person]) -> bool:
    """Whether the refusal of several is about some of them; alone, somebody's refusal is his own."""
    about_some = refusal.meaning.scope == Scope.REGISTRANT or refusal.meaning.reason == Reason.WEBINAR_FULL
    return about_some and len(people) > 1
