"""The dates and questions of a webinar, and whether it is one or a meeting."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Webinars and meetings share their ids, and hardly differ otherwise."""

    WEBINAR = "webinar"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a recurring webinar. A moved one keeps its id; a deleted one stays, with the status `deleted`."""

    occurrence_id: str
    start_time: str
    duration: int = 60  # minutes
    status: str = "available"


@dataclass(frozen=True, slots=True)
class CustomQuestion:
    """A question of the host's own: short, single_radio, single_dropdown or multiple; of meetings short or single."""

    title: str
    type: str = "short"
    required: bool = False
    answers: tuple[str, ...] = ()
