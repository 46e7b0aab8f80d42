"""`POST /v2/webinars/{id}/batch_registrants`: register up to 30 registrants for one webinar in one Heavy call.

The response has no status per registrant: one that is missing, or has no join URL, is not registered. The switches
decide what Zoom does in the cases its documentation leaves open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.fake_zoom import error_wording, errors
from local.fake_zoom.admission import (
    check_attendee_limit,
    check_questions,
    free_seats,
    is_blocked,
    is_invalid,
    open_webinar,
    status_of_newcomers,
)
from local.fake_zoom.error_wording import InvalidItem
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.exchange import Response
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.response_items import Outcome, batch_response
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
    """One registrant of the batch; `invalid_field` is the field that is missing or too long, if any."""

    index: int
    email: str
    first_name: str
    last_name: str
    invalid_field: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """The items that cannot be registered for one reason, and what that means for the batch."""

    rejected: Sequence[Item]
    refusing: Refusing
    error: ZoomError


def register(state: State, request: ParsedRequest) -> Response:
    """Perform the call."""
    auto_approve = request.body().get("auto_approve") is True
    if request.shape_violations():
        raise errors.validation_failed([(found.field, found.message) for found in request.shape_violations()])
    webinar = open_webinar(state, request)
    check_questions(state, webinar)
    status = status_of_newcomers(webinar.properties, auto_approve=auto_approve)
    batch = Batch(state, webinar, status, request.now)
    items = batch.accepted(_items(request))
    return batch_response(batch.store_all(items), state.switches)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch that is being registered for a webinar."""

    state: State
    webinar: Webinar
    status: Status
    now: float

    @property
    def switches(self) -> Switches:
        """Return the account's switches."""
        return self.state.switches

    def accepted(self, items: Sequence[Item]) -> list[Item]:
        """Return the items that can be registered; raise Zoom's error if it refuses the batch for the others."""
        unique = _deduplicated(items)
        rejections = [rejection for rejection in self._rejections(items, unique) if rejection.rejected]
        for rejection in rejections:
            if rejection.refusing is Refusing.REFUSED_WHOLE:
                self._refuse(rejection, unique, rejections)
        left_out = {item.index for rejection in rejections for item in rejection.rejected}
        return [item for item in unique if item.index not in left_out]

    def store_all(self, items: Sequence[Item]) -> list[Outcome]:
        """Store the items as far as there are free seats."""
        new = [item for item in items if self._is_new(item)]
        check_attendee_limit(self.state, len(new))
        free = free_seats(self.state, self.webinar)
        if len(new) <= free:
            return [self._store(item) for item in items]
        if free == 0 or self.switches.last_seats is LastSeats.ALL_REFUSED:
            raise errors.webinar_full(self.switches.full_error)
        without_seat = {item.index for item in new[free:]}
        outcomes = [self._store(item) for item in items if item.index not in without_seat]
        if self.switches.last_seats is LastSeats.FILLED_WITH_ERROR:
            raise errors.webinar_full(self.switches.full_error).affecting(outcome.sent_as for outcome in outcomes)
        return outcomes

    def _rejections(self, items: Sequence[Item], unique: Sequence[Item]) -> Iterator[Rejection]:
        properties, switches = self.webinar.properties, self.switches
        if switches.duplicates is Duplicates.REFUSED:
            kept = {item.index for item in unique}
            twice = [item for item in items if item.index not in kept]
            yield Rejection(twice, Refusing.REFUSED_WHOLE, self._bad_data(twice, len(items)))
        bad = [item for item in unique if item.invalid_field or is_invalid(properties, item.email)]
        yield Rejection(bad, switches.bad_item, self._bad_data(bad, len(items)))
        all_hosts = properties.hosts()
        hosts = [item for item in unique if item.email.lower() in all_hosts]
        yield Rejection(hosts, switches.host_in_batch, errors.host_refused())
        blocked = [item for item in unique if is_blocked(properties, item.email)]
        yield Rejection(blocked, switches.policy_in_batch, errors.policy_refused())
        if switches.denied_again is DeniedAgain.REFUSED:
            denied = [item for item in unique if self._is_denied(item)]
            yield Rejection(denied, Refusing.REFUSED_WHOLE, errors.denied_refused())

    def _bad_data(self, items: Sequence[Item], batch_size: int) -> ZoomError:
        invalid = [InvalidItem(item.index, item.email, item.invalid_field or "email") for item in items]
        if not invalid:
            return errors.validation_failed()
        return error_wording.refusal(self.switches.bad_item_named, invalid, batch_size)

    def _refuse(self, rejection: Rejection, items: Sequence[Item], rejections: Sequence[Rejection]) -> None:
        affected = [item.email for item in rejection.rejected]
        if self.switches.refused_batch_stores is StoredBeforeRefusal.ITEMS_BEFORE_THE_BAD_ONE:
            rejected = {item.index for other in rejections for item in other.rejected}
            before = [item for item in items if item.index < min(rejected)]
            seats = free_seats(self.state, self.webinar)
            affected += [self._store(item).sent_as for item in before[:seats]]
        raise rejection.error.affecting(affected)

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


def _items(request: ParsedRequest) -> list[Item]:
    invalid = {found.item: found.field for found in reversed(request.violations) if found.item is not None}
    return [
        Item(
            index,
            str(entry.get("email", "")),
            str(entry.get("first_name", "")),
            str(entry.get("last_name", "")),
            invalid.get(index, ""),
        )
        for index, entry in enumerate(request.registrants)
    ]


def _deduplicated(items: Sequence[Item]) -> list[Item]:
    """Return the first item of each e-mail."""
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.email.lower(), item)
    return list(first.values())
