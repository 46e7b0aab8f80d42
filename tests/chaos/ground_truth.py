"""Which reasons are true of whom: what the fake Zoom knows of its webinars and of the guilty, and no consumer tells.

In: a person, a reason, the moment. Out: whether it is true. Silence is no reason: whoever Zoom would take has to
get in.
"""

from collections.abc import Mapping

from local.fake_zoom.account import Account
from local.fake_zoom.webinars import Registrant, Status
from tests.chaos.submissions import Crowd, Guilt, Key
from tests.chaos.webinars import Kind, Plan

# For as long as an invocation may go on, what one answer said of a webinar is believed.
BELIEVED_S = 300.0
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

OF_PERSON: Mapping[Guilt, str] = {
    Guilt.BAD_DATA: "zoom_rejected",
    Guilt.HOST: "host_not_allowed",
    Guilt.BLOCKED: "email_not_allowed",
    Guilt.DENIED: "zoom_rejected",
}


OF_THE_MOMENT = frozenset(
    {"registrant_daily_limit", "token_rejected", "missing_scope", "account_daily_limit", "rate_limited"}
)


class Truth:
    """What is true now."""

    def __init__(self, account: Account, plans: list[Plan], crowd: Crowd) -> None:
        self._account = account
        self._plans = {plan.id: plan for plan in plans}
        self._guilt = crowd.guilt
        self._came_at_s: dict[Key, float] = {}
        for one in reversed(crowd.submissions):
            if one.key is not None:
                self._came_at_s[one.key] = one.at_s
        self.full_until_s = 0.0  # the account's attendee limit
        self.repaired_at_s: float | None = None

    def is_true(self, key: Key, reason: str) -> bool:
        """Tell whether Zoom has this against this person, or against his webinar, at this moment."""
        plan, now = self._plans[key[0]], self._account.now()
        if reason == "account_attendee_limit":
            return now <= self.full_until_s + BELIEVED_S
        known = {self._of_webinar(plan, now), OF_PERSON.get(self._guilt.get(key, Guilt.NONE))} - {None}
        if reason == "not_confirmed":
            # Left out of an answer, or of an answer that could not be read, and not on Zoom's list.
            return bool(known)
        if reason in OF_THE_MOMENT:
            # Whoever never gets in comes to the age limit on a day without attempts, or while nobody is sent.
            return bool(known) and now - self._came_at_s[key] > AGE_LIMIT_S
        return reason in known

    def _of_webinar(self, plan: Plan, now: float) -> str | None:
        """Return what Zoom has against everybody of a webinar; None: nothing."""
        if plan.kind is Kind.ENDING and now >= plan.ends_at_s:
            return "webinar_over"
        if plan.kind is Kind.REPAIRED and (self.repaired_at_s is None or now <= self.repaired_at_s + BELIEVED_S):
            return "webinar_plan_missing"
        if plan.kind is Kind.LAST_SEATS and self.registrants(plan.id).seats_taken >= plan.seats:
            return "webinar_full"
        return OF_WEBINAR.get(plan.kind)

    def registrants(self, webinar: str) -> "Seated":
        """Return who is registered at Zoom."""
        plan = self._plans.get(webinar)
        known = plan is not None and plan.kind is not Kind.UNKNOWN
        return Seated(self._account.registrants(webinar) if known else [])


class Seated:
    """The people of a webinar at Zoom, by lower-case e-mail."""

    def __init__(self, registrants: list[Registrant]) -> None:
        self.people = {registrant.email.lower(): registrant for registrant in registrants}

    @property
    def seats_taken(self) -> int:
        """How many hold a seat."""
        return sum(one.status in {Status.APPROVED, Status.PENDING} for one in self.people.values())
