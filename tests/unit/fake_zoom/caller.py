"""A client of one fake account in virtual time, in which one second passes before each call."""

import json
from dataclasses import dataclass
from typing import Any

from local.fake_zoom.account import Account
from local.fake_zoom.exchange import BrokenResponse, Request, Response

WEBINAR = "97871060099"
MORNING = 1_795_420_800.0  # 2026-11-23T08:00:00Z


@dataclass(frozen=True)
class ParsedResponse:
    """A complete response with its body parsed."""

    status: int
    content: Any
    headers: dict[str, str]

    @property
    def code(self) -> int:
        return int(self.content["code"])

    @property
    def emails(self) -> list[str]:
        return [item["email"] for item in self.content["registrants"]]


class Caller:
    """Calls one account with one webinar."""

    def __init__(self) -> None:
        self.moment = MORNING
        self.seconds_per_call = 1.0
        self.account = Account(lambda: self.moment)
        self.account.set_webinar(WEBINAR)
        self.account.set_profile(token_seconds=10 * 86_400)  # so that tests can advance the clock by days
        self.token = self.account.mint_token()
        self.account.set_profile(token_seconds=3_600)

    def send(self, method: str, target: str, content: object = None, **headers: str) -> Response | BrokenResponse:
        """Send a request with the token and a JSON body."""
        self.moment += self.seconds_per_call
        sent = {"Authorization": f"Bearer {self.token}"}
        if content is not None:
            sent["Content-Type"] = "application/json"
        body = b"" if content is None else json.dumps(content).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.account.handle(Request.to(method, target, sent | named, body))

    def request(self, method: str, target: str, content: object = None, **headers: str) -> ParsedResponse:
        """Send a request and return the parsed response."""
        return read(self.send(method, target, content, **headers))

    def batch(self, *emails: str, webinar: str = WEBINAR, **more: object) -> ParsedResponse:
        """Register these e-mails, all named Ada Example, in one batch."""
        return self.request("POST", f"/v2/webinars/{webinar}/batch_registrants", batch_of(*emails) | more)

    def broken_batch(self, *emails: str) -> Response | BrokenResponse:
        """Register a batch and return the response as it is, which may be broken."""
        return self.send("POST", f"/v2/webinars/{WEBINAR}/batch_registrants", batch_of(*emails))

    def single(self, email: str, webinar: str = WEBINAR, **more: object) -> ParsedResponse:
        """Register one registrant with the single call."""
        entry = {"email": email, "first_name": "Ada", "last_name": "Example"} | more
        return self.request("POST", f"/v2/webinars/{webinar}/registrants", entry)

    def change_status(self, action: str, *emails: str) -> ParsedResponse:
        """Approve, deny or cancel these registrants."""
        registrants = [{"email": email} for email in emails]
        content = {"action": action, "registrants": registrants}
        return self.request("PUT", f"/v2/webinars/{WEBINAR}/registrants/status", content)

    def listed(self, query: str = "") -> ParsedResponse:
        """List the registrants."""
        return self.request("GET", f"/v2/webinars/{WEBINAR}/registrants{query}")

    def registered(self, webinar: str = WEBINAR) -> set[str]:
        """Return the e-mails of all registrants of the webinar."""
        return {registrant.email for registrant in self.account.registrants(webinar)}


def batch_of(*emails: str) -> dict[str, object]:
    """Return the body of a batch."""
    registrants = [{"email": email, "first_name": "Ada", "last_name": "Example"} for email in emails]
    return {"registrants": registrants}


def read(result: Response | BrokenResponse) -> ParsedResponse:
    """Parse a complete response."""
    assert isinstance(result, Response)
    return ParsedResponse(result.status, result.json() if result.body else None, dict(result.headers))
