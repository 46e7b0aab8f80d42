"""What becomes of a submission (contract 2), and how a program is told. `answer_pages.py` tells a browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from form import Form
from registrar import limits
from registrar.forms.http.response import HttpResponse
from registrar.observability.metrics import Metric
from registrar.registrants.fields import FieldError
from registrar.registrants.optional_fields import Kind

_TRY_AGAIN = "We couldn't accept your registration right now. Please submit the form again in a few seconds."


@dataclass(frozen=True)
class Target:
    """What a form is for. `webinar_id` is None if it is none, or not open for registration here."""

    kind: Kind
    webinar_id: str | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer, and the metric that counts it. `form` is what was read, `location` where a browser goes from here."""

    status: int
    metric: Metric
    content: Mapping[str, Any] = field(repr=False)
    form: Form | None = None
    errors: Sequence[FieldError] = ()
    location: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def accepted(cls, submission_id: str, location: str, metric: Metric = Metric.SUBMISSIONS_ACCEPTED) -> "Answer":
        """Return the answer to a submission that is durably queued."""
        content = {"submission_id": submission_id, "status": "queued"}
        return cls(status=202, metric=metric, content=content, location=location)

    @classmethod
    def invalid(cls, errors: Sequence[FieldError], form: Form) -> "Answer":
        """Return the 422 that names every invalid field."""
        content = {"errors": [error._asdict() for error in errors]}
        return cls(status=422, metric=Metric.SUBMISSIONS_REFUSED, content=content, form=form, errors=errors)

    @classmethod
    def refused(cls, status: int, message: str) -> "Answer":
        """Return the 400, 413 or 415 of a form that cannot be read; `message` is for whoever made the form."""
        return cls(status=status, metric=Metric.SUBMISSIONS_REFUSED, content={"message": message})

    @classmethod
    def not_accepted(cls, form: Form) -> "Answer":
        """Return the 503 of a submission that is not queued."""
        headers = {"retry-after": str(limits.RETRY_AFTER_SECONDS)}
        content = {"message": _TRY_AGAIN}
        return cls(status=503, metric=Metric.SUBMISSIONS_NOT_TAKEN, content=content, form=form, headers=headers)

    def to_json(self) -> HttpResponse:
        """Return the response to a program."""
        return HttpResponse.json(self.status, self.content, self.headers)
