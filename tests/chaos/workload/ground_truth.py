"""Which reasons are true for which registrant, by what the fake Zoom knows of webinars and registrants.

A missing response is no reason: a registrant that Zoom would accept has to be registered.
"""

from collections.abc import Mapping

from local.fake_zoom.account import Account
from local.fake_zoom.webinars import Registrant, Status
from tests.chaos.workload.submissions import Key, Producers, Validity
from tests.chaos.workload.webinars import Kind, Plan

# An invocation may rely on a response about a webinar until it ends.
REMEMBERED_S = 300.0
AGE_LIMIT_S = 96 * 3_600.0  # contract 6

OF_WEBINAR: Mapping[Kind, str] = {
    Kind.OVER: "webinar_over",
    Kind.UNKNOWN: "webinar_not_found",
    Kind.PAID: "paid_registration",
    Kind.OFF: "registration_disabled",
    Kind.RECURRING: "webinar_type_unsupported",
    Kind.UNLICENSED: "webinar_plan_missing",
    Kind.FORBIDDEN: "zoom_rejected",
    Kind.SILENT: "zoom_unavailable",
}

OF_REGISTRANT: Mapping[Validity, str] = {
    Validity.BAD_DATA: "zoom_rejected",
    Validity.HOST: "host_not_allowed",
    Validity.BLOCKED: "email_not_allowed",
    Validity.DENIED: "zoom_rejected",
}


# Deferred, and dead-lettered at the age limit (contract 6).
TEMPORARY = frozenset(
    {
        *("registrant_daily_limit", "token_rejected", "missing_scope", "account_daily_limit", "rate_limited"),
        "zoom_unavailable",  # also while calls stop because those of another webinar have no response
    }
)


class GroundTruth:
    """The reasons that are true now."""

    def __init__(self, account: Account, plans: list[Plan], producers: Producers) -> None:
        self._account = account
        self._plans = {plan.id: plan for plan in plans}
        self._validity = producers.validity
        self._submitted_at_s: dict[Key, float] = {}
        for one in reversed(producers.submissions):
            if one.key is not None:
                self._submitted_at_s[one.key] = one.at_s
        self.full_until_s = 0.0  # the account's attendee limit
        self.repaired_at_s: float | None = None
        self.raised_at_s: float | None = None

    def is_true(self, key: Key, reason: str) -> bool:
        """Return whether Zoom rejects this registrant, or their webinar, for this reason at this moment."""
        plan, now = self._plans[key[0]], self._account.now()
        if reason == "account_attendee_limit":
            return now <= self.full_until_s + REMEMBERED_S
        known = {self._of_webinar(plan, now), OF_REGISTRANT.get(self._validity.get(key, Validity.VALID))} - {None}
        if reason == "not_confirmed":
            # Missing from a response or its response was unreadable, and not on Zoom's list.
            return bool(known)
        if reason in TEMPORARY - known:
            # A registrant that Zoom never accepts can reach the age limit without attempts left, or while calls stop.
            return bool(known) and now - self._submitted_at_s[key] > AGE_LIMIT_S
        return reason in known

    def _of_webinar(self, plan: Plan, now: float) -> str | None:
        """Return the reason why Zoom rejects every registrant of a webinar, if any."""
        if plan.kind is Kind.ENDING and now >= plan.ends_at_s:
            return "webinar_over"
        if plan.kind is Kind.REPAIRED and (self.repaired_at_s is None or now <= self.repaired_at_s + REMEMBERED_S):
            return "webinar_plan_missing"
        if plan.kind is Kind.LAST_SEATS:
            is_new = plan.is_raised and self.raised_at_s is not None and now <= self.raised_at_s + REMEMBERED_S
            return "webinar_full" if is_new or self.registrants(plan.id).seats_taken >= plan.seats else None
        return OF_WEBINAR.get(plan.kind)

    def registrants(self, webinar: str) -> "WebinarRegistrants":
        """Return the registrants of a webinar at Zoom."""
        plan = self._plans.get(webinar)
        known = plan is not None and plan.kind is not Kind.UNKNOWN
        return WebinarRegistrants(self._account.registrants(webinar) if known else [])


class WebinarRegistrants:
    """The registrants of a webinar at Zoom, by lower-case e-mail."""

    def __init__(self, registrants: list[Registrant]) -> None:
        self.by_email = {registrant.email.lower(): registrant for registrant in registrants}

    @property
    def seats_taken(self) -> int:
        """Return the number of registrants with a seat."""
        return sum(one.status in {Status.APPROVED, Status.PENDING} for one in self.by_email.values())
