"""Who submits what and when: people in bursts, the same person again with other spelling, and messages of nobody.

In: a seed, a number of submissions, webinars, a span of time. Out: submissions, each with the truth about it; and the
webinars' lists of those whom Zoom will refuse.
"""

import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tests.chaos.webinars import Kind, Plan

Key = tuple[str, str]  # webinar, and the e-mail's normal form

DOMAINS = (
    *("example.com", "mail.example.com", "example.org", "example.net", "team.example.org"),
    "xn--bcher-kva.example.com",
)
UNICODE_OF = {"xn--bcher-kva.example.com": "bücher.example.com"}


class Guilt(StrEnum):
    """What Zoom holds against somebody, whatever the consumer does."""

    NONE = "innocent"
    BAD_DATA = "bad data"
    HOST = "host"
    BLOCKED = "blocked domain"
    DENIED = "denied before"
    PENDING = "pending before"


# Shares of people. Guilty ones come in clusters on top: see `_guilt`.
GUILTY = {
    Guilt.BAD_DATA: 0.02,
    Guilt.HOST: 0.006,
    Guilt.BLOCKED: 0.01,
    Guilt.DENIED: 0.008,
    Guilt.PENDING: 0.008,
}
AGAIN, ELSEWHERE, MALFORMED, INVALID = 0.12, 0.05, 0.006, 0.012  # shares of submissions


class Sort(StrEnum):
    """What can be made of a message."""

    PERSON = "person"
    MALFORMED = "malformed_message"
    INVALID = "invalid_registrant"


@dataclass(frozen=True)
class Submission:
    """One message for the queue. `key` None: nobody to speak of."""

    at_s: float
    body: str
    group_id: str | None
    sort: Sort
    key: Key | None


