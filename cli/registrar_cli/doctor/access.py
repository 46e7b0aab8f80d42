"""Check the access to Zoom step by step: credentials, token, scopes; where one step fails, the next cannot be checked.

So a cause is named once. Zoom itself is asked first, because a token that was written recently proves nothing once Zoom
refuses it: then RefreshToken is asked for another, and its answer is the cause.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom import ZoomApi
from registrar_cli.clients.zoom_access import StoredToken, read_stored_token, zoom_api
from registrar_cli.doctor.credentials import check_credentials, check_refused_token
from registrar_cli.doctor.zoom import Replies, check_scopes, check_token, query_scopes, token_is_refused
from registrar_cli.operations.check import Check, Light, not_checked, red
from registrar_cli.terminal.errors import CliError, Unreachable
from registrar_cli.terminal.suggestions import suggest

_TOKEN, _SCOPES = "token", "scopes"


@dataclass
class Access:
    """Checks the access with calls about one webinar; `zoom` is there once Zoom has accepted a token."""

    session: Session
    webinar_id: str
    clock: Callable[[], float] = time.time
    zoom: ZoomApi | None = None
    why_not: str = ""
    _replies: Replies = field(default_factory=dict)

    def check(self) -> Iterator[Check]:
        """Yield one check per step."""
        try:
            stored = read_stored_token(self.session)
        except CliError as error:
            yield red(_TOKEN, error.what, error.to_do)
            self.why_not = "the token cannot be read"
            return
        unreachable = self._query(stored)
        is_refused = token_is_refused(self._replies)
        try:
            credentials = (
                check_refused_token(self.session) if is_refused else check_credentials(self.session, stored, self.clock)
            )
        except CliError as error:
            credentials = red("credentials", error.what, error.to_do)
        yield credentials
        stored_now = read_stored_token(self.session)
        if stored_now and (stored is None or stored_now.token != stored.token):
            stored, unreachable = stored_now, self._query(stored_now)
            is_refused = token_is_refused(self._replies)
        yield from self._check_token(stored, unreachable, is_refused, credentials)

    def _check_token(
        self, stored: StoredToken | None, unreachable: Unreachable | None, is_refused: bool, credentials: Check
    ) -> Iterator[Check]:
        if stored is None or is_refused:
            self.why_not = "Zoom refuses the token" if stored else "there is no token"
            if credentials.light == Light.RED:
                yield not_checked(_TOKEN, self.why_not)
            elif stored:
                yield red(_TOKEN, "Zoom refuses a new token too", f"In a minute: {suggest('doctor')}")
            else:
                yield red(_TOKEN, "ZoomTokenSecret holds no token", "Fill in ZoomCredentialsSecret.")
            yield not_checked(_SCOPES, self.why_not)
            return
        yield from check_token(stored.token, self.clock)
        if unreachable:
            self.why_not = "Zoom does not answer"
            yield red("Zoom", unreachable.what, unreachable.to_do)
            return
        self.zoom = zoom_api(self.session, stored.token)
        yield from check_scopes(self._replies)

    def _query(self, stored: StoredToken | None) -> Unreachable | None:
        """Query Zoom with a token; return the error where it does not answer."""
        self._replies = {}
        if stored is not None:
            try:
                self._replies = query_scopes(zoom_api(self.session, stored.token), self.webinar_id)
            except Unreachable as error:
                return error
        return None
