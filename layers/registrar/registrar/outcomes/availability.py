"""Decide from a webinar's settings and its number of registrants whether Zoom accepts more of them. Pure.

Three limits may close a registration (zoom-api-2.md, section 8): the host's restriction, the capacity of the host's
licence, and the account's limit, which no call shows. Whether pending registrants use a seat, and whether the capacity
limits registrations at all, is not documented. So the numbers decide only where every reading of them agrees.
"""

from dataclasses import dataclass
from typing import Final

from registrar.registrants.reasons import FINAL_FOR_WEBINAR, Reason
from registrar.zoom.responses import ErrorResponse, WebinarSettings

_SCHEDULED: Final = 5  # Zoom's number: the only type that a batch may be registered for
_WITHOUT_REGISTRATION: Final = 2  # Zoom's number among the approval types


@dataclass(frozen=True, slots=True)
class Taken:
    """How many registrants Zoom states for a webinar; None: no number."""

    approved: int | None = None
    pending: int | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """What Zoom states about further registrations for a webinar.

    `closed`: it accepts none, for this reason. `seats`: so many more get in. Neither: Zoom's data do not decide.
    `is_open`: what it last refused is cured, and not a matter of seats.
    """

    closed: Reason | None = None
    detail: str = ""
    seats: int | None = None
    is_open: bool = False


UNDECIDED: Final = Availability()


def availability(settings: WebinarSettings | ErrorResponse, taken: Taken, refused: Reason | None) -> Availability:
    """Return what the webinar's settings decide; `refused` is the reason of Zoom's last refusal today, if any."""
    if isinstance(settings, ErrorResponse):
        is_final = settings.kind.reason in FINAL_FOR_WEBINAR
        return Availability(settings.kind.reason, settings.message) if is_final else UNDECIDED
    if settings.approval_type == _WITHOUT_REGISTRATION:
        return Availability(Reason.REGISTRATION_DISABLED, "Zoom's settings of this webinar: registration is off.")
    if settings.type not in {None, _SCHEDULED}:
        detail = f"Zoom's settings of this webinar: its type is {settings.type}, recurring."
        return Availability(Reason.WEBINAR_TYPE_UNSUPPORTED, detail)
    is_cured = (refused == Reason.REGISTRATION_DISABLED and settings.approval_type is not None) or (
        refused == Reason.WEBINAR_TYPE_UNSUPPORTED and settings.type is not None
    )
    if is_cured:
        return Availability(is_open=True)
    return UNDECIDED if refused not in {None, Reason.WEBINAR_FULL} else _seats(settings, taken)


def _seats(settings: WebinarSettings, taken: Taken) -> Availability:
    approved, pending = taken.approved, taken.pending
    if approved is None or pending is None:
        return UNDECIDED
    # A limit that more registrants have passed is none.
    stated = (settings.restriction or None, settings.capacity)
    limits_ = [limit for limit in stated if limit is not None and limit >= approved]
    if not limits_:
        return UNDECIDED
    free = min(limits_) - approved
    if free == 0:
        return Availability(Reason.WEBINAR_FULL, f"Zoom lists {approved} registrants for {min(limits_)} seats.")
    are_both_stated = settings.restriction is not None and settings.capacity is not None
    return Availability(seats=free - pending) if are_both_stated and free > pending else UNDECIDED
