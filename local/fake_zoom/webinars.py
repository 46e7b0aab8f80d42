"""The webinars and meetings of an account with their registrants and seats. E-mails are compared without case."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from local.fake_zoom import utc
from local.fake_zoom.details import CustomQuestion, Kind, Occurrence
from local.fake_zoom.fields import NotAllowedError, require


class WebinarType(IntEnum):
    """Zoom's numbers: only scheduled webinars accept batches."""

    SCHEDULED = 5
    RECURRING_NO_FIXED_TIME = 6
    RECURRING_FIXED_TIME = 9


class ApprovalType(IntEnum):
    """Zoom's numbers for how registrants are approved."""

    AUTOMATIC = 0
    MANUAL = 1
    NO_REGISTRATION = 2


class Status(StrEnum):
    """The status of a registrant. Zoom lists registrants of the first three only."""

    APPROVED = "approved"
    PENDING = "pending"
    DENIED = "denied"
    CANCELLED = "cancelled"


HOLDS_A_SEAT = frozenset({Status.APPROVED, Status.PENDING})


@dataclass(frozen=True, slots=True)
class WebinarProperties:
    """The properties of a webinar.

    A `registrants_restrict_number` above 0 limits the registrants; the licence's `capacity` may limit them too. Zoom
    refuses `refused_emails` as invalid data, for undocumented reasons; `blocked_domains` is the host's e-mail policy.
    Two say whether Zoom would send e-mails. `unstated`: what Zoom leaves out where it describes the webinar.
    """

    kind: Kind = Kind.WEBINAR
    topic: str = "A webinar"
    type: WebinarType = WebinarType.SCHEDULED
    approval_type: ApprovalType = ApprovalType.AUTOMATIC
    host_email: str = "host@example.com"
    alternative_hosts: tuple[str, ...] = ()
    capacity: int = 100_000
    registrants_restrict_number: int = 0
    start_time: str = "2099-01-01T10:00:00Z"
    duration: int = 60  # minutes
    timezone: str = "UTC"
    registration_type: int = 1  # of a recurring webinar: 1 once for all dates, 2 for each date, 3 once for one or more
    occurrences: tuple[Occurrence, ...] = ()
    blocked_domains: tuple[str, ...] = ()
    refused_emails: tuple[str, ...] = ()
    paid: bool = False
    licensed: bool = True
    accessible: bool = True
    required_questions: tuple[str, ...] = ("last_name",)
    optional_questions: tuple[str, ...] = ()
    custom_questions: tuple[CustomQuestion, ...] = ()
    registrants_email_notification: bool = True
    registrants_confirmation_email: bool = True
    unstated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(self.capacity >= 0, "'capacity' must be 0 or more")
        require(self.registrants_restrict_number >= 0, "'registrants_restrict_number' must be 0 or more")
        try:
            utc.epoch_seconds(self.start_time)
        except ValueError as error:
            raise NotAllowedError(f"'start_time' must be an ISO-8601 timestamp with a time zone: {error}") from error

    def is_over(self, now: float) -> bool:
        """Return whether the webinar has ended."""
        return now >= utc.epoch_seconds(self.start_time) + self.duration * 60

    def hosts(self) -> frozenset[str]:
        """Return the lower-case e-mails of all hosts."""
        return frozenset(email.lower() for email in (self.host_email, *self.alternative_hosts))


@dataclass(frozen=True, slots=True)
class Registrant:
    """A registrant of a webinar, with the e-mail as spelled at the first registration."""

    registrant_id: str
    email: str
    first_name: str
    last_name: str
    status: Status
    create_time: str
    join_url: str


@dataclass
class Webinar:
    """A webinar and its registrants in order of registration, by lower-case e-mail."""

    id: str
    properties: WebinarProperties
    registrants: dict[str, Registrant] = field(default_factory=dict)
    seats_taken: int = 0
    join_urls_made: int = 0

    def find(self, email: str) -> Registrant | None:
        """Return the registrant with this e-mail, unless cancelled."""
        registrant = self.registrants.get(email.lower())
        return None if registrant is None or registrant.status is Status.CANCELLED else registrant

    def add(self, email: str, first_name: str, last_name: str, status: Status, now: float) -> Registrant:
        """Add a registrant; it replaces an earlier registration of this e-mail."""
        registrant_id = hashlib.sha256(f"{self.id} {email.lower()}".encode()).hexdigest()[:22]
        join_url = self._new_join_url(registrant_id)
        registrant = Registrant(registrant_id, email, first_name, last_name, status, utc.iso(now), join_url)
        self._put(registrant)
        return registrant

    def change_status(self, registrant: Registrant, status: Status) -> None:
        """Approve, deny or cancel a registrant."""
        self._put(replace(registrant, status=status))

    def renew_join_url(self, registrant: Registrant) -> Registrant:
        """Replace a registrant's join URL."""
        renewed = replace(registrant, join_url=self._new_join_url(registrant.registrant_id))
        self._put(renewed)
        return renewed

    def with_status(self, status: Status) -> Iterator[Registrant]:
        """Return the registrants with this status, in order of registration."""
        return (registrant for registrant in self.registrants.values() if registrant.status is status)

    def _put(self, registrant: Registrant) -> None:
        key = registrant.email.lower()
        before = self.registrants.get(key)
        self.seats_taken += (registrant.status in HOLDS_A_SEAT) - (before is not None and before.status in HOLDS_A_SEAT)
        self.registrants[key] = registrant

    def _new_join_url(self, registrant_id: str) -> str:
        self.join_urls_made += 1
        return f"https://zoom.us/w/{self.id}?tk={registrant_id}.{self.join_urls_made}&uuid=WN_{self.id}"
