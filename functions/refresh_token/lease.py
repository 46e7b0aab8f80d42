"""The lease in `AccountTable`: one mints at a time, at most once a minute, ever more rarely while tokens are refused.

In: who asks (the schedule and people: plainly; a consumer: because a token was missing or refused). Out: whether to
mint. Secrets Manager keeps every version of a day, about a hundred at most: hence the falling rate (design 3.10).
Source of the numbers: limits.py.
"""

from dataclasses import dataclass
from typing import Any

from registrar import limits

_KEY = {"name": {"S": "token_mint"}}


@dataclass(frozen=True)
class Lease:
    """What was known when it was taken. `wait` is in seconds; `asked_at`, of the last asked mint, in epoch seconds."""

    asked: bool
    wait: int
    asked_at: float


class MintLease:
    """Held by one environment while it mints, and for no longer than it can live."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def take(self, asked: bool, now: float) -> Lease | None:
        """Take the lease; None if another holds it, or the last mint was too short a while ago."""
        not_before = "asked_again_at" if asked else "plain_again_at"
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_KEY,
                UpdateExpression="SET held_until = :end",
                ConditionExpression=(
                    "(attribute_not_exists(held_until) OR held_until < :now)"
                    f" AND (attribute_not_exists({not_before}) OR {not_before} <= :now)"
                ),
                ExpressionAttributeValues=_numbers({":now": now, ":end": now + limits.MINT_LEASE_SECONDS}),
                ReturnValues="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return None
        old = answer.get("Attributes", {})
        return Lease(asked, int(_number(old, "wait_seconds", 0)), _number(old, "asked_at", 0))

    def give_up(self, now: float) -> None:
        """Nothing was minted: let the next one try, in a minute."""
        again = now + limits.MINT_FIRST_SECONDS
        self._write({"held_until": 0, "asked_again_at": again, "plain_again_at": again})

    def minted(self, lease: Lease, now: float) -> None:
        """A token was written. A consumer that asks again soon finds it refused: it has to wait twice as long.

        Each half hour since the last asked mint halves the wait first: it stays at its longest while consumers go on
        asking as soon as they may, and falls back when they do not need to.
        """
        again, wait = now + limits.MINT_FIRST_SECONDS, lease.wait
        values = {"held_until": 0, "plain_again_at": again}
        if lease.asked:
            calm = max(0, int((now - lease.asked_at) // limits.MINT_LONGEST_SECONDS))  # half hours
            wait = min(max(2 * (wait >> calm), limits.MINT_FIRST_SECONDS), limits.MINT_LONGEST_SECONDS)
            values |= {"asked_at": now, "wait_seconds": wait}
        self._write({**values, "asked_again_at": max(again, now + wait)})

    def _write(self, values: dict[str, float]) -> None:
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_KEY,
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
            ExpressionAttributeValues=_numbers({f":{name}": value for name, value in values.items()}),
        )


def _numbers(values: dict[str, float]) -> dict[str, dict[str, str]]:
    # Milliseconds are kept: whole seconds would let a minute end early.
    return {name: {"N": f"{value:.3f}"} for name, value in values.items()}


def _number(item: dict[str, Any], name: str, default: float) -> float:
    return float(item[name]["N"]) if name in item else default
