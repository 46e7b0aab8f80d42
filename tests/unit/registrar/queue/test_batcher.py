"""`Batcher`: it merges duplicates, groups by webinar, and returns fair batches of up to thirty."""

import pytest
from registrar._compat import batched
from registrar.queue.batcher import Batcher
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.registrant import Registrant

from tests.consumer import OTHER_WEBINAR, WEBINAR, message
from tests.unit.registrar.samples import delivery

SMALL, LARGE = "123456789", "987654321"


class MessageBatcher(Batcher):
    """A batcher that reads message bodies; its clock is the number of messages added."""

    def __init__(self) -> None:
        super().__init__()
        self.added = 0

    def add_message(self, text: str, **more: int) -> None:
        self.add(delivery(f"m{self.added}", text, **more), Registrant.from_message(text), now=self.added)
        self.added += 1

    def add_emails(self, *emails: str, webinar: str = WEBINAR) -> None:
        for email in emails:
            self.add_message(message(email, webinar))

    def add_many(self, number: int, webinar: str, prefix: str = "p") -> None:
        self.add_emails(*(f"{prefix}{index}@example.com" for index in range(number)), webinar=webinar)

    def batch(
        self, *, incomplete: bool = True, waited: float = 0.0, passed_over: tuple[str, ...] = ()
    ) -> list[QueuedRegistrant]:
        return self.next_batch(self.added, incomplete=incomplete, waited=waited, passed_over=passed_over)

    def sizes(self, *, incomplete: bool = True) -> list[tuple[str, int]]:
        """Return webinar and size of every remaining batch; each is finished before the next."""
        sizes = []
        while batch := self.batch(incomplete=incomplete):
            assert len({registrant.key.webinar_id for registrant in batch}) == 1
            sizes.append((batch[0].key.webinar_id, len(batch)))
            self.finished(batch)
        return sizes


@pytest.fixture
def batcher() -> MessageBatcher:
    return MessageBatcher()


def ids(registrant: QueuedRegistrant) -> list[str]:
    return [one.message_id for one in registrant.deliveries]


# ── Duplicates ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_duplicates_are_merged_and_the_first_message_is_sent(batcher: MessageBatcher) -> None:
    batcher.add_emails("Ada@example.com", " ada@EXAMPLE.com ", "ADA@example.com")
    (ada,) = batcher.batch()
    assert ids(ada) == ["m0", "m1", "m2"]
    assert (ada.details.email, ada.first_delivery.message_id) == ("Ada@example.com", "m0")


def test_the_same_email_in_two_webinars_is_two_registrants(batcher: MessageBatcher) -> None:
    batcher.add_emails("ada@example.com")
    batcher.add_emails("ada@example.com", webinar=OTHER_WEBINAR)
    assert len(batcher) == 2
    assert len(batcher.batch()) == 1


@pytest.mark.parametrize(("counts", "before"), [((1,), False), ((2,), True), ((1, 1), False), ((1, 2), True)])
def test_received_before_covers_every_message_of_a_registrant(
    batcher: MessageBatcher, counts: tuple[int, ...], before: bool
) -> None:
    for count in counts:
        batcher.add_message(message(), receive_count=count)
    (ada,) = batcher.batch()
    assert ada.received_before == before


def test_after_dropping_the_first_message_the_next_ones_names_are_sent(batcher: MessageBatcher) -> None:
    batcher.add_message(message(first_name="Ada"))
    batcher.add_message(message(first_name="Augusta"))
    (ada,) = batcher.batch()
    assert ada.drop(ada.deliveries[:1])
    assert (ada.details.first_name, ada.first_delivery.message_id) == ("Augusta", "m1")
    assert not ada.drop(ada.deliveries)


def test_a_duplicate_that_arrives_during_the_call_shares_its_outcome(batcher: MessageBatcher) -> None:
    batcher.add_emails("ada@example.com")
    (ada,) = batcher.batch()
    ada.is_in_call = True
    batcher.add_emails("ADA@example.com")
    assert ids(ada) == ["m0", "m1"]
    assert len(batcher) == 0


def test_a_duplicate_of_a_batch_in_progress_waits_until_it_has_finished(batcher: MessageBatcher) -> None:
    batcher.add_emails("ada@example.com")
    batch = batcher.batch()
    batcher.add_emails("ADA@example.com", "ada@example.com")
    assert ids(batch[0]) == ["m0"]
    assert (len(batcher), batcher.batch()) == (1, [])
    batcher.finished(batch)
    (ada,) = batcher.batch()
    assert ids(ada) == ["m1", "m2"]
    assert len(batcher) == 0


@pytest.mark.parametrize("is_in_call", [True, False])
def test_a_redelivered_duplicate_counts_for_the_batch_in_progress(batcher: MessageBatcher, is_in_call: bool) -> None:
    """Its earlier delivery may have used an attempt in an invocation that was killed."""
    batcher.add_emails("ada@example.com")
    (ada,) = batcher.batch()
    ada.is_in_call = is_in_call
    batcher.add_message(message(), receive_count=2)
    batcher.add_message(message(), receive_count=1)
    batcher.add_message(message(), receive_count=3)
    assert (ada.attempts_left("2026-11-23"), ada.outcome_unknown) == (1, True)


@pytest.mark.parametrize("is_in_call", [True, False])
def test_a_message_delivered_twice_to_one_invocation_counts_once(batcher: MessageBatcher, is_in_call: bool) -> None:
    """SQS delivers a message again, whose first delivery is in progress here: no other invocation had it before."""
    batcher.add_emails("ada@example.com")
    (ada,) = batcher.batch()
    ada.is_in_call = is_in_call
    batcher.add(delivery("m0", message(), receive_count=2), ada.details, now=1)
    assert (ada.attempts_left("2026-11-23"), ada.outcome_unknown) == (3, False)


