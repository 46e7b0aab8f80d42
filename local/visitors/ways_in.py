"""Send each sample by its way in: a form of one's own, a provider's webhook, the registration page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from local.reporting.samples import PAGE, Samples, Submission
from local.stack import LocalStack
from local.visitors.browser import Browser
from local.visitors.providers import ConnectedForm, connect_forms, deliver

FORM_SECONDS = 30.0  # the first forms wait for cold starts


@dataclass
class WaysIn:
    """All ways in. `browsers` are those that have submitted the page's form: each knows its status page."""

    submission_url: str
    forms: Mapping[str, ConnectedForm]
    browsers: list[Browser] = field(default_factory=list)

    @classmethod
    def of(cls, stack: LocalStack, samples: Samples) -> "WaysIn":
        """Connect the forms of the samples' providers."""
        return cls(stack.submission_url, connect_forms(stack, samples.submissions))

    def send(self, submission: Submission) -> int:
        """Send one submission; return the HTTP status."""
        webinar_url = f"{self.submission_url}/webinars/{submission.webinar_id}"
        if submission.via == PAGE:
            browser = Browser(webinar_url)
            self.browsers.append(browser)
            return browser.register(submission.form)
        if submission.via:
            return deliver(self.forms[submission.via], submission)
        return requests.post(f"{webinar_url}/registrants", data=submission.form, timeout=FORM_SECONDS).status_code
