"""The peer that sends what the mapping delivers: the classic function behind a queue.

It combines AWS's example of partial batch responses with Zoom's batch call: it groups the registrants of the event by
webinar and sends them, 30 per call, one call after the other. It knows nothing of the queue, of other environments or
of rate limits; its author sets its speed by batch size, batch window and maximum concurrency.
"""

import json
from typing import Any

import requests

from bench.peers.batch_call import BatchCall, by_webinar


class ClassicMapping:
    """The state of an execution environment."""

    def __init__(self, call: BatchCall) -> None:
        self._call = call

    def handler(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        """Register the registrants of the event."""
        failures = []
        registrants = [(record["messageId"], json.loads(record["body"])) for record in event["Records"]]
        for webinar, group in by_webinar(registrants):
            try:
                self._call.register(webinar, [registrant for _, registrant in group])
            except requests.RequestException:
                failures += [{"itemIdentifier": message_id} for message_id, _ in group]
        return {"batchItemFailures": failures}
