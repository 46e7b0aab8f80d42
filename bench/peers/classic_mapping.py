"""The peer that sends what the mapping gives it: the classic function behind a queue.

In: SQS event. Out: partial batch response. Met in every project that takes AWS's own example and Zoom's batch call and
puts them together: the event's registrants, grouped by webinar, thirty a call, one call after the other. It knows nothing of
the queue, of other environments or of the pace: how fast it is, its author decides by batch size, window and maximum
concurrency.
"""

import json
from typing import Any

import requests

from bench.peers.batch_call import BatchCall, by_webinar


class ClassicMapping:
    """What actors as long as its environment."""

    def __init__(self, call: BatchCall) -> None:
        self._call = call

    def handler(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        """Register everybody of the event."""
        failures = []
        registrants = [(record["messageId"], json.loads(record["body"])) for record in event["Records"]]
        for webinar, group in by_webinar(registrants):
            try:
                self._call.register(webinar, [registrant for _, registrant in group])
            except requests.RequestException:
                failures += [{"itemIdentifier": message_id} for message_id, _ in group]
        return {"batchItemFailures": failures}
