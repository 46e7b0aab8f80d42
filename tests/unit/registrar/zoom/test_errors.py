"""`classify`: every row of zoom-api.md section 3, and every wording of a 429."""

from dataclasses import replace

import pytest
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, FINAL_WHEN_ALONE, Reason
from registrar.zoom.errors import ErrorKind, Scope, classify

PLAN = (
    "Webinar plan is missing. You must subscribe to the webinar plan and enable webinar for this user: {0} in order to "
    "perform this action."
)
NO_SCOPE = "Invalid access token, does not contain scopes:[webinar:write:batch_registrants:admin]."
PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
ACCOUNT_DAY = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you "
    "can make another request."
)
REGISTRANT_DAY = (
    "You have exceeded the daily rate limit of (3) for Add a webinar registrant API requests for the registrant "
    "(user@example.com). You can resume these API requests at GMT 00:00:00."
)
REGISTRANT_DAY_BATCH = (
    'You have exceeded the daily rate limit of "3" for webinar **Perform batch registration** API requests for the '
    'registrant "user@example.com". You can resume these API requests at GMT 00:00:00.'
)
REGISTRANT_DAY_2021 = (
    "You have exceeded the daily rate limit (3) of Webinar Batch Registration API requests permitted for "
    "(user@example.com) this particular registrant. You may resume these requests at GMT 00:00:00."
)
CONCURRENT = "Too many concurrent requests. A request to add a registrant has already been made."

# Zoom's published error tables of several years, for webinars and meetings, and answers that users report.
REGISTRATION_OFF = (
    "Registration not enabled",
    "This webinar does not have registration as required: 97871060099.",
    "Registration has not been enabled for this meeting: 97871060099.",
    "This Webinar has not registration required:97871060099.",
    "This webinar does not require registration.",
    "Registration is not required for this webinar.",
    "This meeting has not registration required: 97871060099",
)
FULL = "Webinar has reached maximum attendee capacity."
NO_PLAN = (
    "Cannot use webinar API, You need to subscribe webinar plan and then enable webinar for this user:x.",
    "Only available for Paid user: x.",
    "Only available for paid users.",
    "Only available for Paid account.",
    "Only available for Paid or ZMP account: x.",
)
NOT_FOUND = (
    "Invalid webinarId.",
    "Invalid webinar ID.",
    "Invalid meeting ID.",
    "Meeting ID does not exist.",
    "Meeting is not found or has expired.",
    "Meeting 97871060099 is not found or has expired.",
    "Webinar 97871060099 not found or expired.",
)
HOST_GONE = (
    (400, 1010, "User does not belong to this account: x."),
    (400, 1010, "User not belong to this account:x."),
    (400, 1010, "User not found on this account: x."),
    (404, 1001, 'User "x" does not exist or does not belong to this account.'),
    (404, 1001, "User not exist: x."),
    (404, 1001, "Meeting host does not exist: x"),
    (400, 1001, "Meeting host not exist: x"),
    (400, 3161, "Meeting hosting and scheduling capabilities are not allowed for your user account."),
    (400, 3000, "Cannot access webinar info."),
    (200, 3000, "Cannot access webinar information."),
    (400, 3000, "Cannot access meeting info."),
    (400, 300, "Can not access webinar info, 97871060099."),
    (400, 3003, "You are not the meeting host."),
    (400, 3003, "Not meeting host."),
)
HOST_2023 = "Webinar host can not register for the webinar."
WORK_EMAIL = "If you have been invited, please input your work email address."
NO_ZOOM_ACCOUNT = "The email address has not been used as a Zoom account"

UNAVAILABLE = ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT)
REJECTED = ErrorKind(Reason.ZOOM_REJECTED, Scope.REGISTRANT)
RATE_LIMITED = ErrorKind(Reason.RATE_LIMITED, Scope.RATE_LIMIT, counts=False)
REGISTRANT_LIMIT = ErrorKind(Reason.REGISTRANT_DAILY_LIMIT, Scope.REGISTRANT)
ACCOUNT_LIMIT = ErrorKind(Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False)
NO_TOKEN = ErrorKind(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False)
SCOPE_MISSING = ErrorKind(Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False)


def webinars(reason: Reason) -> ErrorKind:
    return ErrorKind(reason, Scope.WEBINAR)


