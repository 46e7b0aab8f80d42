"""Verify that a form was sent by a person, with Cloudflare's Turnstile; only where TurnstileSiteKey is set.

Nothing is let through unverified: without a secret, or without an answer from Cloudflare, there is no registration.
"""

import time
from collections.abc import Callable, Collection
from typing import Any, Final
from uuid import UUID, uuid5

import requests
from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar.runtime.aws import error_code
from registrar.runtime.secret_text import clean
from submissions import NotAccepted

SITEVERIFY_URL: Final = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
_OF_THE_VISITOR: Final = {"missing-input-response", "invalid-input-response", "timeout-or-duplicate"}


class Turnstile:
    """Verifies tokens; the secret is read again after a minute, so that a new one takes effect."""

    def __init__(
        self, secrets: Any, secret: str, url: str = SITEVERIFY_URL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._secrets = secrets
        self._secret = secret
        self._url = url
        self._clock = clock
        self._value = ""
        self._read_at = 0.0

    def problem(self, token: str, submission_id: str, hostnames: Collection[str]) -> str:
        """Return why the token does not show a person, for the log; nothing if it does.

        Posted again for the same submission, as by a double click, a token is valid again. `hostnames` are those of the
        pages that may hold the form; none: any.

        Raises:
            NotAccepted: Cloudflare does not answer, or does not accept our secret.
        """
        if not 0 < len(token) <= limits.TURNSTILE_TOKEN_CHARACTERS:
            return "no token"
        answer = self._ask({
            "secret": self._read_secret(),
            "response": token,
            "idempotency_key": str(uuid5(UUID(submission_id), token)),
        })  # fmt: skip
        codes = {str(code) for code in answer.get("error-codes") or ()}
        if answer.get("success") is not True:
            said = ", ".join(sorted(codes)) or "no success"
            if codes and codes <= _OF_THE_VISITOR:
                return said
            raise NotAccepted(f"Turnstile: {said}")
        if hostnames and answer.get("hostname") not in hostnames:
            return "the form is on a page whose origin is not among AllowedOrigins"
        return ""

    def _ask(self, fields: dict[str, str]) -> dict[str, Any]:
        """Ask twice at most: the second time, the same idempotency key says that it is the same question."""
        failure = ""
        for _ in range(limits.TURNSTILE_TRIES):
            try:
                response = requests.post(
                    self._url, json=fields, timeout=limits.TURNSTILE_SECONDS, allow_redirects=False
                )
                if response.status_code < 500:
                    return _answer(response.json())
                failure = str(response.status_code)
            except (requests.RequestException, ValueError, RecursionError) as error:
                failure = type(error).__name__  # the text may quote the secret
        raise NotAccepted(f"Turnstile: {failure}")

    def _read_secret(self) -> str:
        now = self._clock()
        if not self._value or now - self._read_at > limits.TURNSTILE_SECRET_SECONDS:
            try:
                self._value = clean(self._secrets.get_secret_value(SecretId=self._secret)["SecretString"])
            except (ClientError, BotoCoreError, KeyError) as error:
                code = error_code(error) if isinstance(error, ClientError | BotoCoreError) else "no text"
                raise NotAccepted(f"TurnstileSecret: {code}") from error
            self._read_at = now
        if not self._value:
            raise NotAccepted("TurnstileSecret: empty")
        return self._value


def _answer(content: object) -> dict[str, Any]:
    """Return siteverify's answer.

    Raises:
        ValueError: it is none.
    """
    if isinstance(content, dict):
        codes, hostname = content.get("error-codes"), content.get("hostname")
        if isinstance(codes, list | None) and isinstance(hostname, str | None):
            return content
    raise ValueError
