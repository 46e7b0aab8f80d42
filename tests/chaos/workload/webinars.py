"""The webinars of a chaos run: a few large ones, many small ones, and each kind that Zoom rejects."""

import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from local.fake_zoom.account import Account
from local.fake_zoom.exchange import Request
from local.fake_zoom.webinars import Status

FIRST_ID = 97_871_000_000
ZIPF = 1.05  # the weight of a webinar is 1 ÷ its rank to this power


class Kind(StrEnum):
    """The kind of a webinar; `open` is the most common."""

    OPEN = "open"
    MANUAL = "manual approval"
    LAST_SEATS = "last seats"
    ENDING = "ends meanwhile"
    OVER = "over"
    UNKNOWN = "unknown"
    PAID = "paid"
    OFF = "registration off"
    RECURRING = "recurring"
    UNLICENSED = "without licence"
    REPAIRED = "without licence for a while"
    FORBIDDEN = "forbidden (403)"
    SILENT = "never answers"


# Three of four webinars accept registrants; the others alternate, so that even a small run has many kinds.
_COMMON = (Kind.OPEN, Kind.OPEN, Kind.LAST_SEATS, Kind.OPEN, Kind.MANUAL, Kind.OPEN)
_RARE = [kind for kind in Kind if kind not in _COMMON]


@dataclass
class Plan:
    """One webinar. `ends_at_s` in epoch seconds; `seats` 0: unlimited."""

    id: str
    kind: Kind
    weight: float
    ends_at_s: float
    seats: int = 0
    is_raised: bool = False  # the operator raises the number of seats during the run
    hosts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    blocked_domains: tuple[str, ...] = ("freemail.example.net",)

    @property
    def admits(self) -> bool:
        """Return whether Zoom accepts valid registrants at some time."""
        return self.kind in {Kind.OPEN, Kind.MANUAL, Kind.LAST_SEATS, Kind.ENDING, Kind.REPAIRED}

    def open_at(self, account: Account) -> None:
        """Create the webinar at the fake Zoom in its initial state."""
        if self.kind is Kind.UNKNOWN:
            return
        properties: dict[str, Any] = {
            "alternative_hosts": tuple(self.hosts),
            "refused_emails": tuple(self.refused),
            "blocked_domains": self.blocked_domains,
            "registrants_restrict_number": self.seats,
        }
        of_kind: dict[Kind, dict[str, Any]] = {
            Kind.MANUAL: {"approval_type": 1},
            Kind.ENDING: {"start_time": _iso(self.ends_at_s - 3_600)},
            Kind.OVER: {"start_time": "2026-11-01T10:00:00Z"},
            Kind.PAID: {"paid": True},
            Kind.OFF: {"approval_type": 2},
            Kind.RECURRING: {"type": 9},
            Kind.UNLICENSED: {"licensed": False},
            Kind.REPAIRED: {"licensed": False},
        }
        account.set_webinar(self.id, **properties, **of_kind.get(self.kind, {}))
        self._admit_before(account, self.pending, Status.PENDING)
        self._admit_before(account, self.denied, Status.DENIED)

    def _admit_before(self, account: Account, emails: Iterable[str], status: Status) -> None:
        """Register registrants outside of this product, and let the host decide on them."""
        token = account.mint_token()
        for email in emails:
            body = f'{{"email": "{email}", "first_name": "Early", "last_name": "Bird"}}'.encode()
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            account.set_webinar(self.id, approval_type=1)
            account.handle(Request.to("POST", f"/v2/webinars/{self.id}/registrants", headers, body))
            account.set_webinar(self.id, approval_type=1 if self.kind is Kind.MANUAL else 0)
            if status is Status.DENIED:
                decide(account, self.id, email, "deny", token)

    def raise_limit(self, account: Account) -> None:
        """Add seats for all registrants, as an operator does."""
        self.seats *= 3
        account.set_webinar(self.id, registrants_restrict_number=self.seats)


def decide(account: Account, webinar: str, email: str, action: str, token: str) -> None:
    """Approve or deny a registrant, as the host does."""
    body = f'{{"action": "{action}", "registrants": [{{"email": "{email}"}}]}}'.encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    account.handle(Request.to("PUT", f"/v2/webinars/{webinar}/registrants/status", headers, body))


def plans(rng: random.Random, number: int, start_s: float, span_s: float) -> list[Plan]:
    """Return so many webinars, the largest first."""
    rare = _RARE.copy()
    rng.shuffle(rare)
    common, rare_in_turn = itertools.cycle(_COMMON), itertools.cycle(rare)
    kinds = [next(rare_in_turn if rank % 4 == 3 else common) for rank in range(number)]
    return [
        Plan(
            id=str(FIRST_ID + rank * 7),
            kind=kind,
            weight=1 / (rank + 1) ** ZIPF,
            ends_at_s=start_s + span_s * rng.uniform(0.3, 0.9),
        )
        for rank, kind in enumerate(kinds)
    ]


def _iso(moment_s: float) -> str:
    return datetime.fromtimestamp(moment_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
