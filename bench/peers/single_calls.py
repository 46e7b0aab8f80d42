"""The peer that calls Zoom once per message: a handler behind a mapping, as in most examples.

Zoom's guides begin with `POST /webinars/{id}/registrants`, so most connections of a form to Zoom use it. It raises
every error of Zoom, so that SQS delivers the message again.

`calls_per_second` is one environment's share of the plan's Light rate limit, kept by pausing; None is the naive peer,
which sends as fast as the mapping invokes it. Fair: one session for all calls, one row per registrant, partial batch
responses.
"""

import json
import time
from collections.abc import Callable
from typing import Any

import requests


class SingleCalls:
    """The state of an execution environment."""

    def __init__(
        self,
        dynamodb: Any,
        table: str,
        session: requests.Session,
        api_url: str,
        token: str,
        calls_per_second: float | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._dynamodb, self._table = dynamodb, table
        self._session, self._api_url = session, api_url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._interval = 1 / calls_per_second if calls_per_second else 0.0
        self._clock, self._sleep = clock, sleep
        self._next = clock()

    def handler(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        """Register the registrants of the event, one after the other."""
        failures = []
        for record in event["Records"]:
            try:
                self._register(json.loads(record["body"]))
            except requests.RequestException:
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}

    def _register(self, registrant: dict[str, Any]) -> None:
        self._pause()
        response = self._session.post(
            f"{self._api_url}/webinars/{registrant['webinar_id']}/registrants",
            json={name: registrant[name] for name in ("email", "first_name", "last_name")},
            headers=self._headers,
            timeout=25,
        )
        response.raise_for_status()
        answer = response.json()
        self._dynamodb.put_item(
            TableName=self._table,
            Item={
                "webinar_id": {"S": registrant["webinar_id"]},
                "email": {"S": registrant["email"].lower()},
                "status": {"S": "registered"},
                "join_url": {"S": answer["join_url"]},
                "registrant_id": {"S": answer["registrant_id"]},
            },
        )

    def _pause(self) -> None:
        now = self._clock()
        if self._next > now:
            self._sleep(self._next - now)
        self._next = max(self._next, now) + self._interval
