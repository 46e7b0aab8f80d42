"""Log what the consumer does: one JSON line per call to Zoom, one per outcome that is not `registered`.

E-mails are masked, and there is no other personal data. Every event also goes to the metrics.

A submission can be followed by its id: the line of AcceptSubmission, then the line of the call that carried it. If no
later line names the submission, that call registered it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools import Logger

from registrar import limits
from registrar._compat import batched
from registrar.observability.consumer_metrics import ConsumerMetrics
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Rejected
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.redaction import as_id, masked
from registrar.registrants.registrant import InvalidRegistrant, Registrant, RegistrantError
from registrar.registrants.row import timestamp
from registrar.zoom.responses import BatchResponse, CallInfo, Confirmations, ErrorResponse, Page, WebinarSettings


class Telemetry:
    """Writes to the log; `failures` counts the AWS calls and unexpected errors that failed in this invocation."""

    def __init__(self, logger: Logger, consumer_metrics: ConsumerMetrics) -> None:
        self._logger = logger
        self._consumer_metrics = consumer_metrics
        self.failures = 0

    def looked_up(self, registrants: Sequence[QueuedRegistrant]) -> None:
        """Note the rows that were read; they matter to the metrics only."""
        self._consumer_metrics.looked_up(registrants)

    def called(self, batch: Sequence[QueuedRegistrant], response: BatchResponse, seconds: float) -> None:
        """Log a batch call."""
        self._consumer_metrics.called(len(batch), response, seconds)
        line: dict[str, Any] = {
            "webinar_id": batch[0].key.webinar_id,
            "registrants": len(batch),
            "submission_ids": [one for registrant in batch for one in _submission_ids(registrant)],
            "message_ids": [one.message_id for registrant in batch for one in registrant.deliveries],
            "seconds": round(seconds, 3),
        } | _of_call(response.call)
        match response:
            case Confirmations(confirmed=confirmed, unexpected=unexpected):
                self._logger.info("Zoom answered", confirmed=len(confirmed), unexpected=unexpected, **line)
            case ErrorResponse(kind=kind):
                self._logger.warning("Zoom refused", reason=kind.reason, scope=kind.scope, **line)

    def listed(self, webinar_id: str, reply: Page | ErrorResponse, seconds: float) -> None:
        """Log a page of Zoom's list of registrants."""
        self._consumer_metrics.listed(reply)
        reason = reply.kind.reason if isinstance(reply, ErrorResponse) else None
        listed = None if isinstance(reply, ErrorResponse) else len(reply.registrants)
        total = None if isinstance(reply, ErrorResponse) else reply.total
        line: dict[str, Any] = {"webinar_id": webinar_id, "registrants": listed, "total": total, "reason": reason}
        self._logger.info("Registrants listed", **line, seconds=round(seconds, 3), **_of_call(reply.call))

    def settings_read(self, webinar_id: str, reply: WebinarSettings | ErrorResponse, seconds: float) -> None:
        """Log what Zoom says of a webinar's seats."""
        line: dict[str, Any] = {"webinar_id": webinar_id, "seconds": round(seconds, 3)} | _of_call(reply.call)
        match reply:
            case WebinarSettings(restriction=restriction, capacity=capacity):
                self._logger.info("Webinar read", restriction=restriction, capacity=capacity, **line)
            case ErrorResponse(kind=kind):
                self._logger.warning("Webinar not read", reason=kind.reason, **line)

    def probed(self, webinar_id: str, is_reachable: bool, seconds: float) -> None:
        """Log a probe after calls without a response."""
        self._logger.info("Zoom probed", webinar_id=webinar_id, is_reachable=is_reachable, seconds=round(seconds, 3))

    def settled(self, decision: Decision) -> None:
        """Log an outcome; `registered` needs no line of its own."""
        self._consumer_metrics.settled(decision)
        line = _identification(decision.registrant) | {"zoom_tracking_id": decision.call.tracking_id}
        match decision.outcome:
            case PendingApproval():
                self._logger.info("Pending approval", **line)
            case Deferred(reason=reason, until=until, detail=detail):
                self._logger.info("Deferred", reason=reason, detail=detail, until=timestamp(until), **line)
            case Rejected(reason=reason, detail=detail):
                self._logger.warning("Rejected", reason=reason, detail=detail, **line)

    def already_registered(self, registrant: QueuedRegistrant) -> None:
        """Log a registrant that had a join URL: a submission sent twice, a redrive, a duplicate delivery."""
        self._logger.info("Already registered", **_identification(registrant))

    def forgotten(self, deliveries: Sequence[Delivery]) -> None:
        """Log dropped messages of erased people, without even a masked e-mail."""
        self._logger.info("Forgotten", message_ids=[delivery.message_id for delivery in deliveries])

    def unreadable(self, delivery: Delivery, reason: str, error: RegistrantError) -> None:
        """Log a message that holds no valid registrant."""
        line: dict[str, Any] = {"message_id": delivery.message_id, "reason": reason, "detail": str(error)}
        if isinstance(error, InvalidRegistrant):
            line["submission_id"] = as_id(error.submission_id)
            if error.key is not None:
                line |= {"webinar_id": error.key.webinar_id, "email": masked(error.key.email)}
        self._logger.warning("Rejected", **line)

    def abandoned(self, deliveries: Sequence[Delivery]) -> None:
        """Log messages that go back without an outcome: no time was left, or sending or storing failed."""
        self._consumer_metrics.abandoned(deliveries)
        for chunk in batched(deliveries, limits.IDS_PER_LINE):
            self._logger.info("Messages abandoned", message_ids=[delivery.message_id for delivery in chunk])

    def paused(self) -> None:
        """Log that an operator has paused sending."""
        self._logger.info("Sending paused")

    def stopped(self, reason: str, detail: str) -> None:
        """Log that this invocation sends nothing more."""
        self._logger.error("Sending stopped", reason=reason, detail=detail)

    def failed(self, operation: str, error: str) -> None:
        """Log a failed AWS call; its messages stay on the queue."""
        self.failures += 1
        self._logger.error("AWS call failed", operation=operation, error=error)

    def unexpected_error(self, error: Exception) -> None:
        """Log an unexpected error by type and place only: its text might hold personal data."""
        self.failures += 1
        self._logger.error("Unexpected error", error=type(error).__name__, where=_place(error))

    def ended(self, sums: Mapping[str, int]) -> None:
        """Log the invocation's sums."""
        self._consumer_metrics.ended(sums, self.failures)
        self._logger.info("Invocation ended", registrants=dict(sums), failures=self.failures)


def _of_call(call: CallInfo) -> dict[str, Any]:
    return {"zoom_status": call.status, "zoom_code": call.code, "zoom_tracking_id": call.tracking_id}


def _identification(registrant: QueuedRegistrant) -> dict[str, Any]:
    """Return the fields that identify a registrant and all of their messages."""
    line: dict[str, Any] = {
        "submission_id": as_id(registrant.details.submission_id),
        "message_id": registrant.first_delivery.message_id,
        "webinar_id": registrant.key.webinar_id,
        "email": masked(registrant.key.email),
    }
    if len(registrant.deliveries) > 1:
        line |= {
            "submission_ids": _submission_ids(registrant),
            "message_ids": [one.message_id for one in registrant.deliveries],
        }
    return line


def _submission_ids(registrant: QueuedRegistrant) -> list[str]:
    """Return the submission ids, those of duplicates included: they share the outcome."""
    duplicates = (Registrant.from_message(delivery.body) for delivery in registrant.deliveries[1:])
    found = (as_id(one.submission_id) for one in (registrant.details, *duplicates))
    return [one for one in found if one]


def _place(error: Exception) -> list[str]:
    """Return file, line and function of every frame: a traceback without its texts."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames
