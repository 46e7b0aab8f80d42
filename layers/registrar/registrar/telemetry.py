"""What the consumer tells about itself: one JSON line a call to Zoom, one an outcome that is not `registered`.

In: calls, verdicts and failures of our own side. Out: log lines, with e-mails masked and nothing else personal in them.
"""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from registrar.delivery import Delivery
from registrar.outcomes import Deferred, PendingApproval, Rejected, Verdict
from registrar.privacy import masked
from registrar.row import timestamp
from registrar.zoom import Answer, Confirmations, Refusal


class Telemetry:
    """Writes to the log; `failures` counts what went wrong on our own side in this invocation."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self.failures = 0

    def called(self, webinar_id: str, registrants: int, answer: Answer, seconds: float) -> None:
        """A call to Zoom has ended."""
        line: dict[str, Any] = {
            "webinar_id": webinar_id,
            "registrants": registrants,
            "zoom_status": answer.call.status,
            "zoom_code": answer.call.code,
            "zoom_tracking_id": answer.call.tracking_id,
            "seconds": round(seconds, 3),
        }
        match answer:
            case Confirmations(people=people, strangers=strangers):
                self._logger.info("Zoom answered", confirmed=len(people), strangers=strangers, **line)
            case Refusal(meaning=meaning):
                self._logger.warning("Zoom refused", reason=meaning.reason, scope=meaning.scope, **line)

    def settled(self, verdict: Verdict) -> None:
        """Somebody has an outcome; whoever is registered needs no line of his own."""
        line: dict[str, Any] = {
            "submission_id": verdict.person.registrant.submission_id,
            "message_id": verdict.person.lead.message_id,
            "webinar_id": verdict.person.key.webinar_id,
            "email": masked(verdict.person.key.email),
            "zoom_tracking_id": verdict.call.tracking_id,
        }
        match verdict.outcome:
            case PendingApproval():
                self._logger.info("Pending approval", **line)
            case Deferred(reason=reason, until=until, detail=detail):
                self._logger.info("Deferred", reason=reason, detail=detail, until=timestamp(until), **line)
            case Rejected(reason=reason, detail=detail):
                self._logger.warning("Rejected", reason=reason, detail=detail, **line)

    def unreadable(self, delivery: Delivery, reason: str, detail: str) -> None:
        """A message of which no registrant can be made."""
        self._logger.warning("Rejected", reason=reason, detail=detail, message_id=delivery.message_id)

    def stopped(self, reason: str, detail: str) -> None:
        """Nothing more is sent in this invocation."""
        self._logger.error("Sending stopped", reason=reason, detail=detail)

    def failed(self, operation: str, error: str) -> None:
        """Something on our own side went wrong; whoever it concerns stays on the queue."""
        self.failures += 1
        self._logger.error("Own failure", operation=operation, error=error)

    def broke_off(self, error: Exception) -> None:
        """An error that nobody foresaw. Its type and place only: its text might hold a registrant."""
        self.failures += 1
        self._logger.error("Unexpected error", error=type(error).__name__, where=_place(error))

    def ended(self, figures: Mapping[str, int]) -> None:
        """The invocation's sums."""
        self._logger.info("Invocation ended", people=dict(figures), own_failures=self.failures)


def _place(error: Exception) -> list[str]:
    """File, line and function of every frame: a traceback without its texts."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames
