"""Zoom's error responses: every status, code and text of the fake.

The calls raise them, the account turns them into responses. There is one exception type per shape:

    ZoomError    {"code", "message", "errors": [{"field", "message"}]?}
    OAuthError   {"reason", "error"}: the token endpoint has another shape

Sources: Zoom's published error tables for webinars and rate limits, and reports from users. Texts that are not
published are marked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from local.fake_zoom.exchange import Response
from local.fake_zoom.switches import FullError, NotAccessible, RegistrantLimitWording, RegistrationOff, ScopeError


class ZoomError(Exception):
    """A refused call. `affected`: the e-mails that it rejected, or stored before it failed."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: Collection[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status}/{code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.affected: frozenset[str] = frozenset()

    def affecting(self, emails: Iterable[str]) -> ZoomError:
        """Add affected e-mails, and return the error itself, to be raised."""
        self.affected |= frozenset(email.lower() for email in emails)
        return self

    def response(self) -> Response:
        """Return the HTTP response."""
        content: dict[str, object] = {"code": self.code, "message": self.message}
        if self.errors:
            content["errors"] = [{"field": field, "message": message} for field, message in self.errors]
        return Response.of_json(self.status, content, self.headers)


class OAuthError(Exception):
    """A refused request for a token."""

    def __init__(self, reason: str, error: str) -> None:
        super().__init__(f"{error}: {reason}")
        self.reason = reason
        self.error = error

    def response(self) -> Response:
        """Return the HTTP response."""
        return Response.of_json(400, {"reason": self.reason, "error": self.error})


def endpoint_unknown() -> ZoomError:
    return ZoomError(404, 2300, "This API endpoint is not recognized.")


def method_not_allowed() -> ZoomError:
    return ZoomError(405, 405, "Method Not Allowed")  # text not published


def token_invalid() -> ZoomError:
    return ZoomError(401, 124, "Invalid access token.")


def token_expired() -> ZoomError:
    return ZoomError(401, 124, "Access token is expired.")


def scope_missing(form: ScopeError, scopes: Collection[str]) -> ZoomError:
    status, code = (int(part) for part in form.value.split("_"))
    return ZoomError(status, code, f"Invalid access token, does not contain scopes:[{', '.join(scopes)}].")


def content_type_wrong() -> ZoomError:
    return ZoomError(415, 300, "Unsupported Content Type")  # code and text not published


def body_unreadable() -> ZoomError:
    return ZoomError(400, 300, "Request Body should be a valid JSON object.")


def validation_failed(errors: Collection[tuple[str, str]] = ()) -> ZoomError:
    return ZoomError(400, 300, "Validation Failed.", errors=errors)


def validation_failed_for(email: str) -> ZoomError:
    """Return an error that names a registrant in its outer message; not published."""
    return ZoomError(400, 300, f"Validation Failed. Invalid email: {email}")


def page_token_invalid() -> ZoomError:
    return ZoomError(400, 300, "The next page token is invalid or expired.")


def webinar_id_invalid() -> ZoomError:
    return ZoomError(400, 300, "Invalid webinar id.")


def webinar_not_found(webinar: str, kind: str) -> ZoomError:
    return ZoomError(404, 3001, f"{kind.capitalize()} does not exist: {webinar}.")


def plan_missing(status: int, host_email: str) -> ZoomError:
    message = (
        "Webinar plan is missing. You must subscribe to the webinar plan and enable webinar for this user: "
        f"{host_email} in order to perform this action."
    )
    return ZoomError(status, 200, message)


def type_unsupported() -> ZoomError:
    return ZoomError(400, 300, "This API can only be used for scheduled webinars")


def registration_off(form: RegistrationOff, webinar: str) -> ZoomError:
    match form:
        case RegistrationOff.NOT_ENABLED:
            return ZoomError(400, 3000, "Registration not enabled")
        case RegistrationOff.DOES_NOT_HAVE:
            return ZoomError(400, 3000, f"This webinar does not have registration as required: {webinar}.")
        case RegistrationOff.MEETING_TEXT:
            return ZoomError(404, 404, f"Registration has not been enabled for this meeting: {webinar}.")
        case RegistrationOff.NOT_REQUIRED:
            return ZoomError(400, 3000, f"This Webinar has not registration required:{webinar}.")
        case RegistrationOff.MEETING_NOT_REQUIRED:
            return ZoomError(400, 300, f"This meeting has not registration required: {webinar}.")
        case RegistrationOff.MEETING_NOT_REQUIRED_IN_SUCCESS:
            return ZoomError(200, 300, f"This meeting has not registration required: {webinar}")


def webinar_not_accessible(form: NotAccessible, host_email: str) -> ZoomError:
    match form:
        case NotAccessible.OTHER_ACCOUNT:
            return ZoomError(400, 1010, "User does not belong to this account: AbCdEfGhIjKlMnOpQrStUv.")
        case NotAccessible.HOST_UNKNOWN:
            return ZoomError(404, 1001, f'User "{host_email}" does not exist or does not belong to this account.')
        case NotAccessible.NO_SCHEDULING:
            message = "Meeting hosting and scheduling capabilities are not allowed for your user account."
            return ZoomError(400, 3161, message)
        case NotAccessible.NO_ACCESS:
            return ZoomError(400, 3000, "Cannot access webinar info.")
        case NotAccessible.NOT_THE_HOST:
            return ZoomError(400, 3003, "You are not the meeting host.")


def attendee_limit_reached() -> ZoomError:
    return ZoomError(400, 3000, "You have reached the limit for the number of attendees.")


def paid_unsupported() -> ZoomError:
    return ZoomError(400, 3000, "This API does not support paid registration.")


def host_refused() -> ZoomError:
    return ZoomError(400, 3027, "Host can not register")


def policy_refused() -> ZoomError:
    return ZoomError(400, 3034, "please input your work email address")


def denied_refused() -> ZoomError:
    return ZoomError(400, 3000, "The registrant has been denied by the host.")  # not published


def webinar_over() -> ZoomError:
    return ZoomError(400, 3038, "The webinar is over.")


def webinar_full(form: FullError) -> ZoomError:
    status, code = (int(part) for part in form.value.split("_"))
    return ZoomError(status, code, "Webinar has reached maximum attendee capacity.")


def question_required(title: str) -> ZoomError:
    """Return the single call's error; whether a batch gets it is not published."""
    return ZoomError(400, 300, f"The parameter is required in custom_questions: {title}.")


def webinar_full_for_one() -> ZoomError:
    """Return the single call's error, which has its own status and code."""
    return ZoomError(400, 3035, "Webinar has reached maximum attendee capacity.")


def registrant_not_found() -> ZoomError:
    return ZoomError(404, 300, "Registrant was not found.")  # not published


def per_second_limit(headers: Mapping[str, str]) -> ZoomError:
    message = "You have reached the maximum per-second rate limit for this API. Try again later."
    return ZoomError(429, 429, message, headers=headers)


def daily_limit(headers: Mapping[str, str]) -> ZoomError:
    message = (
        "You have reached the maximum daily rate limit for this API. Refer to the response header for "
        "details on when you can make another request."
    )
    return ZoomError(429, 429, message, headers=headers)


def concurrency_limit() -> ZoomError:
    message = "Too many concurrent requests. A request to add a registrant is already in progress for this webinar."
    return ZoomError(429, 429, message)  # only the first sentence is reported


def registrant_limit(email: str, limit: int, wording: RegistrantLimitWording, headers: Mapping[str, str]) -> ZoomError:
    match wording:
        case RegistrantLimitWording.DOCUMENTED:
            message = (
                f"You have exceeded the daily rate limit of ({limit}) for Add a webinar registrant API "
                f"requests for the registrant ({email}). You can resume these API requests at GMT 00:00:00."
            )
        case RegistrantLimitWording.BATCH:
            message = (
                f'You have exceeded the daily rate limit of "{limit}" for webinar **Perform batch '
                f'registration** API requests for the registrant "{email}". '
                "You can resume these API requests at GMT 00:00:00."
            )
        case RegistrantLimitWording.OF_2021:
            message = (
                f"You have exceeded the daily rate limit ({limit}) of Webinar Batch Registration API "
                f"requests permitted for ({email}) this particular registrant. "
                "You may resume these requests at GMT 00:00:00."
            )
    return ZoomError(429, 429, message, headers=headers)
