"""Which reasons are true of whom: what the fake Zoom knows of its webinars and of the guilty, and no consumer tells.

In: a person, a reason, the moment. Out: whether it is true. Silence is no reason: whoever Zoom would take has to
get in.
"""

from collections.abc import Mapping

from local.fake_zoom.account import Account
from local.fake_zoom.webinars import Registrant, Status
from tests.chaos.people import Guilt, Key
from tests.chaos.webinars import Kind, Plan

# For as long as an invocation may go on, what one answer said of a webinar is believed.
BELIEVED_S = 300.0

OF_WEBINAR: Mapping[Kind, frozenset[str]] = {
    Kind.OVER: frozenset({"webinar_over"}),
    Kind.UNKNOWN: frozenset({"webinar_not_found"}),
    Kind.PAID: frozenset({"paid_registration"}),
    Kind.OFF: frozenset({"registration_disabled"}),
    Kind.RECURRING: frozenset({"webinar_type_unsupported"}),
    Kind.UNLICENSED: frozenset({"webinar_plan_missing"}),
    Kind.FORBIDDEN: frozenset({"zoom_rejected"}),
    Kind.SILENT: frozenset({"zoom_unavailable", "not_confirmed", "registrant_daily_limit"}),
}

# Left out of the answer, somebody is not confirmed; refused alone, he is rejected.
OF_PERSON: Mapping[Guilt, frozenset[str]] = {
    Guilt.NONE: frozenset(),
    Guilt.BAD_DATA: frozenset({"zoom_rejected", "not_confirmed"}),
    Guilt.HOST: frozenset({"host_not_allowed", "not_confirmed"}),
    Guilt.BLOCKED: frozenset({"email_not_allowed", "not_confirmed"}),
    Guilt.DENIED: frozenset({"zoom_rejected", "not_confirmed"}),
    Guilt.PENDING: frozenset(),
}


class Truth:
    """What is true now."""

    def __init__(self, account: Account, plans: list[Plan], guilt: Mapping[Key, Guilt]) -> None:
        self._account = account
        self._plans = {plan.id: plan for plan in plans}
        self._guilt = guilt
        self.full_until_s = 0.0  # the account's attendee limit
        self.repaired_at_s: float | None = None

    def is_true(self, key: Key, reason: str) -> bool:
        """Tell whether Zoom has this against this person, or against his webinar, at this moment."""
        webinar, _ = key
        plan, now = self._plans[webinar], self._account.now()
        if reason in OF_WEBINAR.get(plan.kind, ()) or reason in OF_PERSON[self._guilt.get(key, Guilt.NONE)]:
            return True
        if reason == "webinar_over":
            return plan.kind is Kind.ENDING and now >= plan.ends_at_s
        if reason == "webinar_plan_missing":
            is_repaired = self.repaired_at_s is not None and now > self.repaired_at_s + BELIEVED_S
            return plan.kind is Kind.REPAIRED and not is_repaired
        if reason == "account_attendee_limit":
            return now <= self.full_until_s + BELIEVED_S
        if plan.kind is Kind.LAST_SEATS and reason in {"webinar_full", "not_confirmed"}:
            return self.registrants(webinar).seats_taken >= plan.seats
        return False

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
