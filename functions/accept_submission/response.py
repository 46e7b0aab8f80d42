"""HTTP responses of the form endpoint: JSON, or a page for a browser without JavaScript (contract 2)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from registrar.registrants.fields import FieldError

_Q_VALUE = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")  # RFC 9110, 12.4.2

_LABELS = {"email": "E-mail", "first_name": "First name", "last_name": "Last name", "webinar_id": "Webinar"}

_CORRECT = "Please go back, correct this, and submit the form again."
_TELL_THE_ORGANIZER = (
    "You are not registered. Nothing you entered is wrong: the form is set up incorrectly. Please tell the organizer "
    "of the webinar."
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
  body {{ font: 1.125rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem; }}
  h1 {{ font-size: 1.75rem; line-height: 1.2; }}
  div:focus {{ outline: none; }}
  code {{ font-size: .875em; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<main>
<div role="{role}" tabindex="-1" autofocus>
<h1>{title}</h1>
{content}
</div>
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class HttpResponse:
    """A response: its status, its JSON body, and the same content as HTML."""

    status: int
    body: Mapping[str, Any] = field(repr=False)
    title: str
    content: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def accepted(cls, submission_id: str) -> "HttpResponse":
        """Return the 202 of a submission that is durably queued."""
        return cls(
            202,
            {"submission_id": submission_id, "status": "queued"},
            "Thank you. We have received your registration.",
            "<p>We are now registering you for the webinar. The e-mail with your personal join link comes from Zoom or "
            "from the organizer, once your registration is confirmed. If you don't find it, not even among spam, ask "
            "the organizer, and give them this reference:</p>"
            f"<p><code>{escape(submission_id)}</code></p>",
        )

    @classmethod
    def invalid_fields(cls, errors: Sequence[FieldError]) -> "HttpResponse":
        """Return the 422 that names every invalid field; the webinar is none that the reader could correct."""
        can_correct = any(error.field != "webinar_id" for error in errors)
        to_do = _CORRECT if can_correct else _TELL_THE_ORGANIZER
        items = "".join(f"<li>{escape(_LABELS[error.field])} {escape(error.message)}.</li>" for error in errors)
        return cls(
            422,
            {"errors": [error._asdict() for error in errors]},
            "Please check what you entered" if can_correct else "We couldn't register you",
            f"<ul>{items}</ul><p>{to_do}</p>",
        )

    @classmethod
    def refused(cls, status: int, message: str) -> "HttpResponse":
        """Return the 400, 413 or 415 of a form that cannot be read; `message` is for whoever made the form."""
        content = f"<p>{_TELL_THE_ORGANIZER}</p><p>For the person who made the form: {escape(message)}</p>"
        return cls(status, {"message": message}, "We couldn't read this form", content)

    @classmethod
    def not_accepted(cls, retry_after: int) -> "HttpResponse":
        """Return the 503 of a submission that is not queued; `retry_after` is in seconds."""
        message = "We couldn't accept your registration right now. Please submit the form again in a few seconds."
        headers = {"retry-after": str(retry_after)}
        return cls(503, {"message": message}, "Please try again", f"<p>{escape(message)}</p>", headers)

    def _page(self) -> str:
        role = "alert" if self.status >= 400 else "status"  # a screen reader reads it out when the page opens
        return _PAGE.format(title=self.title, role=role, content=self.content)

    def to_payload(self, accept: str) -> dict[str, Any]:
        """Return API Gateway's payload format 2.0, as JSON or as a page, whichever the Accept header prefers."""
        as_page = prefers_html(accept)
        content = "text/html" if as_page else "application/json"
        return {
            "statusCode": self.status,
            "headers": {
                "content-type": f"{content}; charset=utf-8",
                "cache-control": "no-store",
                "x-content-type-options": "nosniff",
                "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
                **self.headers,
            },
            "body": self._page() if as_page else json.dumps(self.body),
        }


def prefers_html(accept: str) -> bool:
    """Return whether `text/html` has a strictly higher q than `application/json`; a tie and `*/*` mean JSON."""
    return _quality(accept, "text", "html") > _quality(accept, "application", "json")


def _quality(accept: str, kind: str, subtype: str) -> float:
    """Return the q of the most specific media range that covers this type, 0 if none does (RFC 9110, 12.5.1)."""
    covering = {f"{kind}/{subtype}": 2, f"{kind}/*": 1, "*/*": 0}
    best = (-1, 0.0)
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        if media_range in covering:
            best = max(best, (covering[media_range], _q(parameters)))
    return best[1]


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if _Q_VALUE.fullmatch(value.strip()) else 0.0
    return 1.0
