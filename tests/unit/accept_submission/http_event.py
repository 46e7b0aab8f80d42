"""Build the events that an HTTP API sends to Lambda (payload format 2.0).

Header names are in lower case. A body is text if API Gateway treats its type as text and its bytes are UTF-8, and
otherwise base64, as a form always is. A request without a body has no `body`.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

WEBINAR = "97871060099"
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
MULTIPART_TYPE = "multipart/form-data; boundary=----registrar"
ADA = {"email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace"}

_TEXT_TYPES = ("application/json", "application/xml", "application/javascript", "text/")
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def http_event(
    body: bytes | None,
    content_type: str | None = JSON_TYPE,
    *,
    webinar: str = WEBINAR,
    kind: str = "webinar",
    accept: str | None = None,
    base64_encoded: bool | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return a POST. `base64_encoded` None: as API Gateway does; False keeps bytes that are not UTF-8 as surrogates."""
    sent = {"content-type": content_type, "accept": accept, **(headers or {})}
    path = f"/{kind}s/{webinar}/registrants"
    route = f"POST /{kind}s/{{{kind}_id}}/registrants"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "content-length": str(len(body or b"")),
            "host": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
            "user-agent": _BROWSER,
            "x-amzn-trace-id": "Root=1-6924e0a0-3f2d8c5a1b7e4d906c8f2a13",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            **{name: value for name, value in sent.items() if value is not None},
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "a1b2c3d4e5",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": _BROWSER,
            },
            "requestId": "UfLfBhxrIAMEJ3g=",
            "routeKey": route,
            "stage": "$default",
            "time": "23/Nov/2026:14:00:00 +0000",
            "timeEpoch": 1795442400000,
        },
        "pathParameters": {f"{kind}_id": webinar},
        "isBase64Encoded": False,
    }
    if body:
        is_encoded = not _is_text(body, content_type or "") if base64_encoded is None else base64_encoded
        event["isBase64Encoded"] = is_encoded
        event["body"] = base64.b64encode(body).decode() if is_encoded else body.decode("utf-8", "surrogateescape")
    return event


def json_event(fields: object, **more: Any) -> dict[str, Any]:
    """Return a POST of JSON."""
    return http_event(json.dumps(fields).encode(), **more)


def form_event(fields: object, **more: Any) -> dict[str, Any]:
    """Return a POST of an HTML form."""
    return http_event(urlencode(fields).encode(), FORM_TYPE, **more)  # type: ignore[arg-type]


def multipart_event(fields: Iterable[tuple[str, str | bytes]], **more: Any) -> dict[str, Any]:
    """Return a POST of a browser's `FormData`, which has text fields only."""
    return http_event(multipart_body(fields), MULTIPART_TYPE, **more)


def multipart_body(fields: Iterable[tuple[str, str | bytes]], extra: bytes = b"") -> bytes:
    """Return the body of MULTIPART_TYPE; `extra` is put before its end."""
    encoded = ((name.encode(), text.encode() if isinstance(text, str) else text) for name, text in fields)
    parts = (
        b'------registrar\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name, text)
        for name, text in encoded
    )
    return b"".join(parts) + extra + b"------registrar--\r\n"


def _is_text(body: bytes, content_type: str) -> bool:
    if not content_type.startswith(_TEXT_TYPES):
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
