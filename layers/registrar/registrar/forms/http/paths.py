"""The paths of the HTTP API, as references that a browser resolves against the address of its request.

Only the browser knows that address: behind a custom domain with a base path, a proxy or on the embedded stack, the
event that a function receives has another host, or lacks the first part of the path. So every reference is relative.
"""

from typing import Final

FROM_REGISTRANTS: Final = "../../"
"""From `/webinars/{webinar_id}/registrants` to the root of the API."""
FROM_PAGE: Final = "../"
"""From `/webinars/{webinar_id}` or `/submissions/{submission_id}` to the root of the API."""


def status_path(submission_id: str) -> str:
    """Return the path of a submission's status."""
    return f"submissions/{submission_id}"


def page_path(kind: str, webinar_id: str) -> str:
    """Return the path of the registration page; `webinar_id` has passed its check."""
    return f"{kind}s/{webinar_id}"


def registrants_path(kind: str, webinar_id: str) -> str:
    """Return the path that the form is posted to."""
    return f"{page_path(kind, webinar_id)}/registrants"
