"""Sign a delivery as each provider does: with `hmac` alone, so that no code under test is used to test it."""

import base64
import hashlib
import hmac

from tests.unit.registrar.forms.providers.people import SECRET, URL


def _digest(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def sign_typeform(body: bytes, now: float) -> dict[str, str]:
    """Sign as Typeform."""
    return {"typeform-signature": "sha256=" + _base64(_digest(SECRET, body))}


def sign_tally(body: bytes, now: float) -> dict[str, str]:
    """Sign as Tally."""
    return {"tally-signature": _base64(_digest(SECRET, body))}


def sign_webflow(body: bytes, now: float) -> dict[str, str]:
    """Sign as Webflow."""
    moment = str(int(now * 1_000))
    digest = _digest(SECRET, f"{moment}:".encode() + body)
    return {"x-webflow-timestamp": moment, "x-webflow-signature": digest.hex()}


def sign_hubspot(body: bytes, now: float) -> dict[str, str]:
    """Sign as HubSpot's apps, version 3."""
    moment = str(int(now * 1_000))
    digest = _digest(SECRET, f"POST{URL}".encode() + body + moment.encode())
    return {"x-hubspot-request-timestamp": moment, "x-hubspot-signature-v3": _base64(digest)}


def sign_wpforms(body: bytes, now: float) -> dict[str, str]:
    """Sign as WPForms."""
    digest = _digest(SECRET, f"{int(now)}.".encode() + body)
    return {"x-wpforms-webhook-signature": f"t={int(now)},v={digest.hex()}"}


def sign_framer(body: bytes, now: float) -> dict[str, str]:
    """Sign as Framer."""
    digest = _digest(SECRET, body + b"submission-1")
    return {"framer-webhook-submission-id": "submission-1", "framer-signature": f"sha256={digest.hex()}"}


def sign_standard(body: bytes, now: float) -> dict[str, str]:
    """Sign as Standard Webhooks."""
    signed = f"msg-1.{int(now)}.".encode() + body
    digest = hmac.new(bytes(range(1, 25)), signed, hashlib.sha256).digest()
    signature = f"v1,{_base64(digest)}"
    return {"webhook-id": "msg-1", "webhook-timestamp": str(int(now)), "webhook-signature": signature}


def send_secret(body: bytes, now: float) -> dict[str, str]:
    """Add nothing: the body has the secret."""
    return {}
