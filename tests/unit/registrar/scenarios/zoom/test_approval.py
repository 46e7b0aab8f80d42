"""The whole consumer in virtual time: pending and unconfirmed registrants come in later; `registered` is final."""

from collections.abc import Callable

import pytest
import requests

from local.fake_zoom.switches import DeniedAgain, PendingItem, Repeat
from local.fake_zoom.webinars import Status
from tests.consumer import API_URL, DAY_S, OTHER_WEBINAR, WEBINAR, Consumer, message
from tests.fakes import TimeIsUp
from tests.unit.registrar.samples import deferred_row, put_row

ADA = "ada@example.com"
MANUAL = {"approval_type": 1}


@pytest.fixture
def consumer() -> Consumer:
    """Return a consumer whose webinar needs the host's approval."""
    consumer = Consumer(checked=False)
    consumer.auto_approve = False
    consumer.account.set_webinar(WEBINAR, **MANUAL)
    return consumer


def decide_as_host(consumer: Consumer, action: str = "approve") -> None:
    """Approve or deny Ada's registration, as the host does in Zoom."""
    session = requests.Session()
    session.mount("https://", consumer.transport)
    response = session.put(
        f"{API_URL}/webinars/{WEBINAR}/registrants/status",
        json={"action": action, "registrants": [{"email": ADA}]},
        headers={"Authorization": f"Bearer {consumer.account.mint_token()}"},
        timeout=5,
    )
    assert response.status_code == 204


@pytest.mark.parametrize("form", PendingItem)
@pytest.mark.parametrize("repeat", Repeat)
def test_a_repeated_message_after_the_approval_registers_a_pending_registrant(
    consumer: Consumer, form: PendingItem, repeat: Repeat
) -> None:
    consumer.account.set_switches(pending_item=form, repeat=repeat)
    consumer.send_registrants(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.waiting(), consumer.dead_letters()) == ("pending_approval", [], [])
    decide_as_host(consumer)
    consumer.clock.sleep(DAY_S)
    consumer.send_registrants(ADA)
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["join_url"]) == ("registered", consumer.account.registrants(WEBINAR)[0].join_url)
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])
    assert consumer.account.highest_attempts() <= 3


@pytest.mark.parametrize("form", PendingItem)
def test_a_repeated_message_before_the_approval_changes_nothing(consumer: Consumer, form: PendingItem) -> None:
    consumer.account.set_switches(pending_item=form)
    for _ in range(3):
        consumer.send_registrants(ADA)
        consumer.run()
        assert consumer.row()["status"] == "pending_approval"
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])
    assert consumer.account.highest_attempts() <= 3


@pytest.mark.parametrize("repeat", Repeat)
def test_a_pending_registrant_stays_pending_after_a_kill_before_the_delete(consumer: Consumer, repeat: Repeat) -> None:
    consumer.account.set_switches(repeat=repeat)
    consumer.send_registrants(ADA)
    consumer.sqs.fail_next("delete_message_batch", TimeIsUp())
    consumer.run()
    assert [invocation.was_killed for invocation in consumer.mapping.invocations] == [True, False]
    assert (consumer.row()["status"], consumer.waiting()) == ("pending_approval", [])
    assert consumer.account.highest_attempts() == 1


@pytest.mark.parametrize(
    ("again", "end"),
    [
        (DeniedAgain.LEFT_OUT, ("rejected", "not_confirmed")),
        (DeniedAgain.WITHOUT_JOIN_URL, ("pending_approval", None)),
        (DeniedAgain.REGISTERED_ANEW, ("pending_approval", None)),
        (DeniedAgain.REFUSED, ("rejected", "zoom_rejected")),
    ],
)
def test_a_denied_registrant_is_never_registered_by_mistake(
    consumer: Consumer, again: DeniedAgain, end: tuple[str, str | None]
) -> None:
    consumer.account.set_switches(denied_again=again)
    consumer.send_registrants(ADA)
    consumer.run()
    decide_as_host(consumer, "deny")
    consumer.send_registrants(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.row().get("reason")) == end
    assert consumer.waiting() == []


NOT_CONFIRMED = {"kind": "answer", "status": 200, "body": {"registrants": []}, "call": "batch"}


@pytest.mark.parametrize("times", [1, 2])
def test_an_unconfirmed_registrant_is_registered_by_a_later_response(consumer: Consumer, times: int) -> None:
    consumer.account.set_webinar(WEBINAR, approval_type=0)
    consumer.account.add_fault(**NOT_CONFIRMED, times=times)
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    assert (consumer.row()["status"], consumer.row()["reason"]) == ("deferred", "not_confirmed")
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["attempts"]) == ("registered", times + 1)
    assert {"reason", "detail", "deferred_until"} & row.keys() == set()


