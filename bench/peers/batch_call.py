"""The batch call of the peers that register 30 registrants per call.

It raises `requests.RequestException` if Zoom rejects the call. Plain, not bad: one session, 25 rows per write, join
URLs matched by e-mail.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import requests

MAX_REGISTRANTS = 30  # Zoom
MAX_ROWS = 25  # DynamoDB, BatchWriteItem

T = TypeVar("T")


class BatchCall:
    """Register the registrants of a webinar."""

    def __init__(self, dynamodb: Any, table: str, session: requests.Session, api_url: str, token: str) -> None:
        self._dynamodb, self._table = dynamodb, table
        self._session, self._api_url = session, api_url
        self._headers = {"Authorization": f"Bearer {token}"}

    def register(self, webinar: str, registrants: Sequence[dict[str, Any]]) -> None:
        """Call Zoom, and store the join URLs."""
        response = self._session.post(
            f"{self._api_url}/webinars/{webinar}/batch_registrants",
            json={
                "auto_approve": True,
                "registrants": [
                    {name: registrant[name] for name in ("email", "first_name", "last_name")}
                    for registrant in registrants
                ],
            },
            headers=self._headers,
            timeout=25,
        )
        response.raise_for_status()
        rows = [
            {
                "webinar_id": {"S": webinar},
                "email": {"S": one["email"].lower()},
                "status": {"S": "registered"},
                "join_url": {"S": one["join_url"].strip()},
                "registrant_id": {"S": one["registrant_id"]},
            }
            for one in response.json()["registrants"]
        ]
        for chunk in chunks(rows, MAX_ROWS):
            puts = [{"PutRequest": {"Item": row}} for row in chunk]
            self._dynamodb.batch_write_item(RequestItems={self._table: puts})


def by_webinar(registrants: Iterable[tuple[T, dict[str, Any]]]) -> Iterator[tuple[str, list[tuple[T, dict[str, Any]]]]]:
    """Group messages and their registrants by webinar, at most thirty at a time."""
    groups: dict[str, list[tuple[T, dict[str, Any]]]] = defaultdict(list)
    for message, registrant in registrants:
        groups[registrant["webinar_id"]].append((message, registrant))
    for webinar, group in groups.items():
        for chunk in chunks(group, MAX_REGISTRANTS):
            yield webinar, chunk


def chunks(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """Split into chunks."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
