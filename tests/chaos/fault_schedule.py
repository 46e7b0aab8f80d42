"""What fails when. A phase lasts minutes or hours and has a fault profile for Zoom and one per AWS service.

Zoom may fail in every way but one: it never returns false facts about a registrant or a webinar, because no consumer
could tell them from true ones.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_type_hints

from local.fake_zoom.profile import Profile
from local.fake_zoom.switches import Switches
from tests.consumer import Consumer
from tests.fakes.client import FakeClient

Fault = dict[str, Any]
SWITCHES: Mapping[str, list[Any]] = {
    name: list(kind) if issubclass(kind, Enum) else [False, True] for name, kind in get_type_hints(Switches).items()
}
ALL_SCOPES = Profile().scopes
NO_WRITE = tuple(scope for scope in ALL_SCOPES if "write" not in scope)
NO_READ = tuple(scope for scope in ALL_SCOPES if "read" not in scope)

# Zoom's fault profiles: relative frequency, and the maximum length in minutes.
ZOOM_PROFILES: Mapping[str, tuple[float, float]] = {
    "few faults": (6, 180),
    "many faults": (6, 120),
    "unavailable": (2.5, 25),
    "low rate limits": (2, 60),
    "daily quota used up": (0.7, 90),
    "token revoked": (2, 30),
    "token rejected": (0.7, 15),
    "no write scope": (0.7, 45),
    "no read scope": (1, 120),
    "account full": (0.6, 75),
}
FAULT_SHARE = {"few faults": 0.01, "many faults": 0.3, "unavailable": 1.0, "token rejected": 1.0}
# The calls that can fail: only the consumer's, not those of producers and operators.
CALLS: Mapping[str, tuple[str, ...]] = {
    "sqs": ("receive_message", "delete_message_batch", "change_message_visibility_batch", "send_message_batch"),
    "dynamodb": ("batch_get_item", "batch_write_item", "put_item", "update_item"),
    "secretsmanager": ("get_secret_value", "put_secret_value"),
    "lambda": ("invoke",),
}
STALE_S = 1.0  # DynamoDB Developer Guide, "read consistency": usually within a second
AWS_PROFILES = ("healthy",) * 6 + ("flaky", "flaky", "throttled", "denied", "unreachable", "one call throttled")


@dataclass(frozen=True)
class Phase:
    """One phase; `kill_rate` is the share of invocations that are killed."""

    zoom: str
    aws: Mapping[str, str]
    minutes: float
    kill_rate: float
    drain_seconds: int
    auto_approve: bool
    seed: int


def phases(rng: random.Random, hours: float) -> list[Phase]:
    """Return phases for at least so many hours."""
    found: list[Phase] = []
    while sum(phase.minutes for phase in found) < hours * 60:
        profile = rng.choices(list(ZOOM_PROFILES), [weight for weight, _ in ZOOM_PROFILES.values()])[0]
        aws = {name: rng.choice(AWS_PROFILES) for name in CALLS}
        found.append(
            Phase(
                zoom=profile,
                aws=aws,
                minutes=rng.uniform(4, ZOOM_PROFILES[profile][1]) * min(1.0, hours / 30),
                kill_rate=rng.choice((0.0, 0.02, 0.1, 0.3)),
                drain_seconds=rng.choice((0, 30, 240, 240)),
                auto_approve=rng.random() < 0.6,
                seed=rng.getrandbits(32),
            )
        )
    return found


def switches(rng: random.Random) -> dict[str, Any]:
    """Return one setting for every open question about Zoom's behaviour."""
    return {name: rng.choice(answers) for name, answers in SWITCHES.items() if name != "new_token_ends_older"}


def apply_to_zoom(phase: Phase, consumer: Consumer, rng: random.Random) -> None:
    """Apply a phase's profile to Zoom, in place of the one before."""
    account = consumer.account
    heal_zoom(consumer)
    account.set_switches(new_token_ends_older=rng.random() < 0.3)
    match phase.zoom:
        case "low rate limits":
            account.set_limits(heavy_per_second=rng.randrange(1, 4), medium_per_second=1, light_per_second=1)
        case "daily quota used up":
            account.set_limits(heavy_per_day=0)
        case "token revoked":
            account.revoke_tokens()
        case "no write scope":
            account.set_profile(scopes=NO_WRITE)
        case "no read scope":
            account.set_profile(scopes=NO_READ)
        case "account full":
            account.set_profile(attendee_limit=0)


