"""Query Zoom about a webinar and the app's scopes, and cancel registrations; it registers no one.

Errors are classified by the layer's own table. No message holds the token.
"""

from dataclasses import dataclass, field
from typing import Any

import requests
from registrar.registrants.reasons import Reason
from registrar.registrants.redaction import without_personal_data
from registrar.zoom.errors import ErrorKind, classify
from registrar.zoom.http import BoundedHttp, Response
from registrar.zoom.token import Token

from registrar_cli.terminal.errors import Unreachable

DEFAULT_API_URL = "https://api.zoom.us/v2"  # the template's default of ZoomApiUrl
SECONDS = 20.0


@dataclass(frozen=True)
class ZoomReply:
    """One reply of Zoom. `kind` is None for a success."""

    status: int
    body: dict[str, Any] = field(repr=False)
    kind: ErrorKind | None

    @property
    def is_ok(self) -> bool:
        """Return whether Zoom agreed."""
        return self.kind is None

    @property
    def reason(self) -> Reason | None:
        """Return the reason for the refusal, or None."""
        return self.kind.reason if self.kind else None

    @property
    def message(self) -> str:
        """Return Zoom's message without personal data."""
        return without_personal_data(str(self.body.get("message", "")), ())

    @property
    def error(self) -> str:
        """Return the reason for the refusal, with Zoom's message if there is one."""
        reason = self.reason or Reason.ZOOM_REJECTED
        return f"{reason}: {self.message}" if self.message else reason


class ZoomApi:
    """Calls Zoom's API with one token."""

    def __init__(self, token: Token, api_url: str, http: BoundedHttp | None = None) -> None:
        # As in the consumer: a URL other than the default overrides the token's regional one.
        self._base = token.api_url if api_url == DEFAULT_API_URL and token.api_url else api_url
        self._token = token
        self._http = http or BoundedHttp()

    def webinar(self, webinar_id: str) -> ZoomReply:
        """Read the webinar."""
        return self._ask("GET", f"webinars/{webinar_id}")

    def registrants(self, webinar_id: str, status: str) -> ZoomReply:
        """Count the webinar's registrants with a status: `total_records`."""
        return self._ask("GET", f"webinars/{webinar_id}/registrants", params={"status": status, "page_size": 1})

    def questions(self, webinar_id: str) -> ZoomReply:
        """Read the questions of the registration form."""
        return self._ask("GET", f"webinars/{webinar_id}/registrants/questions")

    def probe_registering(self, webinar_id: str) -> ZoomReply:
        """Post an empty batch: Zoom refuses it, and the refusal shows whether the scope is present."""
        return self._ask("POST", f"webinars/{webinar_id}/batch_registrants", json={"registrants": []})

    def cancel(self, webinar_id: str, registrant: dict[str, str]) -> ZoomReply:
        """Cancel a registration."""
        body = {"action": "cancel", "registrants": [registrant]}
        return self._ask("PUT", f"webinars/{webinar_id}/registrants/status", json=body)

    def _ask(self, method: str, path: str, **more: Any) -> ZoomReply:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self._token.value}"}
        request = requests.Request(method, f"{self._base}/{path}", headers=headers, **more)
        exchange = self._http.exchange(request, SECONDS)
        if not isinstance(exchange, Response):
            raise Unreachable(
                f"Zoom does not answer ({exchange.error}).",
                "See https://status.zoom.us, and check that you are online.",
            )
        body = exchange.json_object()
        code = body.get("code") if isinstance(body.get("code"), int) else None
        fine = 200 <= exchange.status < 300 and code is None
        return ZoomReply(
            exchange.status, body, None if fine else classify(exchange.status, code, str(body.get("message", "")))
        )
