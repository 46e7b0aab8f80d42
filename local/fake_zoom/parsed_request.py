"""A parsed request: its call, webinar, body and violations of Zoom's schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from local.fake_zoom import errors, schemas
from local.fake_zoom.calls import Call, CallName
from local.fake_zoom.exchange import Request
from local.fake_zoom.schemas import Violation

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """One call with its body parsed. `content` is None if the body is not JSON."""

    http: Request
    call: Call
    webinar: str
    content: object
    violations: tuple[Violation, ...]
    now: float
    max_registrants: int

    @classmethod
    def of(cls, request: Request, call: Call, webinar: str, now: float, max_registrants: int) -> ParsedRequest:
        """Parse and check the body."""
        content = schemas.read(request.body) if call.method != "GET" else None
        found = schemas.violations(call.name, content, max_registrants)
        return cls(request, call, webinar, content, found, now, max_registrants)

    @property
    def registrants(self) -> list[Mapping[str, object]]:
        """Return every object in the body that may be a registrant, even if the rest of the body is invalid."""
        if not isinstance(self.content, Mapping):
            return []
        listed = [self.content] if self.call.name is CallName.SINGLE else self.content.get("registrants")
        return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []

    @property
    def emails(self) -> tuple[str, ...]:
        """Return the e-mails in the body, as sent."""
        sent = (entry.get("email") for entry in self.registrants)
        return tuple(email for email in sent if isinstance(email, str))

    def body(self) -> Mapping[str, object]:
        """Return the body; raise Zoom's error if it has another content type or is not an object."""
        if self.http.content_type != JSON:
            raise errors.content_type_wrong()
        if not isinstance(self.content, Mapping):
            raise errors.body_unreadable()
        return self.content

    def violation_messages(self) -> tuple[str, ...]:
        """Return everything that is wrong with the request, for the log."""
        if self.call.name not in schemas.SCHEMAS:
            return ()
        kind = self.http.content_type
        wrong_type = () if kind == JSON else (f"content type: {kind!r} is not {JSON!r}",)
        return (*wrong_type, *(str(violation) for violation in self.violations))

    def shape_violations(self) -> tuple[Violation, ...]:
        """Return the violations of the request's shape, which no single item has caused."""
        return tuple(violation for violation in self.violations if violation.item is None)

    def first_half(self) -> ParsedRequest:
        """Return the same call with the first half of its registrants, as if Zoom had stopped halfway."""
        if self.call.name is not CallName.BATCH or not isinstance(self.content, Mapping):
            return self
        listed = self.content.get("registrants")
        if not isinstance(listed, list):
            return self
        content = {**self.content, "registrants": listed[: (len(listed) + 1) // 2]}
        found = schemas.violations(self.call.name, content, self.max_registrants)
        return replace(self, content=content, violations=found)
