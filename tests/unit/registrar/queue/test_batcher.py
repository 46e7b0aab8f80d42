"""The people in hand: folded, grouped, handed out thirty at a time."""

import pytest
from registrar._compat import batched
from registrar.queue.batcher import Batcher
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.registrant import Registrant

from tests.consumer import OTHER_WEBINAR, WEBINAR, message
from tests.unit.registrar.samples import delivery

SMALL, LARGE = "123456789", "987654321"


class Held(Batcher):
    """A hand that reads messages; `now` is how many came."""

    def __init__(self) -> None:
        super().__init__()
        self.came = 0

    def read(self, text: str, **more: int) -> None:
        self.add(delivery(f"m{self.came}", text, **more), Registrant.from_message(text), now=self.came)
        self.came += 1

    def take(self, *emails: str, webinar: str = WEBINAR) -> None:
        for email in emails:
            self.read(message(email, webinar))

    def crowd(self, number: int, webinar: str, prefix: str = "p") -> None:
        self.take(*(f"{prefix}{index}@example.com" for index in range(number)), webinar=webinar)

    def batch(
        self, *, incomplete: bool = True, waited: float = 0.0, passed_over: tuple[str, ...] = ()
    ) -> list[QueuedRegistrant]:
        return self.next_batch(self.came, incomplete=incomplete, waited=waited, passed_over=passed_over)

    def sizes(self, *, incomplete: bool = True) -> list[tuple[str, int]]:
        """Hand everybody out; every batch lands before the next one."""
        sizes = []
        while batch := self.batch(incomplete=incomplete):
            assert len({person.key.webinar_id for person in batch}) == 1
            sizes.append((batch[0].key.webinar_id, len(batch)))
            self.finished(batch)
        return sizes


@pytest.fixture
def held() -> Held:
    return Held()


def ids(person: QueuedRegistrant) -> list[str]:
    return [one.message_id for one in person.deliveries]


# ── Folded ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_equal_people_are_folded_and_the_first_leads(held: Held) -> None:
    held.take("Ada@example.com", " ada@EXAMPLE.com ", "ADA@example.com")
    (ada,) = held.batch()
    assert ids(ada) == ["m0", "m1", "m2"]
    assert (ada.details.email, ada.first_delivery.message_id) == ("Ada@example.com", "m0")


def test_the_same_person_in_two_webinars_is_two(held: Held) -> None:
    held.take("ada@example.com")
    held.take("ada@example.com", webinar=OTHER_WEBINAR)
    assert len(held) == 2
    assert len(held.batch()) == 1


@pytest.mark.parametrize(("counts", "before"), [((1,), False), ((2,), True), ((1, 1), False), ((1, 2), True)])
def test_whether_anything_of_a_person_was_received_before(held: Held, counts: tuple[int, ...], before: bool) -> None:
    for count in counts:
        held.read(message(), receive_count=count)
    (ada,) = held.batch()
    assert ada.received_before == before


def test_without_his_first_message_somebody_goes_on_with_the_names_of_the_next(held: Held) -> None:
    held.read(message(first_name="Ada"))
    held.read(message(first_name="Augusta"))
    (ada,) = held.batch()
    assert ada.drop(ada.deliveries[:1])
    assert (ada.details.first_name, ada.first_delivery.message_id) == ("Augusta", "m1")
    assert not ada.drop(ada.deliveries)


def test_who_comes_during_the_call_of_his_like_shares_its_outcome(held: Held) -> None:
    held.take("ada@example.com")
    (ada,) = held.batch()
    ada.is_in_call = True
    held.take("ADA@example.com")
    assert ids(ada) == ["m0", "m1"]
    assert len(held) == 0


def test_who_comes_before_or_after_the_call_of_his_like_waits_until_it_has_landed(held: Held) -> None:
    held.take("ada@example.com")
    batch = held.batch()
    held.take("ADA@example.com", "ada@example.com")
    assert ids(batch[0]) == ["m0"]
    assert (len(held), held.batch()) == (1, [])
    held.finished(batch)
    (ada,) = held.batch()
    assert ids(ada) == ["m1", "m2"]
    assert len(held) == 0


# ── Handed out ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("incomplete", [True, False])
def test_an_empty_hand(held: Held, incomplete: bool) -> None:
    assert (len(held), held.calls_needed, held.batch(incomplete=incomplete)) == (0, 0, [])
    assert not held.has_batch_in_progress(WEBINAR)