def heal_zoom(consumer: Consumer) -> None:
    """End the faults of Zoom."""
    consumer.account.set_limits(plan="pro")
    consumer.account.set_profile(scopes=ALL_SCOPES, attendee_limit=None)


def services(consumer: Consumer) -> dict[str, FakeClient]:
    """Return the fakes by the names of their services."""
    return {
        "sqs": consumer.sqs,
        "dynamodb": consumer.dynamodb,
        "secretsmanager": consumer.secrets,
        "lambda": consumer.functions,
    }


def apply_to_aws(phase: Phase, consumer: Consumer, rng: random.Random) -> None:
    """Apply a phase's profiles to the AWS services, in place of those before."""
    for name, fake in services(consumer).items():
        fake.heal()
        _apply_profile(fake, phase.aws[name], CALLS[name], rng)
    consumer.dynamodb.stale_reads(None if rng.random() < 0.3 else 0, for_s=STALE_S)


def _apply_profile(fake: FakeClient, profile: str, calls: tuple[str, ...], rng: random.Random) -> None:
    seed = rng.getrandbits(32)
    match profile:
        case "healthy":
            fake.chaos(0.002, lost_rate=0.002, entry_rate=0.005, operations=calls, seed=seed)
        case "flaky":
            fake.chaos(0.1, lost_rate=0.05, entry_rate=0.1, operations=calls, seed=seed)
        case "throttled":
            fake.chaos(0.7, entry_rate=0.3, errors=(fake.throttled_code,), operations=calls, seed=seed)
        case "denied":
            fake.deny(rng.choice(calls))
        case "unreachable":
            fake.unreachable(*calls)
        case "one call throttled":
            # Of SQS: no deletion, deferral, dead letter or receive; the other calls succeed.
            fake.throttle(rng.choice(calls))


def zoom_fault(rng: random.Random, profile: str, registrants: int, *, all_approved: bool) -> Fault | None:
    """Return the fault of one call, None without one.

    Two kinds are the transport's: "down", Zoom is not reached; "padded", the response is longer than the limit.
    """
    if rng.random() >= FAULT_SHARE.get(profile, 0.05):
        return None
    if profile == "token rejected":
        return _answer(401, 124, "Access token is expired.")
    if profile == "unavailable":
        return rng.choice((_no_answer(rng), _no_answer(rng), {"kind": "down"}))
    spoiled = ["empty_body", "truncated_json", "cut_connection", "registrants_not_a_list", "unexpected_registrant"]
    # For a pending registrant, a second item with another registrant's join URL would be a false fact.
    spoiled += ["same_email_twice"] if all_approved else []
    limit = rng.choice(("per_second", "concurrent", "registrant_day", "registrant_day", "account_day"))
    choices: list[Fault] = [
        _no_answer(rng),
        _no_answer(rng),
        {"kind": "down"},
        {"kind": rng.choice(spoiled)},
        {"kind": rng.choice(spoiled)},
        {"kind": "padded"},
        {"kind": "rate_limit", "limit": limit},
        {"kind": "rate_limit", "limit": limit},
        _answer(401, 124, "Access token is expired."),
        _answer(rng.choice((400, 401)), 4711, "Invalid access token, does not contain scopes:[webinar:write]."),
        _answer(rng.choice((408, 409, 425)), 9, "Come again"),
        _answer(429, 429, "Something new about limits"),
    ]
    if registrants > 1:
        # For one registrant alone, an unknown refusal would be a true reason.
        choices.append(_answer(418, 9, "An unknown refusal"))
    return rng.choice(choices)


def _no_answer(rng: random.Random) -> Fault:
    kind = rng.choice(("reset", "reset", "hang", "html_502", "answer"))
    fault: Fault = {"kind": kind, "processed": _processed(rng)}
    return fault | ({"status": rng.choice((301, 500, 503, 504)), "body": "<html>"} if kind == "answer" else {})


def _processed(rng: random.Random) -> str:
    return rng.choice(("no", "half", "yes"))


def _answer(status: int, code: int, message: str) -> Fault:
    return {"kind": "answer", "status": status, "body": {"code": code, "message": message}}
