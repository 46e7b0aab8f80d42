"""`POST /v2/webinars/{id}/batch_registrants`: registers up to 30 people for one webinar in one Heavy call.

Comes in: a call whose token, rates and attempts have been found good. Goes out: one answer for all its
people, without a status for each: whoever is missing from it, or stands there without a join URL, is not
registered. What Zoom does in the cases that nobody has published is read from the switches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.fake_zoom import error_wording, errors
from local.fake_zoom.admission import (
    blocks,
    check_attendee_limit,
    finds_wrong,
    open_webinar,
    status_of_newcomers,
)
from local.fake_zoom.answer_items import Outcome, answer
from local.fake_zoom.error_wording import Complaint
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.exchange import Reply
from local.fake_zoom.parsed_request import Asked
from local.fake_zoom.state import State
from local.fake_zoom.switches import (
    DeniedAgain,
    Duplicates,
    LastSeats,
    Refusing,
    Repeat,
    StoredBeforeRefusal,
    Switches,
)
from local.fake_zoom.webinars import Status, Webinar


@dataclass(frozen=True, slots=True)
class Item:
    """One person of the batch; `wrong` is the field that is missing or too long, if any."""

    index: int
    email: str
    first_name: str
    last_name: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who cannot be registered for one and the same reason, and what becomes of the batch then."""

    at_fault: Sequence[Item]
    refusing: Refusing
    error: ZoomError


def register(state: State, asked: Asked) -> Reply:
    """Answer the call."""
    auto_approve = asked.body().get("auto_approve") is True
    if asked.misshapen():
        raise errors.validation_failed([(found.field, found.words) for found in asked.misshapen()])
    webinar = open_webinar(state, asked)
    status = status_of_newcomers(webinar.properties, auto_approve=auto_approve)
    batch = Batch(state, webinar, status, asked.now)
    items = batch.admitted(_items(asked))
    return answer(batch.seated(items), state.switches)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch on its way into a webinar."""

    state: State
    webinar: Webinar
    status: Status
    now: float

    @property
    def switches(self) -> Switches:
        """The account's switches."""
        return self.state.switches

    def admitted(self, items: Sequence[Item]) -> list[Item]:
        """Return the people who can be registered, if the batch is not refused for the others."""
        folded = _folded(items)
        judgements = [judgement for judgement in self._judgements(items, folded) if judgement.at_fault]
        for judgement in judgements:
            if judgement.refusing is Refusing.REFUSED_WHOLE:
                self._refuse(judgement, folded, judgements)
        left_out = {item.index for judgement in judgements for item in judgement.at_fault}
        return [item for item in folded if item.index not in left_out]

    def seated(self, items: Sequence[Item]) -> list[Outcome]:
        """Store the people, as far as there are seats."""
        new = [item for item in items if self._is_new(item)]
        check_attendee_limit(self.state, len(new))
        free = self.webinar.free_seats()
        if len(new) <= free:
            return [self._store(item) for item in items]
        if free == 0 or self.switches.last_seats is LastSeats.ALL_REFUSED:
            raise errors.webinar_full()
        unseated = {item.index for item in new[free:]}
        outcomes = [self._store(item) for item in items if item.index not in unseated]
        if self.switches.last_seats is LastSeats.FILLED_WITH_ERROR:
            raise errors.webinar_full().touching(outcome.sent_as for outcome in outcomes)
        return outcomes

    def _judgements(self, items: Sequence[Item], folded: Sequence[Item]) -> Iterator[Judgement]:
        about, switches = self.webinar.properties, self.switches
        if switches.duplicates is Duplicates.REFUSED:
            kept = {item.index for item in folded}
            twice = [item for item in items if item.index not in kept]
            yield Judgement(twice, Refusing.REFUSED_WHOLE, self._bad_data(twice, len(items)))
        bad = [item for item in folded if item.wrong or finds_wrong(about, item.email)]
        yield Judgement(bad, switches.bad_item, self._bad_data(bad, len(items)))
        all_hosts = about.hosts()
        hosts = [item for item in folded if item.email.lower() in all_hosts]
        yield Judgement(hosts, switches.host_in_batch, errors.host_refused())
        blocked = [item for item in folded if blocks(about, item.email)]
        yield Judgement(blocked, switches.policy_in_batch, errors.policy_refused())
        if switches.denied_again is DeniedAgain.REFUSED:
            denied = [item for item in folded if self._is_denied(item)]
            yield Judgement(denied, Refusing.REFUSED_WHOLE, errors.denied_refused())

    def _bad_data(self, items: Sequence[Item], batch_size: int) -> ZoomError:
        complaints = [Complaint(item.index, item.email, item.wrong or "email") for item in items]
        if not complaints:
            return errors.validation_failed()
        return error_wording.refusal(self.switches.bad_item_named, complaints, batch_size)

    def _refuse(self, judgement: Judgement, items: Sequence[Item], judgements: Sequence[Judgement]) -> None:
        touched = [item.email for item in judgement.at_fault]
        if self.switches.refused_batch_stores is StoredBeforeRefusal.THOSE_BEFORE_THE_BAD_ONE:
            at_fault = {item.index for other in judgements for item in other.at_fault}
            before = [item for item in items if item.index < min(at_fault)]
            seats = self.webinar.free_seats()
            touched += [self._store(item).sent_as for item in before[:seats]]
        raise judgement.error.touching(touched)

    def _is_denied(self, item: Item) -> bool:
        registrant = self.webinar.find(item.email)
        return registrant is not None and registrant.status is Status.DENIED

    def _is_new(self, item: Item) -> bool:
        anew = self._is_denied(item) and self.switches.denied_again is DeniedAgain.REGISTERED_ANEW
        return anew or self.webinar.find(item.email) is None

    def _store(self, item: Item) -> Outcome:
        existing = self.webinar.find(item.email)
        if existing is None or self._is_new(item):
            added = self.webinar.add(item.email, item.first_name, item.last_name, self.status, self.now)
            return Outcome(item.email, added, is_repeat=False)
        if self.switches.repeat is Repeat.FRESH_JOIN_URL:
            existing = self.webinar.renew_join_url(existing)
        return Outcome(item.email, existing, is_repeat=True)


def _items(asked: Asked) -> list[Item]:
    wrong = {found.item: found.field for found in reversed(asked.violations) if found.item is not None}
    return [
        Item(
            index,
            str(person.get("email", "")),
            str(person.get("first_name", "")),
            str(person.get("last_name", "")),
            wrong.get(index, ""),
        )
        for index, person in enumerate(asked.people)
    ]


def _folded(items: Sequence[Item]) -> list[Item]:
    """Return the first item of each e-mail."""
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.email.lower(), item)
    return list(first.values())
