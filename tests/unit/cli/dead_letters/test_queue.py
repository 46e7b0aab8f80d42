"""Dead letters: read without losing any, selected, grouped, sent back."""

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar_cli.clients.queue_sender import Outgoing, QueueSender
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.selection import Selection, choose
from registrar_cli.dead_letters.work_list import group_by_reason
from registrar_cli.terminal.errors import Unreachable, WrongInput

from tests.unit.cli.conftest import WEBINAR, Queues, peek

ALL = Selection()


def test_all_dead_letters_are_read_and_visible_again_afterwards(queues: Queues) -> None:
    bodies = sorted(queues.add_dead_letter(f"person{n}@example.com") for n in range(25))

    dead_letters = peek(queues)

    assert sorted(one.body for one in dead_letters) == bodies
    assert queues.visible_dead_letters() == 25


def test_after_a_delete_only_the_others_are_visible_again(queues: Queues) -> None:
    for n in range(12):
        queues.add_dead_letter(f"person{n}@example.com")
    queue = DeadLetters(queues.sqs, queues.dead_letter_url)

    with queue.peek() as dead_letters:
        assert queue.delete(dead_letters[:11]) == 11

    assert queues.visible_dead_letters() == 1


def test_dead_letters_are_visible_again_after_an_exception(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")

    with pytest.raises(RuntimeError), DeadLetters(queues.sqs, queues.dead_letter_url).peek():
        raise RuntimeError("something")

    assert queues.visible_dead_letters() == 1


def test_an_access_error_is_reported_without_a_traceback(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    queues.sqs.deny("receive_message")

    with pytest.raises(Unreachable, match="AccessDenied"):
        peek(queues)


def test_registrants_who_are_registered_since_need_no_handling(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    queues.add_dead_letter("eve@example.com")
    queues.add_dead_letter("pia@example.com")
    rows = {
        Key(WEBINAR, "ada@example.com"): Row(status="registered", join_url="https://zoom.us/w/1"),
        Key(WEBINAR, "eve@example.com"): Row(status="rejected", reason="webinar_full"),
        Key(WEBINAR, "pia@example.com"): Row(status="pending_approval"),
    }

    choice = choose(peek(queues), ALL, rows)

    assert [one.key.email for one in choice.to_handle if one.key] == ["eve@example.com"]
    assert len(choice.registered) == 2


def test_of_two_dead_letters_of_a_registrant_the_newest_is_handled(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com", "zoom_unavailable")
    queues.clock.sleep(60)
    queues.add_dead_letter("ADA@example.com", "webinar_full")

    choice = choose(peek(queues), ALL, {})

    assert [one.reason for one in choice.to_handle] == ["webinar_full"]
    assert [one.reason for one in choice.older] == ["zoom_unavailable"]


def test_dead_letters_are_selected_by_reason_webinar_and_e_mail(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com", "webinar_full")
    queues.add_dead_letter("eve@example.com", "webinar_over", "91000000404")
    queues.add_dead_letter("crash@example.com", None)
    queues.add_dead_letter_body("no JSON", "malformed_message")

    def emails(**selection: object) -> list[str]:
        arguments = {"reasons": None, "webinar": None, "emails": None, **selection}
        choice = choose(peek(queues), Selection.of(**arguments), {})  # type: ignore[arg-type]
        return [dead_letter.key.email if dead_letter.key else "?" for dead_letter in choice.to_handle]

    assert emails(reasons=["webinar_full"]) == ["ada@example.com"]
    assert emails(reasons=["no_reason"]) == ["crash@example.com"]
    assert emails(webinar="910 0000 0404") == ["eve@example.com"]
    assert emails(emails=["ADA@EXAMPLE.COM"]) == ["ada@example.com"]
    assert len(emails()) == 4


def test_a_dead_letter_without_a_valid_registrant_belongs_to_its_webinar(queues: Queues) -> None:
    queues.add_dead_letter_body(
        '{"webinar_id": "978 7106 0099", "email": "ada@exmaple", "first_name": "Ada"}', "invalid_registrant"
    )
    queues.add_dead_letter_body(
        '{"webinar_id": "none", "email": "ada@exmaple", "first_name": "Ada"}', "invalid_registrant"
    )
    dead_letters = peek(queues)

    assert choose(dead_letters, Selection.of(None, WEBINAR, None), {}).to_handle == dead_letters[:1]
    assert group_by_reason(dead_letters)[0].webinars == {WEBINAR: 1, "unknown": 1}


@pytest.mark.parametrize(
    ("reason", "what", "to_do"),
    [
        ("webinar_fool", "Did you mean webinar_full?", "registrar failures"),
        ("payment", "payment.", "paid_registration"),
    ],
)
def test_an_unknown_reason_is_asked_back_or_the_known_ones_are_listed(
    queues: Queues, reason: str, what: str, to_do: str
) -> None:
    queues.add_dead_letter("ada@example.com")

    with pytest.raises(WrongInput) as caught:
        choose(peek(queues), Selection.of([reason], None, None), {})

    assert caught.value.what.endswith(what)
    assert to_do in caught.value.to_do


def test_a_reason_of_a_newer_version_is_accepted_if_a_dead_letter_has_it(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com", "brand_new_reason")
    dead_letters = peek(queues)
    (group,) = group_by_reason(dead_letters)
    assert group.command == "registrar retry --reason brand_new_reason"

    assert choose(dead_letters, Selection.of(["brand_new_reason"], None, None), {}).to_handle == dead_letters


def test_groups_have_the_reasons_text_and_masked_e_mails(queues: Queues) -> None:
    for n in range(3):
        queues.add_dead_letter(f"person{n}@example.com", "webinar_full")
    queues.add_dead_letter("eve@example.com", "host_not_allowed")

    groups = group_by_reason(peek(queues))

    assert [(group.reason, len(group.dead_letters)) for group in groups] == [
        ("webinar_full", 3),
        ("host_not_allowed", 1),
    ]
    assert "licence" in groups[0].text.action
    assert groups[0].examples == ["p…@example.com"] * 3


# ── Sending back ─────────────────────────────────────────────────────────────────────────────────────────────────────


def outgoing(queues: Queues) -> list[Outgoing[str]]:
    return [Outgoing(dead_letter.message_id, dead_letter.body, dead_letter.group_id) for dead_letter in peek(queues)]


def test_dead_letters_are_sent_back_byte_for_byte_with_their_group(queues: Queues) -> None:
    body = queues.add_dead_letter("ada@example.com")
    acknowledged: list[str] = []

    refused = QueueSender(queues.sqs, queues.url).send(outgoing(queues), acknowledged.extend)

    (message,) = queues.sqs.messages(queues.url)
    assert (message.body, message.group_id) == (body, WEBINAR)
    assert refused == []
    assert len(acknowledged) == 1


def test_a_message_that_sqs_refuses_is_returned_and_not_acknowledged(queues: Queues) -> None:
    for n in range(15):
        queues.add_dead_letter(f"person{n}@example.com")
    queues.sqs.fail_entries(
        "send_message_batch", lambda entry: "person7@" in entry["MessageBody"], "InvalidMessage", sender_fault=True
    )
    acknowledged: list[str] = []

    refused = QueueSender(queues.sqs, queues.url, queues.clock.sleep).send(outgoing(queues), acknowledged.extend)

    assert len(refused) == 1
    assert len(acknowledged) == 14
    assert len(queues.bodies(queues.url)) == 14


def test_an_outage_ends_the_sending_with_all_accepted_messages_acknowledged(queues: Queues) -> None:
    for n in range(40):
        queues.add_dead_letter(f"person{n}@example.com")
    messages = outgoing(queues)
    queues.sqs.fail_next("send_message_batch", "ServiceUnavailable", when=lambda call: "n" in call["QueueUrl"])
    acknowledged: list[str] = []

    with pytest.raises(Unreachable):
        QueueSender(queues.sqs, queues.url).send(messages, acknowledged.extend)

    assert len(acknowledged) == len(queues.bodies(queues.url))
