"""The sample submissions of `events/samples.json` with their expected outcomes.

The demo sends them all; `make serve` creates the same webinars.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from local.fake_zoom.control import FakeZoomControl

SAMPLES = Path(__file__).parents[2] / "events" / "samples.json"

REGISTERED: Final = "registered"
INVALID_FORM: Final = "invalid_form"
PAGE: Final = "page"


@dataclass(frozen=True)
class Submission:
    """A submitted form. `expected`: `registered`, `invalid_form`, or the reason of the rejection.

    `via`: a form provider that delivers it by webhook, `page` for a browser that fills in the registration page, or
    nothing for a form of one's own. `answers` are those to the questions of the webinar.
    """

    webinar_id: str
    email: str
    first_name: str
    expected: str
    last_name: str = ""
    via: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> dict[str, str]:
        """Return the fields of the form."""
        names = {"email": self.email, "first_name": self.first_name, "last_name": self.last_name}
        return names | {f"answers.{title}": answer for title, answer in self.answers.items()}

    @property
    def way_in(self) -> str:
        """Return how it came, for the report: nothing for a form of one's own."""
        return {"": "", PAGE: "via the registration page"}.get(self.via, f"via {self.via.capitalize()}")

    @property
    def accepted_status(self) -> int:
        """Return the HTTP status that accepts it: providers know only 200, and a browser is sent to its status page."""
        return {"": 202, PAGE: 303}.get(self.via, 200)


@dataclass(frozen=True)
class Message:
    """A message that a producer sends to the queue, bypassing the HTTP API."""

    body: str
    expected: str


@dataclass(frozen=True)
class Samples:
    """All samples. `webinars`: the properties of the existing webinars, by id."""

    webinars: Mapping[str, Mapping[str, Any]]
    submissions: tuple[Submission, ...]
    messages: tuple[Message, ...]

    @classmethod
    def read(cls, path: Path = SAMPLES) -> Samples:
        """Read the file."""
        read = json.loads(path.read_text(encoding="utf-8"))
        webinars = {webinar.pop("id"): webinar for webinar in read["webinars"]}
        submissions = tuple(Submission(**submission) for submission in read["submissions"])
        return cls(webinars, submissions, tuple(Message(**message) for message in read["messages"]))

    def topic(self, webinar_id: str) -> str:
        """Return the topic of a webinar."""
        return str(self.webinars.get(webinar_id, {}).get("topic", "(does not exist)"))

    def open_webinars(self, zoom: FakeZoomControl) -> None:
        """Create the webinars in the fake Zoom."""
        for webinar_id, properties in self.webinars.items():
            zoom.set_webinar(webinar_id, **properties)
