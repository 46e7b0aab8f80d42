"""The sample submissions of `events/samples.json` with their expected outcomes.

The demo sends them all; `make serve` creates the same webinars.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local.fake_zoom.control import FakeZoomControl

SAMPLES = Path(__file__).parents[2] / "events" / "samples.json"

REGISTERED: Final = "registered"
INVALID_FORM: Final = "invalid_form"


@dataclass(frozen=True)
class Submission:
    """A submitted form. `expected`: `registered`, `invalid_form`, or the reason of the rejection."""

    webinar_id: str
    email: str
    first_name: str
    expected: str
    last_name: str = ""

    @property
    def form(self) -> dict[str, str]:
        """Return the fields of the form."""
        return {"email": self.email, "first_name": self.first_name, "last_name": self.last_name}


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
