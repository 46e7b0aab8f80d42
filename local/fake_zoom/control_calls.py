"""The control API under `/_fake/`, with which tests and the demo control an account in another process.

Bodies are JSON. An invalid call is answered 400 with a message that says what is wrong and what is allowed. Every
call is a method of `Account`; `control` is the client.

    POST   /_fake/reset
    GET    /_fake/report
    PATCH  /_fake/switches, /_fake/limits, /_fake/profile      changes only the given fields
    PUT    /_fake/latency                                      {"milliseconds": 0}
    PATCH  /_fake/webinars/{id}                                creates it if it does not exist
    DELETE /_fake/webinars/{id}
    GET    /_fake/webinars/{id}/registrants
    POST   /_fake/faults                                       one fault, or a list; DELETE removes all
    POST   /_fake/tokens                                       mints one; DELETE revokes all
    POST   /_fake/clock                                        {"advance_seconds": 86400}
    GET    /_fake/calls                                        DELETE clears the log
    GET    /_fake/attempts
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

from local.fake_zoom.account import Account
from local.fake_zoom.exchange import Request, Response
from local.fake_zoom.fields import NotAllowedError, mapping_of

PREFIX = "/_fake/"

Handler = Callable[[Account, str, object], object]


def control(account: Account, request: Request) -> Response:
    """Perform a control call."""
    try:
        handler, webinar = _found(request)
        done = handler(account, webinar, _content(request.body))
    except NotAllowedError as error:
        return Response.of_json(400, {"message": str(error)})
    return Response.of_json(200, {} if done is None else done)


def _found(request: Request) -> tuple[Handler, str]:
    steps = request.path.removeprefix(PREFIX).split("/")
    webinar = ""
    if steps[0] == "webinars" and len(steps) > 1:
        webinar, steps[1] = steps[1], "{id}"
    key = f"{request.method} {'/'.join(steps)}"
    if key not in HANDLERS:
        raise NotAllowedError(f"no control call {key!r}; control calls: {', '.join(HANDLERS)}")
    return HANDLERS[key], webinar


def _content(body: bytes) -> object:
    if not body:
        return {}
    try:
        return json.loads(body)
    except ValueError as error:
        raise NotAllowedError(f"the body is not JSON: {error}") from error


def _only(content: object, name: str) -> object:
    mapping = mapping_of("the body", content)
    if set(mapping) != {name}:
        raise NotAllowedError(f"the body must contain only '{name}', not {sorted(mapping)}")
    return mapping[name]


def _set_latency(account: Account, _: str, content: object) -> None:
    milliseconds = _only(content, "milliseconds")
    if type(milliseconds) is not int:
        raise NotAllowedError(f"'milliseconds' must be a whole number, not {milliseconds!r}")
    account.set_latency(milliseconds)


def _advance(account: Account, _: str, content: object) -> object:
    seconds = _only(content, "advance_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise NotAllowedError(f"'advance_seconds' must be a number, not {seconds!r}")
    return {"now": account.advance(seconds)}


def _add_faults(account: Account, _: str, content: object) -> None:
    listed = content if isinstance(content, list) else [content]
    account.add_faults([mapping_of("a fault", fault) for fault in listed])


def _set(change: Callable[..., object]) -> Handler:
    def handler(account: Account, _: str, content: object) -> None:
        change(account, **mapping_of("the body", content))

    return handler


def _set_webinar(account: Account, webinar: str, content: object) -> object:
    return asdict(account.set_webinar(webinar, **mapping_of("the body", content)))


def _attempts(account: Account, _: str, __: object) -> object:
    listed = [asdict(entry) for entry in account.attempts()]
    return {"highest": account.highest_attempts(), "attempts": listed}


HANDLERS: Mapping[str, Handler] = {
    "POST reset": lambda account, _, __: account.reset(),
    "GET report": lambda account, _, __: account.report(),
    "PATCH switches": _set(Account.set_switches),
    "PATCH limits": _set(Account.set_limits),
    "PATCH profile": _set(Account.set_profile),
    "PUT latency": _set_latency,
    "PATCH webinars/{id}": _set_webinar,
    "DELETE webinars/{id}": lambda account, webinar, _: account.delete_webinar(webinar),
    "GET webinars/{id}/registrants": lambda account, webinar, _: {
        "registrants": [asdict(registrant) for registrant in account.registrants(webinar)]
    },
    "POST faults": _add_faults,
    "DELETE faults": lambda account, _, __: account.clear_faults(),
    "POST tokens": lambda account, _, __: {"access_token": account.mint_token()},
    "DELETE tokens": lambda account, _, __: account.revoke_tokens(),
    "POST clock": _advance,
    "GET calls": lambda account, _, __: {"calls": [asdict(call) for call in account.calls()]},
    "DELETE calls": lambda account, _, __: account.clear_calls(),
    "GET attempts": _attempts,
}
