"""The consumer loses no registrant, changes no registered row back, and makes no attempt too many, regardless of
faults.

Random registrants, responses of Zoom, failures of AWS and kills; then the faults end, and every message must be
settled.
"""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local.fake_zoom.switches import (
    AnswerOrder,
    Counted,
    Duplicates,
    EmailCase,
    JoinUrlForm,
    LastSeats,
    Naming,
    PendingItem,
    Refusing,
    RegistrantLimitWording,
    Repeat,
    RetryAfter,
    ScopeError,
    StoredBeforeRefusal,
    SuccessStatus,
)
from tests.consumer import OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, message
from tests.fakes import Delivery, TimeIsUp

WEBINARS = (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR)

SWITCHES = {
    "answer_order": st.sampled_from(AnswerOrder),
    "bad_item": st.sampled_from(Refusing),
    "bad_item_named": st.sampled_from(Naming),
    "duplicates": st.sampled_from(Duplicates),
    "email_case": st.sampled_from(EmailCase),
    "host_in_batch": st.sampled_from(Refusing),
    "join_url_form": st.sampled_from(JoinUrlForm),
    "last_seats": st.sampled_from(LastSeats),
    "pending_item": st.sampled_from(PendingItem),
    "refused_batch_counts": st.sampled_from(Counted),
    "refused_batch_stores": st.sampled_from(StoredBeforeRefusal),
    "registrant_limit_wording": st.sampled_from(RegistrantLimitWording),
    "repeat": st.sampled_from(Repeat),
    "retry_after_daily": st.sampled_from(RetryAfter),
    "retry_after_per_second": st.sampled_from(RetryAfter),
    "scope_error": st.sampled_from(ScopeError),
    "success_status": st.sampled_from(SuccessStatus),
}


def _refusal(status: int, code: int, text: str) -> dict[str, Any]:
    return {"kind": "answer", "status": status, "body": {"code": code, "message": text}}


