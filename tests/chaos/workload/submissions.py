"""Which registrants submit what and when: in bursts, again with other spelling, and as invalid messages.

The lists of registrants that Zoom rejects, in the webinars' plans, are filled here too.
"""

import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tests.chaos.workload.webinars import Kind, Plan

Key = tuple[str, str]  # webinar, and the e-mail's normal form

DOMAINS = (
    *("example.com", "mail.example.com", "example.org", "example.net", "team.example.org"),
    "xn--bcher-kva.example.com",
)
UNICODE_OF = {"xn--bcher-kva.example.com": "bücher.example.com"}


class Validity(StrEnum):
    """Why Zoom rejects a registrant, regardless of the consumer; `valid`: it does not."""

    VALID = "valid"
    BAD_DATA = "bad data"
    HOST = "host"
    BLOCKED = "blocked domain"
    DENIED = "denied before"
    PENDING = "pending before"


# Shares of registrants. Clusters of invalid ones come on top: see `_random_validity`.
INVALID_SHARES = {
    Validity.BAD_DATA: 0.02,
    Validity.HOST: 0.006,
    Validity.BLOCKED: 0.01,
    Validity.DENIED: 0.008,
    Validity.PENDING: 0.008,
}
ANSWERED, OF_MEETING = 0.1, 0.02  # shares of registrants' messages
RESUBMITTED, SECOND_WEBINAR, MALFORMED, INVALID = 0.12, 0.05, 0.006, 0.012  # shares of submissions
AT_ONCE, AT_ONCE_S = 0.4, 2.0  # share of those submitted again, by a double click: within so many seconds


class MessageKind(StrEnum):
    """How the consumer must classify a message."""

    REGISTRANT = "registrant"
    MALFORMED = "malformed_message"
    INVALID = "invalid_registrant"
    MEETING = "webinar_type_unsupported"


@dataclass(frozen=True)
class Submission:
    """One message for the queue; `key` None: it has no valid key."""

    at_s: float
    body: str
    group_id: str | None
    kind: MessageKind
    key: Key | None