NOT_ACCESSIBLE = webinars(Reason.WEBINAR_NOT_ACCESSIBLE)


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        # No readable response.
        (500, None, "", UNAVAILABLE),
        (502, None, "", UNAVAILABLE),
        (503, None, "", UNAVAILABLE),
        (504, None, "", UNAVAILABLE),
        (500, 500, "Internal error", UNAVAILABLE),
        (599, None, "", UNAVAILABLE),
        (408, None, "", UNAVAILABLE),
        (425, None, "", UNAVAILABLE),
        (409, 409, "Conflict", UNAVAILABLE),
        (301, None, "", UNAVAILABLE),
        (302, None, "", UNAVAILABLE),
        (100, None, "", UNAVAILABLE),
        # Rate limits.
        (429, 429, PER_SECOND, RATE_LIMITED),
        (429, None, PER_SECOND.upper(), RATE_LIMITED),
        (429, 429, CONCURRENT, replace(RATE_LIMITED, scope=Scope.CONCURRENCY)),
        (429, 429, ACCOUNT_DAY, ACCOUNT_LIMIT),
        (429, 429, REGISTRANT_DAY, REGISTRANT_LIMIT),
        (429, 429, REGISTRANT_DAY_BATCH, REGISTRANT_LIMIT),
        (429, 429, REGISTRANT_DAY_2021, REGISTRANT_LIMIT),
        (429, 429, REGISTRANT_DAY_2021.replace(". ", ".\n"), REGISTRANT_LIMIT),
        (429, None, "", ErrorKind(Reason.RATE_LIMITED, Scope.TRANSPORT)),
        (429, 429, "Slow down, user@example.com", ErrorKind(Reason.RATE_LIMITED, Scope.TRANSPORT)),
        # Access to the account.
        (401, 124, "Invalid access token.", NO_TOKEN),
        (401, 124, "Access token is expired.", NO_TOKEN),
        (401, None, "", NO_TOKEN),
        *((status, code, NO_SCOPE, SCOPE_MISSING) for status in (400, 401) for code in (4711, 104, 4700)),
        (400, None, NO_SCOPE, SCOPE_MISSING),
        # The webinar.
        (400, 200, PLAN, webinars(Reason.WEBINAR_PLAN_MISSING)),
        (200, 200, PLAN, webinars(Reason.WEBINAR_PLAN_MISSING)),
        (400, 300, "This API can only be used for scheduled webinars", webinars(Reason.WEBINAR_TYPE_UNSUPPORTED)),
        (400, 303, "This API can only be used for scheduled meetings", webinars(Reason.WEBINAR_TYPE_UNSUPPORTED)),
        (400, 3000, "Registration not enabled", webinars(Reason.REGISTRATION_DISABLED)),
        (400, 3000, "This webinar does not have registration as required.", webinars(Reason.REGISTRATION_DISABLED)),
        *((400, 3000, text, webinars(Reason.REGISTRATION_DISABLED)) for text in REGISTRATION_OFF),
        *((status, 300, REGISTRATION_OFF[-1], webinars(Reason.REGISTRATION_DISABLED)) for status in (200, 201, 400)),
        *((status, 404, REGISTRATION_OFF[2], webinars(Reason.REGISTRATION_DISABLED)) for status in (400, 404)),
        (404, 404, REGISTRATION_OFF[-1], webinars(Reason.REGISTRATION_DISABLED)),
        (400, 3000, "You have reached the limit for the number of attendees.", webinars(Reason.ACCOUNT_ATTENDEE_LIMIT)),
        (400, 3000, "This API does not support paid registration.", webinars(Reason.PAID_REGISTRATION)),
        (400, 3038, "The webinar is over.", webinars(Reason.WEBINAR_OVER)),
        (404, 3001, "Webinar does not exist: {0}.", webinars(Reason.WEBINAR_NOT_FOUND)),
        (404, 3043, "Webinar has reached maximum attendee capacity.", webinars(Reason.WEBINAR_FULL)),
        (
            400,
            300,
            "The parameter is required in custom_questions: Company.",
            webinars(Reason.INVALID_REGISTRANT),
        ),
        (400, 3035, "Webinar has reached maximum attendee capacity.", webinars(Reason.WEBINAR_FULL)),
        (400, 3043, "Webinar has reached maximum attendee capacity.", webinars(Reason.WEBINAR_FULL)),
        *((status, 3000, FULL, webinars(Reason.WEBINAR_FULL)) for status in (400, 404)),
        (400, 300, FULL, webinars(Reason.WEBINAR_FULL)),
        *(
            (400, code, "Meeting is over, you can not register now.", webinars(Reason.WEBINAR_OVER))
            for code in (300, 3000)
        ),
        *((400, 200, text, webinars(Reason.WEBINAR_PLAN_MISSING)) for text in NO_PLAN),
        *((status, 300, text, webinars(Reason.WEBINAR_NOT_FOUND)) for status in (400, 404) for text in NOT_FOUND),
        (404, 3001, "Webinar 97871060099 not found or has expired.", webinars(Reason.WEBINAR_NOT_FOUND)),
        (404, 3001, "This meeting is not available or ID is not valid.", webinars(Reason.WEBINAR_NOT_FOUND)),
        *((status, code, text, NOT_ACCESSIBLE) for status, code, text in HOST_GONE),
        (403, 403, "Forbidden", webinars(Reason.ZOOM_REJECTED)),
        # A registrant in the call.
        (400, 300, "Validation Failed.", REJECTED),
        (400, 3027, "Host can not register", ErrorKind(Reason.HOST_NOT_ALLOWED, Scope.REGISTRANT)),
        (400, 3027, "Host cannot register.", ErrorKind(Reason.HOST_NOT_ALLOWED, Scope.REGISTRANT)),
        *((400, code, HOST_2023, ErrorKind(Reason.HOST_NOT_ALLOWED, Scope.REGISTRANT)) for code in (300, 3000, 3027)),
        *((400, code, WORK_EMAIL, ErrorKind(Reason.EMAIL_NOT_ALLOWED, Scope.REGISTRANT)) for code in (3034, 3051)),
        (404, 1001, NO_ZOOM_ACCOUNT, ErrorKind(Reason.EMAIL_NOT_ALLOWED, Scope.REGISTRANT)),
        (400, 300, "Invalid user name.", REJECTED),
        (400, 300, "Invalid parameter: occurrence_ids", REJECTED),
        (400, 300, "The next page token is invalid or expired.", REJECTED),
        (400, 300, "Registrant was not found.", REJECTED),
        (400, 300, "Webinar registrant does not exist.", REJECTED),
        (404, 300, "The registrant of webinar 97871060099 was not found.", REJECTED),
        (400, 300, "Meeting occurrence does not exist.", REJECTED),
        (400, 300, "Webinar question not found: Company.", REJECTED),
        (400, 300, "ada@webinar.example.com was not found.", REJECTED),
        (400, 104, "Denied: ada@scope.example.com", REJECTED),
        # Undocumented errors.
        (400, 3000, "The registrant has been denied by the host.", REJECTED),
        (400, None, "", REJECTED),
        (404, None, "", REJECTED),
        (404, 2300, "This API endpoint is not recognized.", REJECTED),
        (418, 1, "teapot", REJECTED),
        (200, 1, "odd", REJECTED),
        (201, 1, "odd", REJECTED),
        (400, 200, "No permission.", REJECTED),
        # An error in the body of another status: it is believed, except that the call was not processed.
        *((status, 429, REGISTRANT_DAY, REGISTRANT_LIMIT) for status in (200, 201, 400)),
        *((status, 429, ACCOUNT_DAY, replace(ACCOUNT_LIMIT, counts=True)) for status in (200, 400)),
        *((status, 429, PER_SECOND, ErrorKind(Reason.RATE_LIMITED, Scope.TRANSPORT)) for status in (200, 400)),
        *((status, 124, "Invalid access token.", replace(NO_TOKEN, counts=True)) for status in (200, 201, 400)),
        *((status, 500, "Internal server error", UNAVAILABLE) for status in (200, 400)),
        (200, 4711, NO_SCOPE, SCOPE_MISSING),
    ],
)
def test_an_error_is_classified(status: int, code: int | None, message: str, kind: ErrorKind) -> None:
    assert classify(status, code, message) == kind