def _with_processed(fault: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(["no", "half", "yes"]).map(lambda processed: fault | {"processed": processed})


SPOILED = [
    *("empty_body", "truncated_json", "registrants_not_a_list"),
    *("unexpected_registrant", "same_email_twice", "cut_connection"),
]
FAULTS = st.one_of(
    st.sampled_from([{"kind": kind} for kind in SPOILED]),
    st.sampled_from([{"kind": "reset"}, {"kind": "hang"}, {"kind": "html_502"}]).flatmap(_with_processed),
    st.sampled_from(["per_second", "account_day", "registrant_day", "concurrent"]).map(
        lambda limit: {"kind": "rate_limit", "limit": limit}
    ),
    st.sampled_from(
        [
            _refusal(401, 124, "Access token is expired."),
            _refusal(400, 4711, "Invalid access token, does not contain scopes:[webinar:write]."),
            _refusal(400, 300, "Validation Failed."),
            _refusal(400, 3000, "You have reached the limit for the number of attendees."),
            _refusal(404, 3001, "Webinar does not exist."),
            _refusal(200, 200, "Webinar plan is missing."),
            _refusal(403, 9, "Forbidden"),
            _refusal(409, 9, "Conflict"),
            _refusal(418, 9, "Unknown"),
            _refusal(302, 9, "Moved"),
            _refusal(500, 500, "Internal error"),
        ]
    ),
)


@dataclass(frozen=True)
class Case:
    """The registrants and the faults of a run; `registrants` is their number for each webinar.

    Zoom rejects `refused` registrants of the first webinar, one may be its `host`; the second webinar has `seats`.
    """

    registrants: tuple[int, int, int]
    malformed: int
    refused: int
    host: bool
    seats: int
    switches: dict[str, Any]
    faults: list[dict[str, Any]]
    aws_error_rate: float
    aws_lost_rate: float
    kill_rate: float
    duplicate_rate: float
    drain_seconds: int
    start_s: float
    seed: int


CASES = st.builds(
    Case,
    registrants=st.tuples(st.integers(1, 35), st.integers(0, 12), st.integers(0, 3)),
    malformed=st.integers(0, 2),
    refused=st.sampled_from([0, 0, 1, 3]),
    host=st.sampled_from([False, False, True]),
    seats=st.sampled_from([100, 100, 0, 3]),
    switches=st.fixed_dictionaries({}, optional=SWITCHES),
    faults=st.just([]) | st.lists(FAULTS, max_size=8),
    aws_error_rate=st.sampled_from([0.0, 0.0, 0.1, 0.3]),
    aws_lost_rate=st.sampled_from([0.0, 0.1]),
    kill_rate=st.sampled_from([0.0, 0.0, 0.2]),
    duplicate_rate=st.sampled_from([0.0, 0.1]),
    drain_seconds=st.sampled_from([0, 240]),
    # In the afternoon, and so shortly before midnight that calls fall on both sides of it.
    start_s=st.sampled_from([1_795_442_400.0, 1_795_478_399.0, 1_795_478_370.0]),
    seed=st.integers(0, 2**16),
)


class Run:
    """One case, run; the invariants are checked after every invocation."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rng = random.Random(case.seed)
        self.consumer = Consumer(
            start_s=case.start_s,
            drain_seconds=case.drain_seconds,
            delivery=Delivery(case.duplicate_rate, missed_share=0.3, disorder=3),
            seed=case.seed,
            checked=False,
        )
        self.consumer.account.set_switches(**case.switches)
        self.registered: dict[tuple[str, str], str] = {}
        self.bodies: dict[str, str] = {}
        self.keys: dict[str, tuple[str, str]] = {}
        self.words: set[str] = set()
        self._fill_queue()
        self._prepare_zoom()

    def _prepare_zoom(self) -> None:
        emails = [email for webinar, email in self.keys.values() if webinar == WEBINAR]
        host = {"host_email": emails[-1]} if self.case.host else {}
        invalid = emails[: self.case.refused] + emails[-1:] * self.case.host
        self.invalid = {(WEBINAR, email) for email in invalid}
        self.consumer.account.set_webinar(WEBINAR, refused_emails=emails[: self.case.refused], **host)
        self.consumer.account.set_webinar(OTHER_WEBINAR, capacity=self.case.seats)

    def _fill_queue(self) -> None:
        bodies: list[tuple[str, tuple[str, str] | None]] = []
        for webinar, number in zip(WEBINARS, self.case.registrants, strict=True):
            for index in range(number):
                email, name = f"Qx{index}zed@example.com", f"Namzq{index}"
                self.words |= {f"Qx{index}zed".lower(), name.lower()}
                bodies.append((message(email, webinar, first_name=name), (webinar, email.lower())))
        bodies += [('{"webinar_id": "97871060099", "email": 1}', None)] * self.case.malformed
        self.rng.shuffle(bodies)
        for body, key in bodies:
            (message_id,) = self.consumer.send(body)
            self.bodies[message_id] = body
            if key is not None:
                self.keys[message_id] = key

    def run(self) -> None:
        """Run with faults first, then without."""
        consumer, case = self.consumer, self.case
        consumer.account.add_faults(case.faults)
        for fake in (consumer.sqs, consumer.dynamodb, consumer.secrets, consumer.functions):
            fake.chaos(
                case.aws_error_rate,
                lost_rate=case.aws_lost_rate,
                entry_rate=case.aws_error_rate / 2,
                seed=case.seed,
            )
        consumer.transport.after_response = self._maybe_kill
        self._go_on(invocations=8, hours=20)
        consumer.account.clear_faults()
        consumer.transport.after_response = None
        for fake in (consumer.sqs, consumer.dynamodb, consumer.secrets, consumer.functions):
            fake.heal()
        self._go_on(invocations=3_000, hours=24 * 6)
        assert not consumer.waiting(), "messages are left on the queue"
        if not case.faults:
            self._check_valid_registrants()
        self._check_secrecy()

    def _check_valid_registrants(self) -> None:
        """Without faults of Zoom, only invalid registrants, and those without a seat, are not registered."""
        valid = {key for key in self.keys.values() if key[0] != OTHER_WEBINAR and key not in self.invalid}
        assert valid <= self.registered.keys(), f"valid, but not registered: {valid - self.registered.keys()}"
        assert not self.invalid & self.registered.keys()
        seated = sum(webinar == OTHER_WEBINAR for webinar, _ in self.registered)
        assert seated == min(self.case.seats, self.case.registrants[1])

    def _maybe_kill(self) -> None:
        if self.rng.random() < self.case.kill_rate:
            raise TimeIsUp

    def _go_on(self, *, invocations: int, hours: float) -> None:
        until_s = self.consumer.clock() + hours * 3_600
        for _ in range(invocations):
            if not self.consumer.mapping.run(until_s=until_s, max_invocations=1):
                return
            self._check_invariants()

    def _check_invariants(self) -> None:
        self._check_answer()
        self._check_partition()
        self._check_calls()

    def _check_answer(self) -> None:
        invocation = self.consumer.mapping.invocations[-1]
        assert invocation.error is None or isinstance(invocation.error, TimeIsUp), invocation.error
        assert invocation.error is not None or invocation.reading.fault is None
        unexpected = self.consumer.logged("Unexpected error")
        assert not unexpected, unexpected

    def _check_partition(self) -> None:
        rows = {(row["webinar_id"], row["email"]): row for row in self.consumer.dynamodb.rows("Registrants")}
        for key, join_url in self.registered.items():
            assert rows[key]["status"] == "registered", f"{key} was registered, and its row is changed back"
            assert rows[key]["join_url"] or not join_url
        for key, row in rows.items():
            if row["status"] == "registered":
                assert row["join_url"].startswith("https://")
                assert "reason" not in row
                self.registered[key] = row["join_url"]
        queue = self.consumer.sqs.queues[self.consumer.queue_url]
        assert not queue.expired
        assert not queue.redriven
        waiting = set(self.consumer.waiting())
        dead_letters = {dead_letter.body for dead_letter in self.consumer.dead_letters()}
        for message_id, body in self.bodies.items():
            if message_id in waiting:
                continue
            key = self.keys.get(message_id)
            status = rows.get(key, {}).get("status") if key else None
            assert status in {"registered", "pending_approval"} or body in dead_letters, (
                f"{message_id} is lost: {status}"
            )

    def _check_calls(self) -> None:
        sent_to: dict[str, set[str]] = {}
        for webinar, email in self.keys.values():
            sent_to.setdefault(webinar, set()).add(email)
        for call in self.consumer.calls():
            assert 1 <= call.registrants <= 30
            assert not call.violations
            emails = Counter(email.lower() for email in call.emails)
            assert set(emails) <= sent_to[call.webinar]
            assert max(emails.values()) == 1
        assert self.consumer.account.highest_attempts() <= 3, self.consumer.account.attempts()[:3]

    def _check_secrecy(self) -> None:
        output = self.consumer.log().lower()
        output += repr([dead_letter.attributes for dead_letter in self.consumer.dead_letters()]).lower()
        output += repr([row.get("detail") for row in self.consumer.dynamodb.rows("Registrants")]).lower()
        for word in self.words:
            assert word not in output, f"the output contains {word}"
        # Tokens of the fake Zoom start with this.
        assert "fake1." not in output


@settings(max_examples=60)
@given(CASES)
def test_no_registrant_is_lost_changed_back_or_sent_too_often(case: Case) -> None:
    Run(case).run()
