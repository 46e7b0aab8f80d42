"""Zoom, asked about a webinar and about our rights; nobody is registered by it.

In: the token as the consumer uses it. Out: a `Look`: what Zoom said, or which refusal it was, by the consumer's own
table of meanings. Errors: `Unreachable`, without the token's value in any word.
"""

import json
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
class Look:
    """`kind` is None where Zoom agreed. `message` is Zoom's own."""

    status: int
    body: dict[str, Any] = field(repr=False)
    kind: ErrorKind | None

    @property
    def is_fine(self) -> bool:
        """Whether Zoom agreed."""
        return self.kind is None

    @property
    def reason(self) -> Reason | None:
        """Why it did not."""
        return self.kind.reason if self.kind else None

    @property
    def message(self) -> str:
        """What it said, without people."""
        return without_personal_data(str(self.body.get("message", "")), ())

    @property
    def refusal(self) -> str:
        """Why it did not agree, with its words where it used any."""
        reason = self.reason or Reason.ZOOM_REJECTED
        return f"{reason}: {self.message}" if self.message else reason


class ZoomLook:
    """Asks."""

    def __init__(self, token: Token, api_url: str, http: BoundedHttp | None = None) -> None:
        # As the consumer decides it: another URL than the default wins over the token's regional one.
        self._base = token.api_url if api_url == DEFAULT_API_URL and token.api_url else api_url
        self._token = token
        self._http = http or BoundedHttp()

    def webinar(self, webinar_id: str) -> Look:
        """The webinar itself."""
        return self._ask("GET", f"webinars/{webinar_id}")

    def registrants(self, webinar_id: str, status: str) -> Look:
        """How many registrants it has of a status: `total_records`."""
        return self._ask("GET", f"webinars/{webinar_id}/registrants", params={"status": status, "page_size": 1})

    def questions(self, webinar_id: str) -> Look:
        """What the registration form asks."""
        return self._ask("GET", f"webinars/{webinar_id}/registrants/questions")

    def may_register(self, webinar_id: str) -> Look:
        """A batch of nobody: refused either way, and the refusal tells whether the scope is there."""
        return self._ask("POST", f"webinars/{webinar_id}/batch_registrants", json={"registrants": []})

    def cancel(self, webinar_id: str, registrant: dict[str, str]) -> Look:
        """Cancel somebody's registration."""
        body = {"action": "cancel", "registrants": [registrant]}
        return self._ask("PUT", f"webinars/{webinar_id}/registrants/status", json=body)

    def _ask(self, method: str, path: str, **more: Any) -> Look:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self._token.value}"}
        request = requests.Request(method, f"{self._base}/{path}", headers=headers, **more)
        exchange = self._http.exchange(request, SECONDS)
        if not isinstance(exchange, Response):
            raise Unreachable(
                f"Zoom does not answer ({exchange.error}).", "See https://status.zoom.us, and whether you are online."
            )
        body = _json_object(exchange.body)
        code = body.get("code") if isinstance(body.get("code"), int) else None
        fine = 200 <= exchange.status < 300 and code is None
        return Look(
            exchange.status, body, None if fine else classify(exchange.status, code, str(body.get("message", "")))
        )


def _json_object(body: bytes | None) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}  # HTML, or cut off: the status tells enough
    return value if isinstance(value, dict) else {}
