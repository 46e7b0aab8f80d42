"""What became of a submission, as JSON or as a page that looks again by itself (contract 2).

The answer holds no e-mail, name or join URL: whoever has the submission's id learns the status and the webinar.
"""

import re
from collections.abc import Callable
from typing import Final

from aws_lambda_powertools import Logger
from facts import Facts
from registrar import limits
from registrar.forms.http.accept import prefers_html
from registrar.forms.http.origins import frame_ancestors
from registrar.forms.http.paths import FROM_PAGE, page_path
from registrar.forms.http.request import HttpRequest
from registrar.forms.http.response import HttpResponse
from registrar.forms.pages.html.document import content_security_policy
from registrar.forms.pages.language import Language, language_of
from registrar.forms.pages.message import unknown_submission_page
from registrar.forms.pages.status import LinkSender, StatusPage, status_page, unreadable_status_page
from registrar.registrants.row import moment_of
from registrar.runtime.settings import RegistrationPageSettings
from registrar.storage.registrant_table import RegistrantTable, StorageError
from registrar.storage.submission_table import Submission, SubmissionTable
from registrar.zoom.webinar_facts import WEBINAR, WebinarFacts
from submission_status import SubmissionStatus, status_of

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNKNOWN: Final = "No submission has this id, or it is older than 30 days."
_UNREADABLE: Final = "The status cannot be read right now. The submission is not affected. Try again in a few seconds."


class StatusPages:
    """Answers for the status of submissions."""

    def __init__(
        self,
        settings: RegistrationPageSettings,
        submissions: SubmissionTable,
        registrants: RegistrantTable,
        facts: Facts,
        logger: Logger,
        clock: Callable[[], float],
    ) -> None:
        self._policy = content_security_policy(frame_ancestors(settings.allowed_origins))
        self._submissions = submissions
        self._registrants = registrants
        self._facts = facts
        self._logger = logger
        self._clock = clock

    def respond(self, request: HttpRequest, submission_id: str) -> HttpResponse:
        """Return the status; what cannot be an id is not looked up."""
        as_page = prefers_html(request.header("accept"))
        language = language_of(request.header("accept-language"))
        try:
            submission = self._submissions.read(submission_id) if _UUID.fullmatch(submission_id) else None
            status = status_of(submission, self._registrants) if submission else None
        except StorageError as error:
            self._logger.error("Status not read", submission_id=submission_id, error=str(error))
            return self._unreadable(language, as_page)
        if submission is None or status is None:
            if as_page:
                return HttpResponse.page(404, unknown_submission_page(language), self._policy)
            return HttpResponse.json(404, {"message": _UNKNOWN})
        if as_page:
            return HttpResponse.page(200, self._page(language, submission, status), self._policy)
        return HttpResponse.json(200, {"submission_id": submission_id, **status.to_json()})

    def _unreadable(self, language: Language, as_page: bool) -> HttpResponse:
        headers = {"retry-after": str(limits.RETRY_AFTER_SECONDS)}
        if as_page:
            return HttpResponse.page(503, unreadable_status_page(language), self._policy, headers)
        return HttpResponse.json(503, {"message": _UNREADABLE}, headers)

    def _page(self, language: Language, submission: Submission, status: SubmissionStatus) -> str:
        kind, key = submission.kind or WEBINAR, submission.key
        facts = self._facts.any(key.webinar_id, kind) if key else None
        return status_page(
            StatusPage(
                language=language,
                kind=kind,
                facts=facts,
                status=status.status,
                submission_id=submission.submission_id,
                age_seconds=self._clock() - (moment_of(submission.submitted_at) or 0),
                reason=status.reason,
                deferred_until=status.deferred_until,
                mail=_link_sender(facts),
                back_url=FROM_PAGE + page_path(kind, key.webinar_id) if key else None,
            )
        )


def _link_sender(facts: WebinarFacts | None) -> LinkSender:
    if facts is None or facts.host_sends_mail is None:
        return LinkSender.UNKNOWN
    return LinkSender.ZOOM if facts.host_sends_mail else LinkSender.ORGANIZER