def test_a_registrant_dead_lettered_as_not_confirmed_is_registered_by_a_redrive(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, approval_type=0)
    consumer.account.add_fault(**NOT_CONFIRMED, times=3)
    consumer.send_registrants(ADA)
    consumer.run()
    assert consumer.reasons() == ["not_confirmed"]
    consumer.send(consumer.dead_letters()[0].body)
    consumer.run(hours=1)
    assert consumer.row()["status"] == "deferred", "all three attempts of today are used"
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.account.highest_attempts() == 3


# ── `registered` is final ────────────────────────────────────────────────────────────────────────────────────────────

CHANGES: dict[str, Callable[[Consumer], object]] = {
    "webinar over": lambda one: one.account.set_webinar(WEBINAR, start_time="2020-01-01T00:00:00Z"),
    "webinar full": lambda one: one.account.set_webinar(WEBINAR, capacity=0),
    "webinar deleted": lambda one: one.account.delete_webinar(WEBINAR),
    "registrant's data": lambda one: one.account.set_webinar(WEBINAR, refused_emails=[ADA]),
    "a host": lambda one: one.account.set_webinar(WEBINAR, host_email=ADA),
    "502": lambda one: one.account.add_fault(kind="html_502", times=99),
    "not confirmed": lambda one: one.account.add_fault(**NOT_CONFIRMED, times=99),
    "no scope": lambda one: one.account.set_profile(scopes=()),
    "denied since": lambda one: one.account._state.webinars[WEBINAR].change_status(
        one.account.registrants(WEBINAR)[0], Status.DENIED
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("first_name", ["Augusta", "", "Ada"], ids=["another name", "invalid name", "same name"])
def test_no_later_message_changes_a_registered_row(consumer: Consumer, change: str, first_name: str) -> None:
    consumer.account.set_webinar(WEBINAR, approval_type=0)
    consumer.send_registrants(ADA)
    consumer.run()
    before, calls = consumer.row(), len(consumer.calls())
    assert before["status"] == "registered"
    CHANGES[change](consumer)
    consumer.send(message(ADA, first_name=first_name))
    consumer.send_registrants("eve@example.com", webinar=OTHER_WEBINAR)
    consumer.run(hours=1)
    assert consumer.row() == before
    assert [call for call in consumer.calls()[calls:] if call.webinar == WEBINAR] == []


@pytest.mark.parametrize("outcome", ["rejected", "deferred", "pending_approval"])
def test_a_late_response_does_not_overwrite_a_registration_by_another_environment(
    consumer: Consumer, outcome: str
) -> None:
    """Register the reserved registrant from another environment while Zoom answers."""
    if outcome != "pending_approval":
        consumer.account.set_webinar(WEBINAR, approval_type=0)
        fault = {"rejected": {"kind": "answer", "status": 400, "body": {"code": 3027, "message": "Host"}}}
        consumer.account.add_fault(**fault.get(outcome, {"kind": "html_502"}), call="batch")
    put_row(consumer, **deferred_row(1))
    consumer.send_registrants(ADA)

    def register_elsewhere() -> None:
        put_row(consumer, status="registered", join_url="https://zoom.us/w/other", attempts=2)

    consumer.transport.after_response = register_elsewhere
    consumer.run(invocations=1)
    assert (consumer.row()["status"], consumer.row()["join_url"]) == ("registered", "https://zoom.us/w/other")
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])


def test_a_registered_row_without_a_join_url_is_sent_again(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, approval_type=0)
    put_row(consumer, status="registered")
    consumer.send_registrants(ADA)
    consumer.run()
    assert consumer.row()["join_url"].startswith("https://zoom.us/w/")
    assert len(consumer.calls()) == 1


def test_a_message_delivered_again_after_pending_approval_is_deleted_without_a_call(consumer: Consumer) -> None:
    """Its first delivery has deleted it: a second call that fails would defer a registrant without a message."""
    (message_id,) = consumer.send_registrants("ada@example.com")
    put_row(consumer, status="pending_approval", message_id=message_id, registrant_id="r1")
    consumer.run(invocations=1)
    assert (consumer.calls(), consumer.waiting()) == ([], [])
    assert consumer.row()["status"] == "pending_approval"
