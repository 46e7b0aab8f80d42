"""Build the events of a form provider's delivery, as an HTTP API sends them to Lambda (payload format 2.0)."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from tests.unit.registrar.forms.providers.people import FORM_ID, Person
from tests.unit.registrar.forms.providers.samples import SAMPLES

HOST = "hooks.example.com"
ANA = Person(email="Ana@Example.com")
_TEXT_TYPES = ("application/json", "application/xml", "application/javascript", "text/")


def delivery_event(
    body: bytes,
    content_type: str = "application/json",
    *,
    form_id: str = FORM_ID,
    headers: Mapping[str, str] | None = None,
    query: str = "",
) -> dict[str, Any]:
    """Return a POST; its body is base64 unless API Gateway treats the content type as text."""
    path = f"/forms/{form_id}"
    is_text = content_type.startswith(_TEXT_TYPES)
    return {
        "version": "2.0",
        "routeKey": "POST /forms/{form_id}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": HOST, "x-forwarded-proto": "https", "content-type": content_type, **(headers or {})},
        "requestContext": {
            "domainName": HOST,
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
            "requestId": "UfLfBhxrIAMEJ3g=",
            "routeKey": "POST /forms/{form_id}",
            "stage": "$default",
        },
        "pathParameters": {"form_id": form_id},
        "body": body.decode() if is_text else base64.b64encode(body).decode(),
        "isBase64Encoded": not is_text,
    }


def provider_event(provider: str, who: Person = ANA, *, signed_at: float | None = None, **more: Any) -> dict[str, Any]:
    """Return what this provider delivers for a person, signed if it signs and a time (epoch seconds) is given."""
    sample = SAMPLES[provider]
    body = sample.build(who)
    signature = sample.sign(body, signed_at) if sample.sign and signed_at is not None else {}
    return delivery_event(body, sample.content_type, headers=signature, **more)


def generic_event(fields: object, **more: Any) -> dict[str, Any]:
    """Return a POST of JSON, as Zapier sends it."""
    return delivery_event(json.dumps(fields).encode(), **more)