# ── Batches ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("incomplete", [True, False])
def test_an_empty_batcher(batcher: MessageBatcher, incomplete: bool) -> None:
    assert (len(batcher), batcher.calls_needed, batcher.batch(incomplete=incomplete)) == (0, 0, [])
    assert not batcher.has_batch_in_progress(WEBINAR)


@pytest.mark.parametrize(
    ("webinars", "calls"), [([29], 1), ([30], 1), ([31], 2), ([29, 29, 1], 3), ([0], 0), ([60, 1], 3)]
)
def test_calls_needed_counts_batches_per_webinar(batcher: MessageBatcher, webinars: list[int], calls: int) -> None:
    for place, number in enumerate(webinars):
        batcher.add_many(number, f"12345678{place}")
    assert batcher.calls_needed == calls


def test_batches_hold_up_to_thirty_of_one_webinar_in_order_of_arrival(batcher: MessageBatcher) -> None:
    batcher.add_many(35, SMALL)
    batcher.add_many(61, LARGE)
    first = batcher.batch()
    assert [registrant.key.email for registrant in first] == [f"p{index}@example.com" for index in range(30)]
    batcher.finished(first)
    assert batcher.sizes() == [(SMALL, 30), (LARGE, 30), (SMALL, 5), (LARGE, 1)]
    assert len(batcher) == 0


def test_incomplete_batches_can_be_held_back(batcher: MessageBatcher) -> None:
    batcher.add_many(29, SMALL)
    batcher.add_many(31, LARGE)
    assert batcher.sizes(incomplete=False) == [(LARGE, 30)]
    assert len(batcher) == 30


def test_an_incomplete_batch_is_returned_once_its_first_registrant_has_waited(batcher: MessageBatcher) -> None:
    batcher.add_many(5, SMALL)  # the first at 0
    batcher.add_many(6, LARGE)  # the first at 5
    assert batcher.batch(waited=12) == []
    assert {registrant.key.webinar_id for registrant in batcher.batch(waited=11)} == {SMALL}
    assert batcher.batch(waited=7) == []
    assert len(batcher.batch(waited=6)) == 6


def test_a_serialized_webinar_with_a_batch_in_progress_is_passed_over(batcher: MessageBatcher) -> None:
    batcher.add_many(61, LARGE)
    batcher.add_many(2, SMALL)
    first = batcher.batch()
    assert batcher.has_batch_in_progress(LARGE)
    assert not batcher.has_batch_in_progress(SMALL)
    assert {registrant.key.webinar_id for registrant in batcher.batch(passed_over=(LARGE,))} == {SMALL}
    assert batcher.batch(passed_over=(LARGE,)) == []
    batcher.finished(first)
    assert not batcher.has_batch_in_progress(LARGE)


# ── Fairness ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("incomplete", [True, False])
def test_beside_a_large_webinar_a_small_one_waits_for_four_calls(batcher: MessageBatcher, incomplete: bool) -> None:
    batcher.add_many(300, LARGE)
    batcher.add_emails("ida@example.com", webinar=SMALL)
    assert batcher.sizes(incomplete=incomplete)[:6] == [(LARGE, 30)] * 4 + [(SMALL, 1), (LARGE, 30)]


def test_passed_over_webinars_go_in_order_of_arrival_with_fuller_batches(batcher: MessageBatcher) -> None:
    """Three small webinars beside a large one: each is passed over twelve times, then they go in order of arrival."""
    batcher.add_many(900, LARGE)
    for webinar in ("100000001", "100000002", "100000003"):
        batcher.add_emails("ida@example.com", webinar=webinar)
    sizes = []
    for _ in range(16):
        batcher.add_emails(f"p{len(sizes)}@example.com", webinar="100000002")
        batch = batcher.batch(incomplete=False)
        sizes.append((batch[0].key.webinar_id, len(batch)))
        batcher.finished(batch)
    assert sizes == [(LARGE, 30)] * 12 + [("100000001", 1), ("100000002", 15), ("100000003", 1), (LARGE, 30)]


@pytest.mark.parametrize("waiting", [1, 2, 7, 40])
def test_no_webinar_waits_longer_than_five_calls_per_waiting_webinar(batcher: MessageBatcher, waiting: int) -> None:
    """Beside an endless large webinar, the last of the small ones goes within the bound."""
    for place in range(waiting):
        batcher.add_emails("ida@example.com", "eve@example.com", webinar=f"1000000{place:02}")
    calls = []
    while len(set(calls)) <= waiting:
        batcher.add_many(90, LARGE, prefix=f"p{len(calls)}x")
        batch = batcher.batch(incomplete=False)
        calls.append(batch[0].key.webinar_id)
        batcher.finished(batch)
    assert len(calls) <= 5 * waiting


def test_a_full_webinar_that_is_never_the_fullest_goes_too(batcher: MessageBatcher) -> None:
    batcher.add_many(30, SMALL)
    batcher.add_many(300, LARGE)
    assert SMALL in [webinar for webinar, _ in batcher.sizes(incomplete=False)[:5]]


# ── `batched` ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("number", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (30, [10, 10, 10])])
def test_batched_cuts_an_iterator_into_lists(number: int, sizes: list[int]) -> None:
    parts = list(batched(iter(range(number)), 10))
    assert [len(part) for part in parts] == sizes
    assert [item for part in parts for item in part] == list(range(number))
