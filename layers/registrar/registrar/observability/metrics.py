"""Emit the metrics of one invocation in CloudWatch's embedded metric format (EMF), through Powertools.

One line on standard output at the end of the invocation, failed or not. There is no line per registrant, and no
dimension names a registrant or a webinar.
"""

from collections import Counter, defaultdict
from enum import Enum, StrEnum
from types import TracebackType
from typing import Final, Self

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from registrar import limits

NAMESPACE: Final = "ZoomRegistrar"
DIGITS: Final = 3  # decimal places: milliseconds, thousandths of a percent


class Service(StrEnum):
    """The dimension `service`: which function emits. The dimension `stack` separates two stacks of one account."""

    ACCEPT_SUBMISSION = "accept-submission"
    ACCEPT_FORM = "accept-form"
    REGISTER_BATCH = "register-batch"
    REFRESH_TOKEN = "refresh-token"  # noqa: S105  a function, not a password
    DESCRIBE_WEBINAR = "describe-webinar"
    REGISTRATION_PAGE = "registration-page"


class Metric(Enum):
    """Every metric: its name in CloudWatch, its unit, the function that emits it. docs/runbook.md explains each one."""

    SUBMISSIONS_ACCEPTED = ("SubmissionsAccepted", MetricUnit.Count, Service.ACCEPT_SUBMISSION)
    SUBMISSIONS_REFUSED = ("SubmissionsRefused", MetricUnit.Count, Service.ACCEPT_SUBMISSION)
    SUBMISSIONS_NOT_TAKEN = ("SubmissionsNotTaken", MetricUnit.Count, Service.ACCEPT_SUBMISSION)
    HONEYPOT_FILLED = ("HoneypotFilled", MetricUnit.Count, Service.ACCEPT_SUBMISSION)
    TURNSTILE_REFUSED = ("TurnstileRefused", MetricUnit.Count, Service.ACCEPT_SUBMISSION)

    FORMS_ACCEPTED = ("FormsAccepted", MetricUnit.Count, Service.ACCEPT_FORM)
    FORMS_IGNORED = ("FormsIgnored", MetricUnit.Count, Service.ACCEPT_FORM)
    FORMS_SET_ASIDE = ("FormsSetAside", MetricUnit.Count, Service.ACCEPT_FORM)
    FORMS_REFUSED = ("FormsRefused", MetricUnit.Count, Service.ACCEPT_FORM)
    FORMS_UNKNOWN = ("FormsUnknown", MetricUnit.Count, Service.ACCEPT_FORM)
    FORMS_NOT_TAKEN = ("FormsNotTaken", MetricUnit.Count, Service.ACCEPT_FORM)
    FORM_CEILING_REACHED = ("FormCeilingReached", MetricUnit.Count, Service.ACCEPT_FORM)

    REGISTERED = ("Registered", MetricUnit.Count, Service.REGISTER_BATCH)
    ALREADY_REGISTERED = ("AlreadyRegistered", MetricUnit.Count, Service.REGISTER_BATCH)
    FORGOTTEN = ("Forgotten", MetricUnit.Count, Service.REGISTER_BATCH)
    PENDING_APPROVAL = ("PendingApproval", MetricUnit.Count, Service.REGISTER_BATCH)
    DEFERRED = ("Deferred", MetricUnit.Count, Service.REGISTER_BATCH)
    DEFERRED_TO_TOMORROW = ("DeferredToTomorrow", MetricUnit.Count, Service.REGISTER_BATCH)
    REJECTED = ("Rejected", MetricUnit.Count, Service.REGISTER_BATCH)
    BURIED = ("Buried", MetricUnit.Count, Service.REGISTER_BATCH)
    GIVEN_BACK = ("GivenBack", MetricUnit.Count, Service.REGISTER_BATCH)
    OWN_FAILURES = ("OwnFailures", MetricUnit.Count, Service.REGISTER_BATCH)

    TIME_TO_JOIN_URL = ("TimeToJoinUrl", MetricUnit.Seconds, Service.REGISTER_BATCH)
    LONGEST_WAIT = ("LongestWait", MetricUnit.Seconds, Service.REGISTER_BATCH)

    ZOOM_CALLS = ("ZoomCalls", MetricUnit.Count, Service.REGISTER_BATCH)
    REGISTRANTS_PER_CALL = ("RegistrantsPerCall", MetricUnit.Count, Service.REGISTER_BATCH)
    ZOOM_CALL_TIME = ("ZoomCallTime", MetricUnit.Seconds, Service.REGISTER_BATCH)
    ZOOM_UNAVAILABLE = ("ZoomUnavailable", MetricUnit.Count, Service.REGISTER_BATCH)
    TOO_FAST = ("TooFast", MetricUnit.Count, Service.REGISTER_BATCH)
    REGISTRANT_DAILY_LIMIT = ("RegistrantDailyLimit", MetricUnit.Count, Service.REGISTER_BATCH)
    ACCOUNT_DAILY_LIMIT = ("AccountDailyLimit", MetricUnit.Count, Service.REGISTER_BATCH)
    OTHER_RATE_LIMIT = ("OtherRateLimit", MetricUnit.Count, Service.REGISTER_BATCH)
    DAILY_BUDGET_USED = ("DailyBudgetUsed", MetricUnit.Percent, Service.REGISTER_BATCH)

    ACCESS_REFUSED = ("AccessRefused", MetricUnit.Count, Service.REGISTER_BATCH)
    ACCOUNT_LIMITED = ("AccountLimited", MetricUnit.Count, Service.REGISTER_BATCH)
    WEBINAR_FULL = ("WebinarFull", MetricUnit.Count, Service.REGISTER_BATCH)

    TOKEN_AGE = ("TokenAge", MetricUnit.Seconds, Service.REFRESH_TOKEN)
    REFRESH_FAILURES = ("RefreshFailures", MetricUnit.Count, Service.REFRESH_TOKEN)

    LOOKUPS_FAILED = ("LookupsFailed", MetricUnit.Count, Service.DESCRIBE_WEBINAR)

    def __init__(self, title: str, unit: MetricUnit, service: Service) -> None:
        self.title = title
        self.unit = unit
        self.service = service


