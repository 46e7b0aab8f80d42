"""What Zoom says about a webinar or meeting: read by DescribeWebinar, kept in WebinarTable, shown on pages. Pure.

Source: GET /webinars/{id} or /meetings/{id}, and GET …/registrants/questions (zoom-api-2.md, sections 1 to 5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self

WEBINAR: Final = "webinar"
MEETING: Final = "meeting"
KINDS: Final = (WEBINAR, MEETING)


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
    kind: str = WEBINAR
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
    """Of a recurring webinar: 1 register once for all dates, 2 for each date, 3 once for one or more dates."""
    occurrences: Sequence[Occurrence] = ()
    questions: Sequence[Question] = ()
    capacity: int | None = None
    host_sends_mail: bool | None = None
    """Whether Zoom e-mails the join URL to registrants."""
    full_since: str | None = None
    """ISO-8601, UTC."""
    looked_up_at: str | None = None
    """ISO-8601, UTC."""

    def of_kind(self, kind: str) -> "WebinarFacts":
        """Return the facts of this kind: what exists as the other kind does not exist as this one."""
        if self.kind == kind:
            return self
        return WebinarFacts(webinar_id=self.webinar_id, kind=kind, exists=False, looked_up_at=self.looked_up_at)

    @classmethod
    def from_attributes(cls, attributes: Mapping[str, Any]) -> Self:
        """Read what `to_attributes` returns, ignoring attributes that a later version adds."""
        known = _known(attributes, cls)
        occurrences = tuple(Occurrence(**_known(one, Occurrence)) for one in known.pop("occurrences", ()))
        questions = tuple(
            Question(**_known(one, Question) | {"answers": tuple(one.get("answers", ()))})
            for one in known.pop("questions", ())
        )
        return cls(**known, occurrences=occurrences, questions=questions)

    def to_attributes(self) -> dict[str, Any]:
        """Return the facts by their names, as JSON can hold them, without those that Zoom does not state."""
        return asdict(self, dict_factory=_stated)


def _known(attributes: Mapping[str, Any], of: type[WebinarFacts | Question | Occurrence]) -> dict[str, Any]:
    names = {field.name for field in fields(of)}
    return {name: value for name, value in attributes.items() if name in names}


def _stated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value not in (None, "", (), [])}
