"""The reasons for a rejection or deferral (contract 6), and which of them are final. Pure."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a registrant is rejected or deferred (contract 6)."""

    MALFORMED_MESSAGE = "malformed_message"
    INVALID_REGISTRANT = "invalid_registrant"
    HOST_NOT_ALLOWED = "host_not_allowed"
    EMAIL_NOT_ALLOWED = "email_not_allowed"
    WEBINAR_NOT_FOUND = "webinar_not_found"
    WEBINAR_OVER = "webinar_over"
    WEBINAR_FULL = "webinar_full"
    REGISTRATION_DISABLED = "registration_disabled"
    WEBINAR_TYPE_UNSUPPORTED = "webinar_type_unsupported"
    PAID_REGISTRATION = "paid_registration"
    WEBINAR_PLAN_MISSING = "webinar_plan_missing"
    WEBINAR_NOT_ACCESSIBLE = "webinar_not_accessible"
    ZOOM_REJECTED = "zoom_rejected"
    ACCOUNT_ATTENDEE_LIMIT = "account_attendee_limit"
    NOT_CONFIRMED = "not_confirmed"
    MISSING_SCOPE = "missing_scope"
    TOKEN_REJECTED = "token_rejected"  # noqa: S105  a reason, not a password
    REGISTRANT_DAILY_LIMIT = "registrant_daily_limit"
    ACCOUNT_DAILY_LIMIT = "account_daily_limit"
    RATE_LIMITED = "rate_limited"
    ZOOM_UNAVAILABLE = "zoom_unavailable"
    UNMAPPED_FORM = "unmapped_form"  # of AcceptForm: set aside, never on the registration queue


# Waiting does not help: all registrants of the webinar are dead-lettered at once (contract 6).
FINAL_FOR_WEBINAR: Final = frozenset(
    {
        Reason.WEBINAR_NOT_FOUND,
        Reason.WEBINAR_OVER,
        Reason.WEBINAR_FULL,
        Reason.REGISTRATION_DISABLED,
        Reason.WEBINAR_TYPE_UNSUPPORTED,
        Reason.PAID_REGISTRATION,
        Reason.WEBINAR_PLAN_MISSING,
        Reason.WEBINAR_NOT_ACCESSIBLE,
        Reason.INVALID_REGISTRANT,  # of Zoom: an answer is missing that the webinar requires
    }
)


# About the webinar or its account, not about a registrant: what an operator cures for all of them at once.
WEBINAR_WIDE: Final = FINAL_FOR_WEBINAR | {Reason.ACCOUNT_ATTENDEE_LIMIT}

# A matter of seats: one registrant may still get in where several are refused.
ABOUT_SEATS: Final = frozenset({Reason.WEBINAR_FULL, Reason.ACCOUNT_ATTENDEE_LIMIT})

# About one registrant: final once Zoom has refused a call with that registrant alone.
FINAL_WHEN_ALONE: Final = frozenset({Reason.HOST_NOT_ALLOWED, Reason.EMAIL_NOT_ALLOWED, Reason.ZOOM_REJECTED})


# A registrant deferred for these may be registered at Zoom although the row does not say so.
OUTCOME_UNKNOWN: Final = frozenset({Reason.NOT_CONFIRMED, Reason.ZOOM_UNAVAILABLE})
