"""Verify that a delivery comes from the form's provider: one table of signatures (form-providers.md, section 2). Pure.

What is signed are the bytes of the body as they were sent, so nothing is parsed before.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from registrar import limits
from registrar.forms.http.objects import parse_object
from registrar.forms.http.request import HttpRequest, Unacceptable
from registrar.forms.providers.form import Form

_DIGITS: Final = re.compile(r"[0-9]{1,16}")
# HubSpot signs the URI with these escapes decoded, and no others.
_DECODED_BY_HUBSPOT: Final = re.compile(r"%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def _keyed(secret: bytes, signed: bytes) -> bytes:
    return hmac.digest(secret, signed, "sha256")


def _plain(_: bytes, signed: bytes) -> bytes:
    return hashlib.sha256(signed).digest()


class Signature(NamedTuple):
    """A digest in a header. `signed` is a template of body, ts, id, secret, method, uri and decoded_uri."""

    header: str
    pattern: re.Pattern[str] = re.compile(r"(?P<digest>.+)")
    """The header's value; a group `ts` is the time of the signature."""
    signed: str = "{body}"
    algorithm: Callable[[bytes, bytes], bytes] = _keyed
    encode: Callable[[bytes], str] = bytes.hex
    timestamp_header: str = ""
    timestamps_per_second: int = 1
    id_header: str = ""
    version: tuple[str, str] = ("", "")
    """A header, and its value where this way of signing is meant."""

    def applies_to(self, request: HttpRequest) -> bool:
        """Return whether the request has the header, and names this version."""
        name, value = self.version
        return bool(request.header(self.header)) and request.header(name) == value

    def is_valid(self, request: HttpRequest, secret: str, now: float) -> bool:
        """Return whether the digest is the one of this secret and, where it has a time, is not too old."""
        found = self.pattern.fullmatch(request.header(self.header).strip())
        if not found:
            return False
        timestamp = found.groupdict().get("ts") or request.header(self.timestamp_header)
        if "{ts}" in self.signed and not _is_near(timestamp, self.timestamps_per_second, now):
            return False
        # Latin-1 has a character for each byte, so the body stays as it is.
        signed = self.signed.format(
            body=request.body.decode("latin-1"),
            ts=timestamp,
            id=_bytes(request.header(self.id_header)).decode("latin-1"),
            secret=_bytes(secret).decode("latin-1"),
            method=request.method,
            uri=_bytes(request.url).decode("latin-1"),
            decoded_uri=_bytes(_decoded(request.url)).decode("latin-1"),
        )
        digest = self.encode(self.algorithm(_bytes(secret), signed.encode("latin-1")))
        return hmac.compare_digest(digest.encode(), _bytes(found["digest"]))


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(uri: str) -> str:
    return _DECODED_BY_HUBSPOT.sub(lambda escape: chr(int(escape[1], 16)), uri)


def _is_near(timestamp: str, per_second: int, now: float) -> bool:
    if not _DIGITS.fullmatch(timestamp):
        return False
    return abs(int(timestamp) / per_second - now) <= limits.SIGNATURE_SECONDS


class SecretInBody(NamedTuple):
    """The provider sends the secret itself, as a field of the body."""

    field: str

    def applies_to(self, request: HttpRequest) -> bool:
        """Return True: only the body has the secret."""
        return True

    def is_valid(self, request: HttpRequest, secret: str, now: float) -> bool:
        """Return whether the field is the secret; a body that cannot be parsed has no field."""
        try:
            given = parse_object(request).get(self.field)
        except Unacceptable:
            return False
        return isinstance(given, str) and hmac.compare_digest(_bytes(given), _bytes(secret))


class StandardWebhook:
    """The signature of https://www.standardwebhooks.com, with the library of its authors."""

    def applies_to(self, request: HttpRequest) -> bool:
        """Return whether the request has a signature."""
        return bool(request.header("webhook-signature"))

    def is_valid(self, request: HttpRequest, secret: str, now: float) -> bool:
        """Return whether one of the signatures is the one of this secret, and not too old.

        The library's `verify` reads the clock, and fails on a malformed signature: it is asked what the right one is.
        """
        # Only `generic` and `google` with a secret need it.
        from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook  # noqa: PLC0415

        message_id, timestamp = request.header("webhook-id"), request.header("webhook-timestamp")
        if not message_id or not _is_near(timestamp, 1, now):
            return False
        try:
            webhook = Webhook(secret)
            right = webhook.sign(message_id, datetime.fromtimestamp(int(timestamp), UTC), request.body.decode())
        except (ValueError, EmptyWebhookSecretError):  # the secret is no base64 or empty, or the body no UTF-8
            return False
        given = request.header("webhook-signature").split()
        return any(hmac.compare_digest(right.encode(), _bytes(one)) for one in given)


_HUBSPOT: Final = "x-hubspot-signature"
_HUBSPOT_VERSION: Final = "x-hubspot-signature-version"
_HANDSHAKE_KEY: Final = (SecretInBody("HandshakeKey"),)
_STANDARD_WEBHOOK: Final = (StandardWebhook(),)

# The first that applies decides. Providers that are absent sign nothing: their form's id is the secret.
SIGNATURES: Final[Mapping[str, Sequence[Signature | SecretInBody | StandardWebhook]]] = {
    "typeform": (Signature(header="typeform-signature", pattern=re.compile(r"sha256=(?P<digest>.+)"), encode=_base64),),
    "tally": (Signature(header="tally-signature", encode=_base64),),
    "webflow": (
        Signature(
            header="x-webflow-signature",
            signed="{ts}:{body}",
            timestamp_header="x-webflow-timestamp",
            timestamps_per_second=1_000,
        ),
    ),
    "hubspot": (
        Signature(
            header="x-hubspot-signature-v3",
            signed="{method}{decoded_uri}{body}{ts}",
            encode=_base64,
            timestamp_header="x-hubspot-request-timestamp",
            timestamps_per_second=1_000,
        ),
        Signature(
            header=_HUBSPOT,
            signed="{secret}{method}{uri}{body}",
            algorithm=_plain,
            version=(_HUBSPOT_VERSION, "v2"),
        ),
        Signature(header=_HUBSPOT, signed="{secret}{body}", algorithm=_plain, version=(_HUBSPOT_VERSION, "v1")),
    ),
    "framer": (
        Signature(
            header="framer-signature",
            pattern=re.compile(r"sha256=(?P<digest>.+)"),
            signed="{body}{id}",
            id_header="framer-webhook-submission-id",
        ),
    ),
    "wpforms": (
        Signature(
            header="x-wpforms-webhook-signature",
            pattern=re.compile(r"t=(?P<ts>[0-9]+),\s*v=(?P<digest>.+)"),
            signed="{ts}.{body}",
        ),
    ),
    "wufoo": _HANDSHAKE_KEY,
    "formstack": _HANDSHAKE_KEY,
    "google": _STANDARD_WEBHOOK,
    "generic": _STANDARD_WEBHOOK,
}


def is_authentic(form: Form, secrets: Sequence[str], request: HttpRequest, now: float) -> bool:
    """Return whether one of the secrets signed the request; `now` is in epoch seconds.

    Without secrets, the form's id is the only secret: the answer is True. Secrets of a provider that signs nothing
    cannot be checked: the answer is False.
    """
    if not secrets:
        return True
    check = next((one for one in SIGNATURES.get(form.provider, ()) if one.applies_to(request)), None)
    return check is not None and any(check.is_valid(request, secret, now) for secret in secrets if secret)