class Producers:
    """All submissions of a run in their order, with the validity of every registrant."""

    def __init__(self, rng: random.Random, number: int, plans: list[Plan], start_s: float, span_s: float) -> None:
        self._rng = rng
        self._plans = plans
        self._start_s, self._span_s = start_s, span_s
        self._bursts = {plan.id: [rng.random() ** 1.5 for _ in range(1 + rng.randrange(3))] for plan in plans}
        self._registrants: list[tuple[Plan, str]] = []
        self._sent_at_s: dict[Key, float] = {}  # the newest message of each registrant
        self.validity: dict[Key, Validity] = {}
        self.submissions = sorted((self._submission() for _ in range(number)), key=lambda one: (one.at_s, one.body))
        for place, plan in enumerate(plan for plan in plans if plan.kind is Kind.LAST_SEATS):
            plan.seats = max(1, sum(key[0] == plan.id for key in self.validity) * 2 // 3)
            plan.is_raised = place % 2 == 0

    def _submission(self) -> Submission:
        drawn, at_s = self._rng.random(), None
        if drawn < MALFORMED:
            return self._malformed()
        if drawn < MALFORMED + INVALID:
            return self._invalid()
        if drawn < MALFORMED + INVALID + RESUBMITTED and self._registrants:
            plan, email = self._rng.choice(self._registrants)
            if self._rng.random() < AT_ONCE:
                at_s = self._sent_at_s[plan.id, email] + self._rng.uniform(0, AT_ONCE_S)
        elif drawn < MALFORMED + INVALID + RESUBMITTED + SECOND_WEBINAR and self._registrants:
            plan, email = self._plan(), self._rng.choice(self._registrants)[1]
            self._add_registrant(plan, email, Validity.VALID)
        else:
            plan, email = self._new_registrant()
        body = self._body(plan, webinar_id=self._spelled_id(plan), email=self._spelled(email))
        self._sent_at_s[plan.id, email] = at_s = at_s or self._random_moment_s(plan)
        body, kind = _with_optional_fields(body, at_s)
        return Submission(at_s, body, self._group(plan), kind, (plan.id, email))

    # ── Registrants ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _plan(self) -> Plan:
        return self._rng.choices(self._plans, [plan.weight for plan in self._plans])[0]

    def _new_registrant(self) -> tuple[Plan, str]:
        plan, validity = self._plan(), self._random_validity()
        domain = plan.blocked_domains[0] if validity is Validity.BLOCKED else self._rng.choice(DOMAINS)
        email = f"p{len(self.validity)}.{self._rng.choice(('ada', 'eve', 'bob'))}@{domain}"
        self._add_registrant(plan, email, validity)
        return plan, email

    def _random_validity(self) -> Validity:
        """Return a random validity; sometimes invalid registrants come in a row, so that a batch holds several."""
        if len(self.validity) % 900 < 40 and self._rng.random() < 0.5:
            return Validity.BAD_DATA
        valid = 1 - sum(INVALID_SHARES.values())
        return self._rng.choices([Validity.VALID, *INVALID_SHARES], [valid, *INVALID_SHARES.values()])[0]

    def _add_registrant(self, plan: Plan, email: str, validity: Validity) -> None:
        if (plan.id, email) in self.validity:
            return
        if validity in {Validity.DENIED, Validity.PENDING} and plan.kind not in {Kind.OPEN, Kind.MANUAL}:
            validity = Validity.VALID
        if email.endswith(plan.blocked_domains):
            validity = Validity.BLOCKED
        self.validity[plan.id, email] = validity
        self._registrants.append((plan, email))
        listed = {
            Validity.BAD_DATA: plan.refused,
            Validity.HOST: plan.hosts,
            Validity.DENIED: plan.denied,
            Validity.PENDING: plan.pending,
        }
        if validity in listed:
            listed[validity].append(as_sent_to_zoom(email))

    # ── Messages ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _random_moment_s(self, plan: Plan) -> float:
        """Return a moment: mostly in a burst of the webinar, sometimes at any time."""
        rng = self._rng
        if rng.random() < 0.15:
            return self._start_s + self._span_s * rng.random()
        burst: float = rng.choice(self._bursts[plan.id])
        return self._start_s + self._span_s * min(1.0, burst + rng.expovariate(60))

    def _spelled(self, email: str) -> str:
        local_part, _, domain = as_sent_to_zoom(email).partition("@")
        spelled = self._rng.choice((str, str, str.upper, str.title))(local_part)
        domain = self._rng.choice((str, str, str.upper))(domain)
        return self._rng.choice(("", "", " ")) + f"{spelled}@{domain}" + self._rng.choice(("", "", " \t"))

    def _spelled_id(self, plan: Plan) -> object:
        spaced = f"{plan.id[:3]} {plan.id[3:7]} {plan.id[7:]}"
        return self._rng.choice((plan.id, plan.id, plan.id, int(plan.id), spaced, spaced.replace(" ", "-")))

    def _group(self, plan: Plan) -> str | None:
        return plan.id if self._rng.random() < 0.95 else None

    def _body(self, plan: Plan, **fields: Any) -> str:
        """Return a unique body, by its submission id or by an unknown field."""
        rng = self._rng
        unique = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        content: dict[str, Any] = {"webinar_id": plan.id, "first_name": f"Qname{rng.randrange(10**6)}"}
        if rng.random() < 0.7:
            content["last_name"] = f"Qlast{rng.randrange(10**6)}"
        content |= fields
        if rng.random() < 0.9:
            submitted = datetime.fromtimestamp(self._start_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            content |= {"submission_id": unique, "submitted_at": submitted}
        else:
            content["reference"] = unique
        return json.dumps(content, ensure_ascii=rng.random() < 0.5)

    def _malformed(self) -> Submission:
        plan, rng = self._plan(), self._rng
        whole = self._body(plan, email="nobody@example.com")
        body = rng.choice(
            (
                whole[:-1],
                f"[{whole}]",
                self._body(plan, email=None),
                self._body(plan, email=["nobody@example.com"]),
                self._body(plan, email="nobody@example.com", first_name=7),
                self._body(plan, email="nobody@example.com", webinar_id=True),
            )
        )
        return Submission(self._random_moment_s(plan), body, self._group(plan), MessageKind.MALFORMED, None)

    def _invalid(self) -> Submission:
        plan, rng = self._plan(), self._rng
        # Sometimes of an existing registrant: an invalid message must not affect their other messages.
        other = (plan, f"stranger{rng.randrange(10**9)}@example.com")
        plan, email = rng.choice(self._registrants) if self._registrants and rng.random() < 0.5 else other
        wrong: dict[str, Any] = rng.choice(
            (
                {"first_name": " \u200b ", "last_name": ""},
                {"first_name": "N" * 65},
                {"last_name": "Q\u0007"},
                {"email": "not an e-mail"},
                {"webinar_id": "12"},
            )
        )
        body = self._body(plan, **{"email": self._spelled(email), **wrong})
        key = None if {"email", "webinar_id"} & wrong.keys() else (plan.id, email)
        return Submission(self._random_moment_s(plan), body, self._group(plan), MessageKind.INVALID, key)


def _with_optional_fields(body: str, at_s: float) -> tuple[str, MessageKind]:
    """Return the body with the moment of its submission, sometimes with answers, or for a meeting of the same id."""
    content = json.loads(body)
    rng, kind = random.Random(body), MessageKind.REGISTRANT
    if "submitted_at" in content:
        content["submitted_at"] = datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if rng.random() < ANSWERED:
        content |= {"answers": {"Qdiet?": f"Qanswer{rng.randrange(10**6)}"}, "org": "Qorg", "language": "DE-de"}
    if rng.random() < OF_MEETING:
        content["kind"], kind = "meeting", MessageKind.MEETING
    return json.dumps(content, ensure_ascii=body.isascii()), kind


def as_sent_to_zoom(email: str) -> str:
    """Return the e-mail as all messages of a registrant spell it, but for case: Zoom may distinguish domain forms."""
    local_part, _, domain = email.partition("@")
    return f"{local_part}@{UNICODE_OF[domain]}" if domain in UNICODE_OF and sum(email.encode()) % 2 else email


def as_keyed(email: str) -> str:
    """Return the normal form of an e-mail as Zoom knows it: the inverse of `as_sent_to_zoom`."""
    local_part, _, domain = email.lower().partition("@")
    ascii_of = {spelled: domain for domain, spelled in UNICODE_OF.items()}
    return f"{local_part}@{ascii_of.get(domain, domain)}"
