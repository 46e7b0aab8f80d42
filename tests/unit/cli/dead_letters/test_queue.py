"""The dead letters: looked at without losing any, chosen, grouped, sent back."""

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar_cli.clients.queue_sender import Outgoing, QueueSender
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.selection import Selection, chosen
from registrar_cli.dead_letters.work_list import grouped
from registrar_cli.terminal.errors import Unreachable, WrongInput

from tests.unit.cli.conftest import WEBINAR, Queues, looked_at

ALL = Selection()


def test_all_letters_are_read_and_visible_again_afterwards(queues: Queues) -> None:
    bodies = sorted(queues.bury(f"person{n}@example.com") for n in range(25))

    letters = looked_at(queues)

    assert sorted(letter.body for letter in letters) == bodies
    assert queues.visible_letters() == 25


def test_what_is_deleted_is_gone_and_the_others_are_back(queues: Queues) -> None:
    for n in range(12):
        queues.bury(f"person{n}@example.com")
    dead = DeadLetters(queues.sqs, queues.letters_url)

    with dead.looked_at() as letters:
        assert dead.delete(letters[:11]) == 11

    assert queues.visible_letters() == 1


def test_letters_come_back_even_if_something_fails_meanwhile(queues: Queues) -> None:
    queues.bury("ada@example.com")

    with pytest.raises(RuntimeError), DeadLetters(queues.sqs, queues.letters_url).looked_at():
        raise RuntimeError("something")

    assert queues.visible_letters() == 1


def test_a_queue_that_refuses_is_told_without_a_traceback(queues: Queues) -> None:
    queues.bury("ada@example.com")
    queues.sqs.deny("receive_message")

    with pytest.raises(Unreachable, match="AccessDenied"):
        looked_at(queues)


def test_who_is_registered_since_is_no_work(queues: Queues) -> None:
    queues.bury("ada@example.com")
    queues.bury("eve@example.com")
    queues.bury("pia@example.com")
    rows = {
        Key(WEBINAR, "ada@example.com"): Row(status="registered", join_url="https://zoom.us/w/1"),
        Key(WEBINAR, "eve@example.com"): Row(status="rejected", reason="webinar_full"),
        Key(WEBINAR, "pia@example.com"): Row(status="pending_approval"),
    }

    choice = chosen(looked_at(queues), ALL, rows)

    assert [letter.key.email for letter in choice.work if letter.key] == ["eve@example.com"]
    assert len(choice.done) == 2


def test_a_person_with_two_letters_is_worked_on_once_and_the_newest_counts(queues: Queues) -> None:
    queues.bury("ada@example.com", "zoom_unavailable")
    queues.clock.sleep(60)
    queues.bury("ADA@example.com", "webinar_full")

    choice = chosen(looked_at(queues), ALL, {})

    assert [letter.reason for letter in choice.work] == ["webinar_full"]
    assert [letter.reason for letter in choice.more] == ["zoom_unavailable"]


def test_letters_are_chosen_by_reason_webinar_and_person(queues: Queues) -> None:
    queues.bury("ada@example.com", "webinar_full")
    queues.bury("eve@example.com", "webinar_over", "91000000404")
    queues.bury("crash@example.com", None)
    queues.bury_body("no JSON", "malformed_message")

    def emails(**selection: object) -> list[str]:
        arguments = {"reasons": None, "webinar": None, "emails": None, **selection}
        choice = chosen(looked_at(queues), Selection.of(**arguments), {})  # type: ignore[arg-type]
        return [letter.key.email if letter.key else "?" for letter in choice.work]

    assert emails(reasons=["webinar_full"]) == ["ada@example.com"]
    assert emails(reasons=["no_reason"]) == ["crash@example.com"]
    assert emails(webinar="910 0000 0404") == ["eve@example.com"]
    assert emails(emails=["ADA@EXAMPLE.COM"]) == ["ada@example.com"]
    assert len(emails()) == 4


def test_a_letter_belongs_to_its_webinar_though_its_person_is_unreadable(queues: Queues) -> None:
    queues.bury_body(
        '{"webinar_id": "978 7106 0099", "email": "ada@exmaple", "first_name": "Ada"}', "invalid_registrant"
    )
    queues.bury_body('{"webinar_id": "none", "email": "ada@exmaple", "first_name": "Ada"}', "invalid_registrant")
    letters = looked_at(queues)

    assert chosen(letters, Selection.of(None, WEBINAR, None), {}).work == letters[:1]
    assert grouped(letters)[0].webinars == {WEBINAR: 1, "unknown": 1}


def test_an_unknown_reason_names_the_known_ones(queues: Queues) -> None:
    queues.bury("ada@example.com")

    with pytest.raises(WrongInput) as caught:
        chosen(looked_at(queues), Selection.of(["webinar_fool"], None, None), {})

    assert "webinar_full" in caught.value.to_do


def test_the_command_that_is_told_for_a_reason_of_a_newer_version_is_taken(queues: Queues) -> None:
    queues.bury("ada@example.com", "brand_new_reason")
    letters = looked_at(queues)
    (group,) = grouped(letters)
    assert group.command == "registrar retry --reason brand_new_reason"

    assert chosen(letters, Selection.of(["brand_new_reason"], None, None), {}).work == letters


def test_groups_are_told_in_the_runbooks_words_and_nobody_in_full(queues: Queues) -> None:
    for n in range(3):
        queues.bury(f"person{n}@example.com", "webinar_full")
    queues.bury("eve@example.com", "host_not_allowed")

    groups = grouped(looked_at(queues))

    assert [(group.reason, len(group.letters)) for group in groups] == [("webinar_full", 3), ("host_not_allowed", 1)]
    assert "licence" in groups[0].words.to_do
    assert groups[0].examples == ["p…@example.com"] * 3


# ── Sending back ─────────────────────────────────────────────────────────────────────────────────────────────────────


def outgoing(queues: Queues) -> list[Outgoing[str]]:
    return [Outgoing(letter.message_id, letter.body, letter.group_id) for letter in looked_at(queues)]


def test_letters_go_back_byte_for_byte_with_their_group(queues: Queues) -> None:
    body = queues.bury("ada@example.com")
    told: list[str] = []

    refused = QueueSender(queues.sqs, queues.url).send(outgoing(queues), told.extend)

    (message,) = queues.sqs.messages(queues.url)
    assert (message.body, message.group_id) == (body, WEBINAR)
    assert refused == []
    assert len(told) == 1


def test_what_the_queue_refuses_for_good_is_returned_and_not_acknowledged(queues: Queues) -> None:
    for n in range(15):
        queues.bury(f"person{n}@example.com")
    queues.sqs.fail_entries(
        "send_message_batch", lambda entry: "person7@" in entry["MessageBody"], "InvalidMessage", sender_fault=True
    )
    told: list[str] = []

    refused = QueueSender(queues.sqs, queues.url, queues.clock.sleep).send(outgoing(queues), told.extend)

    assert len(refused) == 1
    assert len(told) == 14
    assert len(queues.bodies(queues.url)) == 14


def test_a_queue_that_is_away_ends_the_sending_and_whoever_is_there_was_told(queues: Queues) -> None:
    for n in range(40):
        queues.bury(f"person{n}@example.com")
    people = outgoing(queues)
    queues.sqs.fail_next("send_message_batch", "ServiceUnavailable", when=lambda call: "n" in call["QueueUrl"])
    told: list[str] = []

    with pytest.raises(Unreachable):
        QueueSender(queues.sqs, queues.url).send(people, told.extend)

    assert len(told) == len(queues.bodies(queues.url))