class Metrics:
    """The metrics of one invocation, emitted when the `with` block ends."""

    def __init__(self, service: Service, stack: str) -> None:
        self._service = service
        self._stack = stack
        self._counts: Counter[Metric] = Counter()
        self._values: defaultdict[Metric, list[float]] = defaultdict(list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.emit()

    def count(self, metric: Metric, number: int = 1) -> None:
        """Add to the invocation's sum; a sum of 0 is emitted too: it shows that the function runs."""
        self._counts[metric] += number

    def value(self, metric: Metric, value: float | None) -> None:
        """Add one of several values; None adds nothing."""
        if value is not None:
            self._values[metric].append(round(value, DIGITS))

    def emit(self) -> None:
        """Print the line, unless there is no metric."""
        # Powertools' ordinary Metrics shares its values and dimensions among all instances of a process.
        emf = EphemeralMetrics(namespace=NAMESPACE, service=self._service, default_dimensions={"stack": self._stack})
        for metric, number in self._counts.items():
            emf.add_metric(metric.title, metric.unit, number)
        for metric, values in self._values.items():
            for value in _thinned(values):
                emf.add_metric(metric.title, metric.unit, value)
        if emf.metric_set:
            emf.flush_metrics()
        self._counts.clear()
        self._values.clear()


def _thinned(values: list[float]) -> list[float]:
    """Return at most one line's number of values, evenly from least to greatest, which keeps the percentiles."""
    most = limits.VALUES_PER_METRIC
    if len(values) <= most:
        return values
    ranked = sorted(values)
    return [ranked[round(place * (len(ranked) - 1) / (most - 1))] for place in range(most)]
