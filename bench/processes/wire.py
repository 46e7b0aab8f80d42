"""Replace AWS and Zoom where bytes would leave the process: everything before that is the function's work.

The clients of botocore and requests build, sign and parse as usual, but send to functions of this process. Sockets, TLS
and urllib3 are not measured, which favours the naive function because it makes more calls.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from bench.processes.lambda_environment import FORM_ID, FORM_SECRET

Json = dict[str, Any]
Aws = Callable[[str, Json], Json]
ZoomAnswer = tuple[int, bytes]
ZoomServer = Callable[[bytes], ZoomAnswer]

JOIN_URL = "https://us06web.zoom.us/w/97871060099?tk=" + "x" * 150 + "&pwd=" + "y" * 32  # as long as Zoom's

_FORM = {"form_id": {"S": FORM_ID}, "provider": {"S": "typeform"}, "webinar_id": {"S": "97871060099"}}


def replace(aws: Aws, zoom: ZoomServer) -> None:
    """Replace both in this process; it imports them, so call it after the function where imports are measured."""
    import botocore.httpsession  # noqa: PLC0415  see above
    import requests.adapters  # noqa: PLC0415
    from botocore.awsrequest import AWSResponse  # noqa: PLC0415
    from botocore.compat import HTTPHeaders  # noqa: PLC0415
    from urllib3 import HTTPResponse  # noqa: PLC0415

    def send_to_aws(_session: object, request: Any) -> Any:
        target = request.headers["X-Amz-Target"]
        named = target.decode() if isinstance(target, bytes) else target
        body = json.dumps(aws(named.rsplit(".", 1)[-1], json.loads(request.body))).encode()
        headers = HTTPHeaders.from_dict(
            {"Content-Type": "application/x-amz-json-1.0", "Content-Length": str(len(body))}
        )
        return AWSResponse(request.url, 200, headers, _Raw(body))

    def send_to_zoom(_adapter: object, request: Any, **_options: Any) -> requests.Response:
        sent = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        response = requests.Response()
        response.status_code, body = zoom(sent)
        head = {
            "Content-Type": "application/json;charset=UTF-8",
            "x-zm-trackingid": "v=2.0;clid=us06;rid=WEB_0123456789",
        }
        response.raw = HTTPResponse(io.BytesIO(body), head, response.status_code, preload_content=False)
        response.headers.update(head)
        response.url, response.request, response.encoding = request.url, request, "utf-8"
        return response

    botocore.httpsession.URLLib3Session.send = send_to_aws  # type: ignore[method-assign,assignment]
    requests.adapters.HTTPAdapter.send = send_to_zoom  # type: ignore[method-assign,assignment]


class _Raw:
    """A response body in the form that botocore reads."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def zoom(body: bytes) -> ZoomAnswer:
    """Return Zoom's successful response to a batch, or to a single registration."""
    sent = json.loads(body)
    if "registrants" in sent:
        registrants = [
            _registered(registrant["email"]) | {"email": registrant["email"]} for registrant in sent["registrants"]
        ]
        return 200, json.dumps({"registrants": registrants}).encode()
    about = {"id": 97871060099, "topic": "Opening keynote", "start_time": "2026-12-01T14:00:00Z"}
    return 201, json.dumps(about | _registered(sent["email"])).encode()


def _registered(email: str) -> Json:
    # A hash, so that the same registrant gets the same id without any state.
    return {"registrant_id": hashlib.sha256(email.encode()).hexdigest()[:22], "join_url": JOIN_URL}


def canned(operation: str, request: Json) -> Json:
    """Return AWS's response in an empty account, for one invocation that needs no state."""
    done = {"Successful": [{"Id": entry["Id"]} for entry in request.get("Entries", [])], "Failed": []}
    md5 = hashlib.md5(request.get("MessageBody", "").encode(), usedforsecurity=False).hexdigest()
    answers: dict[str, Json] = {
        "BatchGetItem": {"Responses": {}, "UnprocessedKeys": {}},
        "BatchWriteItem": {"UnprocessedItems": {}},
        "ChangeMessageVisibilityBatch": done,
        "DeleteMessageBatch": done,
        "GetItem": {"Item": _FORM} if request.get("TableName") == "Forms" else {},
        "GetSecretValue": {
            "ARN": "arn",
            "Name": "Token",
            "VersionId": "1",
            "SecretString": json.dumps({"access_token": "token", FORM_ID: [FORM_SECRET]}),
        },
        "PutItem": {},
        "ReceiveMessage": {},
        "SendMessage": {"MessageId": "059f36b4-87a3-44ab-83d2-661975860001", "MD5OfMessageBody": md5},
        "UpdateItem": {"Attributes": {"calls": {"N": "30"}, "submissions_today": {"N": "30"}}},
    }
    return answers[operation]
