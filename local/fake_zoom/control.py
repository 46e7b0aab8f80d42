"""The client of the control API, for tests and the demo: each method is the method of `Account` of the same name."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import requests

from local.fake_zoom.call_log import Attempts, LoggedCall
from local.fake_zoom.webinars import Registrant, Status

TIMEOUT_SECONDS = 10.0


class ControlError(Exception):
    """The fake refused a control call; its message lists what is allowed."""


class FakeZoomControl:
    """Controls the fake Zoom at `base_url`, such as `http://127.0.0.1:8181`. Raises: ControlError."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    def reset(self) -> None:
        """Return to the initial state."""
        self._call("POST", "reset")

    def set_webinar(self, webinar: str, /, **properties: object) -> None:
        """Create a webinar, or change the given properties (see `WebinarProperties`)."""
        self._call("PATCH", f"webinars/{quote(webinar, safe='')}", properties)

    def delete_webinar(self, webinar: str) -> None:
        """Delete a webinar with its registrants."""
        self._call("DELETE", f"webinars/{quote(webinar, safe='')}")

    def set_switches(self, /, **switches: object) -> None:
        """Change the given switches (see `Switches`)."""
        self._call("PATCH", "switches", switches)

    def set_limits(self, /, **limits: object) -> None:
        """Apply a `plan` if given, then change the other given limits (see `Limits`)."""
        self._call("PATCH", "limits", limits)

    def set_profile(self, /, **profile: object) -> None:
        """Change credentials, scopes and other given properties (see `Profile`)."""
        self._call("PATCH", "profile", profile)

    def set_latency(self, milliseconds: int) -> None:
        """Delay every response of Zoom."""
        self._call("PUT", "latency", {"milliseconds": milliseconds})

    def add_fault(self, /, **fault: object) -> None:
        """Append a fault to the queue (see `Fault`)."""
        self._call("POST", "faults", fault)

    def clear_faults(self) -> None:
        """Remove the faults that have not been applied yet."""
        self._call("DELETE", "faults")

    def mint_token(self) -> str:
        """Mint a token without credentials."""
        return str(self._call("POST", "tokens")["access_token"])

    def revoke_tokens(self) -> None:
        """Revoke every token."""
        self._call("DELETE", "tokens")

    def advance(self, seconds: float) -> float:
        """Advance the clock, and return its new time in epoch seconds."""
        return float(self._call("POST", "clock", {"advance_seconds": seconds})["now"])

    def registrants(self, webinar: str) -> list[Registrant]:
        """Return all registrants of a webinar, including cancelled ones."""
        listed = self._call("GET", f"webinars/{quote(webinar, safe='')}/registrants")["registrants"]
        return [Registrant(**{**entry, "status": Status(entry["status"])}) for entry in listed]

    def calls(self) -> list[LoggedCall]:
        """Return all calls since the log was last cleared."""
        listed = self._call("GET", "calls")["calls"]
        return [
            LoggedCall(**{**entry, "emails": tuple(entry["emails"]), "violations": tuple(entry["violations"])})
            for entry in listed
        ]

    def clear_calls(self) -> None:
        """Clear the log, and with it the recorded attempts."""
        self._call("DELETE", "calls")

    def attempts(self) -> list[Attempts]:
        """Return the attempts per webinar, registrant and UTC day, highest first."""
        return [Attempts(**entry) for entry in self._call("GET", "attempts")["attempts"]]

    def highest_attempts(self) -> int:
        """Return the highest number of attempts per webinar, registrant and UTC day."""
        return int(self._call("GET", "attempts")["highest"])

    def report(self) -> Mapping[str, Any]:
        """Return all settings and the totals of the log."""
        return self._call("GET", "report")

    def _call(self, method: str, path: str, content: object = None) -> dict[str, Any]:
        url = f"{self.base_url}/_fake/{path}"
        response = requests.request(method, url, json=content, timeout=TIMEOUT_SECONDS)
        result: dict[str, Any] = response.json()
        if response.status_code != 200:
            raise ControlError(result.get("message", response.text))
        return result
