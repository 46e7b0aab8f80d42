"""The page of a webinar or meeting: the form, or why there is none (contract 11)."""

from collections.abc import Callable

from facts import Facts
from registrar.forms.http.origins import frame_ancestors
from registrar.forms.http.paths import FROM_PAGE, registrants_path
from registrar.forms.http.request import HttpRequest
from registrar.forms.http.response import HttpResponse
from registrar.forms.pages.availability import is_closed
from registrar.forms.pages.html.document import content_security_policy
from registrar.forms.pages.language import language_of
from registrar.forms.pages.message import closed_page, not_found_page
from registrar.forms.pages.registration import FormPage, registration_page
from registrar.registrants.fields import WrongField, check_webinar_id
from registrar.runtime.settings import RegistrationPageSettings


class FormPages:
    """Makes the pages of webinars. `new_id` returns a new UUID."""

    def __init__(
        self,
        settings: RegistrationPageSettings,
        facts: Facts,
        clock: Callable[[], float],
        new_id: Callable[[], object],
    ) -> None:
        self._allowed_webinars = settings.allowed_webinars
        self._turnstile_site_key = settings.turnstile_site_key or ""
        self._policy = content_security_policy(
            frame_ancestors(settings.allowed_origins), bool(settings.turnstile_site_key)
        )
        self._facts = facts
        self._clock = clock
        self._new_id = new_id

    def respond(self, request: HttpRequest, given_id: str, kind: str) -> HttpResponse:
        """Return the page; an id that is not open here is not looked up."""
        language = language_of(request.header("accept-language"))
        webinar_id = self._allowed(given_id)
        facts = self._facts.recent(webinar_id, kind) if webinar_id else None
        if not webinar_id or (facts is not None and not facts.exists):
            return HttpResponse.page(404, not_found_page(language), self._policy)
        now = self._clock()
        closed = is_closed(facts, now) if facts else None
        if facts and closed:
            return HttpResponse.page(200, closed_page(language, facts, closed), self._policy)
        page = FormPage(
            webinar_id=webinar_id,
            kind=kind,
            language=language,
            facts=facts,
            action=FROM_PAGE + registrants_path(kind, webinar_id),
            now=now,
            submission_token=str(self._new_id()),
            turnstile_site_key=self._turnstile_site_key,
        )
        return HttpResponse.page(200, registration_page(page), self._policy)

    def _allowed(self, given_id: str) -> str | None:
        """Return the digits of an id that may be registered for here."""
        try:
            webinar_id = check_webinar_id(given_id)
        except WrongField:
            return None
        is_allowed = not self._allowed_webinars or webinar_id in self._allowed_webinars
        return webinar_id if is_allowed else None