@pytest.mark.parametrize("email", ["daily@example.com", "concurrent@example.com", "per-second@scope.example.com"])
def test_words_in_an_email_do_not_change_the_kind_of_a_429(email: str) -> None:
    for wording in (REGISTRANT_DAY, REGISTRANT_DAY_BATCH, REGISTRANT_DAY_2021):
        assert classify(429, 429, wording.replace("user@example.com", email)) == REGISTRANT_LIMIT


def test_only_webinar_and_registrant_errors_are_final() -> None:
    deferring = {Reason.TOKEN_REJECTED, Reason.MISSING_SCOPE, Reason.ZOOM_UNAVAILABLE, Reason.RATE_LIMITED}
    deferring |= {Reason.ACCOUNT_DAILY_LIMIT, Reason.REGISTRANT_DAILY_LIMIT, Reason.NOT_CONFIRMED}
    own = {Reason.MALFORMED_MESSAGE, Reason.INVALID_REGISTRANT, Reason.UNMAPPED_FORM}
    assert set(Reason) == FINAL_FOR_WEBINAR | FINAL_WHEN_ALONE | deferring | own | {Reason.ACCOUNT_ATTENDEE_LIMIT}
    assert not FINAL_FOR_WEBINAR & FINAL_WHEN_ALONE
