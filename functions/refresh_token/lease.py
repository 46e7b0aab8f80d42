"""The lease in `AccountTable`: one mint at a time, at most one per minute, and fewer while Zoom refuses the tokens.

A request is `asked` if a consumer makes it because its token was missing or refused; the schedule and operators make
the others. Secrets Manager keeps about a hundred versions per day, hence the falling rate.
"""

from dataclasses import dataclass
from typing import Any

from registrar import limits

_KEY = {"name": {"S": "token_mint"}}


@dataclass(frozen=True)
class TooSoon:
    """No lease: another mint is in progress or was too recent. `failure` says why that one failed, if it did."""

    failure: str


@dataclass(frozen=True)
class Lease:
    """The row before the lease was taken: `wait` in seconds, `asked_at` (the last asked mint) in epoch seconds."""

    asked: bool
    wait: int
    asked_at: float


class MintLease:
    """A lease that one environment holds while it mints; it expires after an invocation's longest run."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def take(self, asked: bool, now: float) -> Lease | TooSoon:
        """Return the lease, unless another environment holds it or the last mint was too recent."""
        not_before = "asked_again_at" if asked else "plain_again_at"
        try:
            response = self._dynamodb.update_item(
                TableName=self._table,
                Key=_KEY,
                UpdateExpression="SET held_until = :end",
                ConditionExpression=(
                    "(attribute_not_exists(held_until) OR held_until < :now)"
                    f" AND (attribute_not_exists({not_before}) OR {not_before} <= :now)"
                ),
                ExpressionAttributeValues=_numbers({":now": now, ":end": now + limits.MINT_LEASE_SECONDS}),
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            return TooSoon(error.response.get("Item", {}).get("failure", {}).get("S", ""))
        old = response.get("Attributes", {})
        return Lease(asked, int(_number(old, "wait_seconds", 0)), _number(old, "asked_at", 0))

    def release(self, now: float, failure: str) -> None:
        """Release the lease after a failed mint, and store why.

        Lambda retries the invocation about a minute later. That retry must be allowed to mint: otherwise it ends
        without an error, and Lambda does not retry again.
        """
        again = now + limits.MINT_RETRY_SECONDS
        self._write({"held_until": 0, "asked_again_at": again, "plain_again_at": again}, failure)

    def minted(self, lease: Lease, now: float) -> None:
        """Release the lease after a mint, and double the wait if a consumer asked for it.

        First each half hour since the last asked mint halves the wait. So it stays at its maximum while consumers keep
        asking as soon as they may, and falls once they stop.
        """
        again, wait = now + limits.MINT_FIRST_SECONDS, lease.wait
        values = {"held_until": 0, "plain_again_at": again}
        if lease.asked:
            quiet = max(0, int((now - lease.asked_at) // limits.MINT_LONGEST_SECONDS))  # half hours
            wait = min(max(2 * (wait >> quiet), limits.MINT_FIRST_SECONDS), limits.MINT_LONGEST_SECONDS)
            values |= {"asked_at": now, "wait_seconds": wait}
        self._write({**values, "asked_again_at": max(again, now + wait)})

    def _write(self, values: dict[str, float], failure: str = "") -> None:
        new = _numbers(values) | {"failure": {"S": failure}}
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_KEY,
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in new),
            ExpressionAttributeValues={f":{name}": value for name, value in new.items()},
        )


def _numbers(values: dict[str, float]) -> dict[str, dict[str, str]]:
    # With milliseconds: whole seconds would let a minute end early.
    return {name: {"N": f"{value:.3f}"} for name, value in values.items()}


def _number(item: dict[str, Any], name: str, default: float) -> float:
    return float(item[name]["N"]) if name in item else default