class Crowd:
    """Everybody of a run, in the order in which they come."""

    def __init__(self, dice: random.Random, number: int, plans: list[Plan], start_s: float, span_s: float) -> None:
        self._dice = dice
        self._plans = plans
        self._start_s, self._span_s = start_s, span_s
        self._bursts = {plan.id: [dice.random() ** 1.5 for _ in range(1 + dice.randrange(3))] for plan in plans}
        self._people: list[tuple[Plan, str]] = []
        self.guilt: dict[Key, Guilt] = {}
        self.submissions = sorted((self._one() for _ in range(number)), key=lambda one: (one.at_s, one.body))
        for plan in plans:
            if plan.kind is Kind.LAST_SEATS:
                plan.seats = max(1, sum(key[0] == plan.id for key in self.guilt) * 2 // 3)

    def _one(self) -> Submission:
        fate = self._dice.random()
        if fate < MALFORMED:
            return self._malformed()
        if fate < MALFORMED + INVALID:
            return self._invalid()
        if fate < MALFORMED + INVALID + AGAIN and self._people:
            plan, email = self._dice.choice(self._people)
        elif fate < MALFORMED + INVALID + AGAIN + ELSEWHERE and self._people:
            plan, email = self._plan(), self._dice.choice(self._people)[1]
            self._come(plan, email, Guilt.NONE)
        else:
            plan, email = self._new_person()
        body = self._body(plan, webinar_id=self._spelled_id(plan), email=self._spelled(email))
        return Submission(self._moment(plan), body, self._group(plan), Sort.PERSON, (plan.id, email))

    # ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _plan(self) -> Plan:
        return self._dice.choices(self._plans, [plan.weight for plan in self._plans])[0]

    def _new_person(self) -> tuple[Plan, str]:
        plan, guilt = self._plan(), self._guilt()
        domain = plan.blocked_domains[0] if guilt is Guilt.BLOCKED else self._dice.choice(DOMAINS)
        email = f"p{len(self.guilt)}.{self._dice.choice(('ada', 'eve', 'bob'))}@{domain}"
        self._come(plan, email, guilt)
        return plan, email

    def _guilt(self) -> Guilt:
        """Now and then the guilty come one after the other: five or thirty in a batch, not one."""
        if len(self.guilt) % 900 < 40 and self._dice.random() < 0.5:
            return Guilt.BAD_DATA
        innocent = 1 - sum(GUILTY.values())
        return self._dice.choices([Guilt.NONE, *GUILTY], [innocent, *GUILTY.values()])[0]

    def _come(self, plan: Plan, email: str, guilt: Guilt) -> None:
        if (plan.id, email) in self.guilt:
            return
        if guilt in {Guilt.DENIED, Guilt.PENDING} and plan.kind not in {Kind.OPEN, Kind.MANUAL}:
            guilt = Guilt.NONE
        if email.endswith(plan.blocked_domains):
            guilt = Guilt.BLOCKED
        self.guilt[plan.id, email] = guilt
        self._people.append((plan, email))
        listed = {
            Guilt.BAD_DATA: plan.refused,
            Guilt.HOST: plan.hosts,
            Guilt.DENIED: plan.denied,
            Guilt.PENDING: plan.pending,
        }
        if guilt in listed:
            listed[guilt].append(as_zoom_hears(email))

    # ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _moment(self, plan: Plan) -> float:
        """Most come in the bursts of their webinar, some at any time."""
        dice = self._dice
        if dice.random() < 0.15:
            return self._start_s + self._span_s * dice.random()
        burst: float = dice.choice(self._bursts[plan.id])
        return self._start_s + self._span_s * min(1.0, burst + dice.expovariate(60))

    def _spelled(self, email: str) -> str:
        local_part, _, domain = as_zoom_hears(email).partition("@")
        spelled = self._dice.choice((str, str, str.upper, str.title))(local_part)
        domain = self._dice.choice((str, str, str.upper))(domain)
        return self._dice.choice(("", "", " ")) + f"{spelled}@{domain}" + self._dice.choice(("", "", " \t"))

    def _spelled_id(self, plan: Plan) -> object:
        spaced = f"{plan.id[:3]} {plan.id[3:7]} {plan.id[7:]}"
        return self._dice.choice((plan.id, plan.id, plan.id, int(plan.id), spaced, spaced.replace(" ", "-")))

    def _group(self, plan: Plan) -> str | None:
        return plan.id if self._dice.random() < 0.95 else None

    def _body(self, plan: Plan, **fields: Any) -> str:
        """A body unlike any other: by its submission id, or by a field that nobody knows."""
        dice = self._dice
        unique = str(uuid.UUID(int=dice.getrandbits(128), version=4))
        content: dict[str, Any] = {"webinar_id": plan.id, "first_name": f"Qname{dice.randrange(10**6)}"}
        if dice.random() < 0.7:
            content["last_name"] = f"Qlast{dice.randrange(10**6)}"
        content |= fields
        if dice.random() < 0.9:
            submitted = datetime.fromtimestamp(self._start_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            content |= {"submission_id": unique, "submitted_at": submitted}
        else:
            content["reference"] = unique
        return json.dumps(content, ensure_ascii=dice.random() < 0.5)

    def _malformed(self) -> Submission:
        plan, dice = self._plan(), self._dice
        whole = self._body(plan, email="nobody@example.com")
        body = dice.choice(
            (
                whole[:-1],
                f"[{whole}]",
                self._body(plan, email=None),
                self._body(plan, email=["nobody@example.com"]),
                self._body(plan, email="nobody@example.com", first_name=7),
                self._body(plan, email="nobody@example.com", webinar_id=True),
            )
        )
        return Submission(self._moment(plan), body, self._group(plan), Sort.MALFORMED, None)

    def _invalid(self) -> Submission:
        plan, dice = self._plan(), self._dice
        # Sometimes of somebody who exists: what is wrong with this message must not touch his other ones.
        stranger = (plan, f"stranger{dice.randrange(10**9)}@example.com")
        plan, email = dice.choice(self._people) if self._people and dice.random() < 0.5 else stranger
        wrong: dict[str, Any] = dice.choice(
            (
                {"first_name": "  "},
                {"first_name": "N" * 65},
                {"last_name": "Q\u0007"},
                {"email": "not an e-mail"},
                {"webinar_id": "12"},
            )
        )
        body = self._body(plan, **{"email": self._spelled(email), **wrong})
        key = None if {"email", "webinar_id"} & wrong.keys() else (plan.id, email)
        return Submission(self._moment(plan), body, self._group(plan), Sort.INVALID, key)


def as_zoom_hears(email: str) -> str:
    """Return the e-mail as all messages of a person spell it, but for case: Zoom may tell forms of a domain apart."""
    local_part, _, domain = email.partition("@")
    return f"{local_part}@{UNICODE_OF[domain]}" if domain in UNICODE_OF and sum(email.encode()) % 2 else email
