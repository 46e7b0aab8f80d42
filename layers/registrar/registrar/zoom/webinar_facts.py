"""What Zoom says about a webinar or meeting: read by DescribeWebinar, kept in WebinarTable, shown on pages. Pure.

Source: GET /webinars/{id} or /meetings/{id}, and GET …/registrants/questions (zoom-api-2.md, sections 1 to 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the registration form.

    A standard field of Zoom has its name as `name` (`org`, `last_name`) and no `title`; one of the host's own has a
    `title`, and `answers` to choose from unless it is of the type `short`. `type`: short, single, multiple, dropdown.
    """

    type: str
    is_required: bool
    name: str = ""
    title: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a recurring webinar that is still to come and not deleted. `id` is opaque."""

    id: str
    starts_at: str
    """ISO-8601, UTC."""
    duration_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebinarFacts:
    """The facts of one webinar or meeting. None, or empty: Zoom does not say.

    `exists` is False where Zoom knows none of this id; every other fact is then absent. `full_since` is set by the
    consumer when a registrant is refused for want of seats.
    """

    webinar_id: str
    kind: str = "webinar"
    exists: bool = True
    topic: str = ""
    type: int | None = None
    starts_at: str | None = None
    """ISO-8601, UTC."""
    duration_minutes: int | None = None
    timezone: str | None = None
    """An IANA name, such as Europe/Berlin."""
    approval_type: int | None = None
    """0 automatic, 1 manual, 2 no registration."""
    registration_type: int | None = None
    occurrences: Sequence[Occurrence] = ()
    questions: Sequence[Question] = ()
    capacity: int | None = None
    host_sends_mail: bool | None = None
    """Whether Zoom e-mails the join URL to registrants."""
    full_since: str | None = None
    """ISO-8601, UTC."""
    looked_up_at: str | None = None
    """ISO-8601, UTC."""
