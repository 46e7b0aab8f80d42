"""Replies to a form provider: JSON, and success is exactly 200, because some take anything else for a failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from registrar import limits
from registrar.forms.http.response import HttpResponse
from registrar.observability.metrics import Metric


@dataclass(frozen=True)
class Reply:
    """A reply, and the metric that counts it."""

    status: int
    body: Mapping[str, str] = field(repr=False)
    metric: Metric
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def queued(cls, submission_id: str, is_repeated: bool = False) -> Self:
        """Return the reply to a submission whose message is durably queued, now or by an earlier delivery."""
        metric = Metric.FORMS_IGNORED if is_repeated else Metric.FORMS_ACCEPTED
        return cls(200, {"submission_id": submission_id, "status": "queued"}, metric)

    @classmethod
    def set_aside(cls, submission_id: str, is_repeated: bool = False) -> Self:
        """Return the reply to a submission that is durably on the dead-letter queue."""
        metric = Metric.FORMS_IGNORED if is_repeated else Metric.FORMS_SET_ASIDE
        return cls(200, {"submission_id": submission_id, "status": "set_aside"}, metric)

    @classmethod
    def ignored(cls, why: str) -> Self:
        """Return the reply to a test, a ping or a partial response."""
        return cls(200, {"status": "ignored", "why": why}, Metric.FORMS_IGNORED)

    @classmethod
    def not_found(cls) -> Self:
        """Return the 404 of a form id that is none."""
        return cls(404, {"message": "There is no such form."}, Metric.FORMS_UNKNOWN)

    @classmethod
    def disabled(cls) -> Self:
        """Return the 410 of a form that an operator has disabled."""
        return cls(410, {"message": "This form is disabled."}, Metric.FORMS_UNKNOWN)

    @classmethod
    def refused(cls, status: int, message: str) -> Self:
        """Return the 400, 401, 413 or 415 of a delivery that cannot be read, or may be anyone's."""
        return cls(status, {"message": message}, Metric.FORMS_REFUSED)

    @classmethod
    def not_taken(cls) -> Self:
        """Return the 503 of a delivery that AWS did not take; most providers repeat it."""
        message = "The submission could not be taken right now. Please deliver it again."
        retry_after = {"retry-after": str(limits.RETRY_AFTER_SECONDS)}
        return cls(503, {"message": message}, Metric.FORMS_NOT_TAKEN, retry_after)

    def to_payload(self) -> dict[str, Any]:
        """Return API Gateway's payload format 2.0."""
        return HttpResponse.json(self.status, self.body, self.headers).to_payload()