@pytest.mark.parametrize(
    ("webinars", "calls"), [([29], 1), ([30], 1), ([31], 2), ([29, 29, 1], 3), ([0], 0), ([60, 1], 3)]
)
def test_how_many_calls_everybody_takes(held: Held, webinars: list[int], calls: int) -> None:
    for place, number in enumerate(webinars):
        held.crowd(number, f"12345678{place}")
    assert held.calls_needed == calls


def test_batches_are_of_one_webinar_up_to_thirty_the_fullest_first_and_in_order(held: Held) -> None:
    held.crowd(35, SMALL)
    held.crowd(61, LARGE)
    first = held.batch()
    assert [person.key.email for person in first] == [f"p{index}@example.com" for index in range(30)]
    held.finished(first)
    assert held.sizes() == [(SMALL, 30), (LARGE, 30), (SMALL, 5), (LARGE, 1)]
    assert len(held) == 0


def test_incomplete_calls_wait_if_they_may(held: Held) -> None:
    held.crowd(29, SMALL)
    held.crowd(31, LARGE)
    assert held.sizes(incomplete=False) == [(LARGE, 30)]
    assert len(held) == 30


def test_where_calls_are_scarce_the_first_of_an_incomplete_one_has_waited(held: Held) -> None:
    held.crowd(5, SMALL)  # the first at 0
    held.crowd(6, LARGE)  # the first at 5
    assert held.batch(waited=12) == []
    assert {person.key.webinar_id for person in held.batch(waited=11)} == {SMALL}
    assert held.batch(waited=7) == []
    assert len(held.batch(waited=6)) == 6


def test_a_webinar_that_takes_one_call_at_once_is_passed_over(held: Held) -> None:
    held.crowd(61, LARGE)
    held.crowd(2, SMALL)
    first = held.batch()
    assert held.has_batch_in_progress(LARGE)
    assert not held.has_batch_in_progress(SMALL)
    assert {person.key.webinar_id for person in held.batch(passed_over=(LARGE,))} == {SMALL}
    assert held.batch(passed_over=(LARGE,)) == []
    held.finished(first)
    assert not held.has_batch_in_progress(LARGE)


# ── Fair ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("incomplete", [True, False])
def test_beside_a_crowd_somebody_waits_for_four_calls(held: Held, incomplete: bool) -> None:
    held.crowd(300, LARGE)
    held.take("ida@example.com", webinar=SMALL)
    assert held.sizes(incomplete=incomplete)[:6] == [(LARGE, 30)] * 4 + [(SMALL, 1), (LARGE, 30)]


def test_until_his_patience_is_over_a_call_may_be_filled(held: Held) -> None:
    """Three beside the crowd: each lets twelve calls pass, and then they go in the order in which they came."""
    held.crowd(900, LARGE)
    for webinar in ("100000001", "100000002", "100000003"):
        held.take("ida@example.com", webinar=webinar)
    sizes = []
    for _ in range(16):
        held.take(f"p{len(sizes)}@example.com", webinar="100000002")
        batch = held.batch(incomplete=False)
        sizes.append((batch[0].key.webinar_id, len(batch)))
        held.finished(batch)
    assert sizes == [(LARGE, 30)] * 12 + [("100000001", 1), ("100000002", 15), ("100000003", 1), (LARGE, 30)]


@pytest.mark.parametrize("waiting", [1, 2, 7, 40])
def test_nobody_waits_for_more_than_five_calls_for_each_webinar_that_waits(held: Held, waiting: int) -> None:
    """A crowd that never ends, and webinars of a few: the last of them is no later than the law says."""
    for place in range(waiting):
        held.take("ida@example.com", "eve@example.com", webinar=f"1000000{place:02}")
    calls = []
    while len(set(calls)) <= waiting:
        held.crowd(90, LARGE, prefix=f"p{len(calls)}x")
        batch = held.batch(incomplete=False)
        calls.append(batch[0].key.webinar_id)
        held.finished(batch)
    assert len(calls) <= 5 * waiting


def test_whoever_is_full_and_never_the_fullest_has_his_turn_too(held: Held) -> None:
    held.crowd(30, SMALL)
    held.crowd(300, LARGE)
    assert SMALL in [webinar for webinar, _ in held.sizes(incomplete=False)[:5]]


# ── Cut to size ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("number", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (30, [10, 10, 10])])
def test_chunks(number: int, sizes: list[int]) -> None:
    parts = list(batched(iter(range(number)), 10))
    assert [len(part) for part in parts] == sizes
    assert [item for part in parts for item in part] == list(range(number))
