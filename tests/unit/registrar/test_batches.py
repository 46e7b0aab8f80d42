"""The people in hand: folded, grouped, handed out thirty at a time."""

import pytest
from registrar.batches import Hand, Person, chunks, folded
from registrar.registrant import Key, Registrant

from tests.consumer import OTHER_WEBINAR, WEBINAR, message
from tests.unit.registrar.samples import delivery


def found(*emails: str, webinar: str = WEBINAR) -> list[Person]:
    texts = [message(email, webinar) for email in emails]
    pairs = [(delivery(f"m{index}", text), Registrant.from_message(text)) for index, text in enumerate(texts)]
    return folded(pairs, Hand())


def hand(**webinars: int) -> Hand:
    held = Hand()
    for webinar, number in webinars.items():
        for one in found(*(f"p{index}@example.com" for index in range(number)), webinar=webinar[1:]):
            held.add(one)
    return held


def test_equal_people_are_folded_and_the_first_leads() -> None:
    (ada,) = found("Ada@example.com", " ada@EXAMPLE.com ", "ADA@example.com")
    assert [one.message_id for one in ada.deliveries] == ["m0", "m1", "m2"]
    assert (ada.registrant.email, ada.lead.message_id) == ("Ada@example.com", "m0")


def test_the_same_person_in_two_webinars_is_two() -> None:
    one, other = found("ada@example.com"), found("ada@example.com", webinar=OTHER_WEBINAR)
    held = Hand()
    for person in one + other:
        held.add(person)
    assert len(held) == 2
    assert len(held.next_batch()) == 1


def test_who_is_in_hand_already_takes_the_message_in() -> None:
    held = Hand()
    (ada,) = found("ada@example.com")
    held.add(ada)
    text = message("ADA@example.com")
    assert folded([(delivery("m9", text), Registrant.from_message(text))], held) == []
    assert [one.message_id for one in ada.deliveries] == ["m0", "m9"]


@pytest.mark.parametrize(("counts", "before"), [((1,), False), ((2,), True), ((1, 1), False), ((1, 2), True)])
def test_whether_anything_of_a_person_was_received_before(counts: tuple[int, ...], before: bool) -> None:
    (ada,) = found("ada@example.com")
    ada.deliveries = [delivery(f"m{index}", receive_count=count) for index, count in enumerate(counts)]
    assert ada.received_before == before


def test_without_his_first_message_somebody_goes_on_with_the_names_of_the_next() -> None:
    texts = [message(first_name="Ada"), message(first_name="Augusta")]
    pairs = [(delivery(f"m{index}", text), Registrant.from_message(text)) for index, text in enumerate(texts)]
    (ada,) = folded(pairs, Hand())
    assert ada.goes_on_without(ada.deliveries[:1])
    assert (ada.registrant.first_name, ada.lead.message_id) == ("Augusta", "m1")
    assert not ada.goes_on_without(ada.deliveries)


def test_an_empty_hand() -> None:
    held = Hand()
    assert (len(held), held.holds_full_batch, held.calls_needed) == (0, False, 0)
    assert held.next_batch() == []
    assert held.take_all() == []
    assert held.find(Key(WEBINAR, "x")) is None


@pytest.mark.parametrize(
    ("webinars", "full", "calls"),
    [({"w1": 29}, False, 1), ({"w1": 30}, True, 1), ({"w1": 31}, True, 2), ({"w1": 29, "w2": 29, "w3": 1}, False, 3)],
)
def test_when_a_call_wastes_nothing(webinars: dict[str, int], full: bool, calls: int) -> None:
    held = hand(**{f"{name}2345678901": number for name, number in webinars.items()})
    assert (held.holds_full_batch, held.calls_needed) == (full, calls)


def test_batches_are_of_one_webinar_up_to_thirty_the_fullest_first_and_in_order() -> None:
    held = hand(w123456789=35, w223456789=61)
    sizes = []
    while batch := held.next_batch():
        assert len({person.key.webinar_id for person in batch}) == 1
        sizes.append((batch[0].key.webinar_id, len(batch), batch[0].key.email))
    assert sizes == [
        ("223456789", 30, "p0@example.com"),
        ("123456789", 30, "p0@example.com"),
        ("223456789", 30, "p30@example.com"),
        ("123456789", 5, "p30@example.com"),
        ("223456789", 1, "p60@example.com"),
    ]
    assert len(held) == 0


def test_everybody_can_be_taken_at_once() -> None:
    held = hand(w123456789=2, w223456789=1)
    assert len(held.take_all()) == 3
    assert len(held) == 0


@pytest.mark.parametrize(("number", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (30, [10, 10, 10])])
def test_chunks(number: int, sizes: list[int]) -> None:
    parts = list(chunks(iter(range(number)), 10))
    assert [len(part) for part in parts] == sizes
    assert [item for part in parts for item in part] == list(range(number))
