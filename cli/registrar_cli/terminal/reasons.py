"""State what each reason means for the registrants, and what to do about it.

docs/runbook.md, "Reasons", says the same with the commands for it; a test compares the two. One more "reason" is the
command line's own: a dead letter that SQS moved after a crash carries none.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

NO_REASON: Final = "no_reason"


class ReasonText(NamedTuple):
    """The `meaning` for the registrants, and the `action` for the operator."""

    meaning: str
    action: str


REASON_TEXTS: Final[Mapping[str, ReasonText]] = {
    "malformed_message": ReasonText(
        "Unknown: the message names no registrant. It did not come from the form endpoint.",
        "Find the producer by the message's body, and correct it (docs/contract.md, section 3). Then delete "
        "the dead letter.",
    ),
    "invalid_registrant": ReasonText(
        "This registrant is not registered: the e-mail or a name is blank, too long or invalid, or the webinar "
        "requires an answer.",
        "detail names the field. A question: make it optional in Zoom, then retry the dead letters. Otherwise register "
        "them manually, and have the producer validate as the form endpoint does.",
    ),
    "host_not_allowed": ReasonText(
        "This registrant is the webinar's host, who needs no registration.",
        "Nothing. Delete the dead letter.",
    ),
    "email_not_allowed": ReasonText(
        "The webinar or the account refuses this e-mail address: its domain is blocked or not among "
        "those allowed, or no Zoom account has this address.",
        "Ask the host to check Registration → Approval and the account's block list in Zoom. Then retry the "
        "dead letters.",
    ),
    "webinar_not_found": ReasonText(
        "The webinar does not exist, or not in this Zoom account.",
        "Correct the webinar id where it comes from: the form, AllowedWebinars, or the imported file. Then send the "
        "dead letters to the right webinar.",
    ),
    "webinar_over": ReasonText(
        "The webinar has ended.",
        "Take the form offline. If there is a recording, send it to these registrants.",
    ),
    "webinar_full": ReasonText(
        "The webinar has no seats left.",
        "Buy a larger webinar licence or raise the registrant limit, then retry the dead letters: they get in today, "
        "the oldest submission first. detail says who has to wait for 00:00 UTC. Or take the form offline.",
    ),
    "registration_disabled": ReasonText(
        "The webinar does not accept registrations.",
        "In Zoom, set Registration: Required for the webinar, then retry the dead letters.",
    ),
    "webinar_type_unsupported": ReasonText(
        "The webinar is recurring, and Zoom does not register batches for recurring webinars. Or it is a meeting, "
        "which this version does not register for; detail says so.",
        "Schedule a single webinar and correct the form. Then send the dead letters to that webinar. Keep those of a "
        "meeting until an update serves meetings, then retry them.",
    ),
    "paid_registration": ReasonText(
        "The webinar charges a fee, and Zoom's API cannot register for it.",
        "Send these registrants to Zoom's own registration page.",
    ),
    "webinar_plan_missing": ReasonText(
        "No registrant gets a join URL: the host has no webinar licence.",
        "Assign the licence in Zoom's User Management, then retry the dead letters.",
    ),
    "webinar_not_accessible": ReasonText(
        "Zoom does not let this account register anyone for the webinar: its host was deleted, belongs to another "
        "account, or may not schedule webinars.",
        "Give the webinar to an active host of this account in Zoom, then retry the dead letters.",
    ),
    "zoom_rejected": ReasonText(
        "Zoom refused this registrant in a call of their own; detail is Zoom's message.",
        "Read detail. Zoom's support finds the call by zoom_tracking_id. Fix the cause, then retry the dead letters.",
    ),
    "account_attendee_limit": ReasonText(
        "The account has reached its attendee limit. They are retried once after an hour, then rejected.",
        "Raise the account's limit with Zoom, then retry the dead letters.",
    ),
    "not_confirmed": ReasonText(
        "Zoom accepted the call but did not confirm this registrant. They are retried; before they are "
        "rejected, the consumer checks Zoom's list of registrants.",
        "If it persists, look at the webinar's registrants in Zoom. Those listed there only need their link; "
        "retry the others.",
    ),
    "missing_scope": ReasonText(
        "No registrant gets a join URL. They wait for up to 96 hours.",
        "Add the scope that detail names to the OAuth app (the README, First registrant), then mint a token.",
    ),
    "token_rejected": ReasonText(
        "No registrant gets a join URL. They wait for up to 96 hours.",
        "Mint a token and read why it fails: the credentials changed, or the app was deactivated. If the "
        "token was written manually, it has expired: write another.",
    ),
    "registrant_daily_limit": ReasonText(
        "They have used Zoom's three attempts of the day. They are retried after 00:00 UTC.",
        "Register those who cannot wait manually in Zoom; the next attempt stores their join URL.",
    ),
    "account_daily_limit": ReasonText(
        "The account's calls of the day are used up, or this stack's share of them. They wait until 00:00 UTC.",
        "Raise the share or the plan. Another app of the account may be making too many calls.",
    ),
    "rate_limited": ReasonText(
        "They wait a few minutes.",
        "Nothing, if it is rare. Otherwise lower this stack's share: other apps of the account call Zoom at "
        "the same time.",
    ),
    "zoom_unavailable": ReasonText(
        "Zoom sends no usable response. They are retried for 96 hours: first within a minute, later every 15 minutes.",
        "Check status.zoom.us. Nothing is required here. To keep the logs short, pause the consumer.",
    ),
    "unmapped_form": ReasonText(
        "A provider's form sent submissions that are set aside: no registrant can be made of them, or the form has "
        "reached its daily ceiling.",
        "detail names the missing fields, or the ceiling. Try the form's last submission, correct its mapping, then "
        "retry the dead letters: they are mapped again.",
    ),
    NO_REASON: ReasonText(
        "Unknown: the consumer crashed on this message repeatedly, and SQS moved it to the dead-letter queue.",
        "Retry it. If it returns, read the consumer's log (the runbook, ConsumerErrorsAlarm).",
    ),
}
_UNKNOWN: Final = ReasonText(
    "This version of the command does not know the reason.", "Read `detail` and docs/runbook.md."
)


def reason_text(reason: str | None) -> ReasonText:
    """Return the words of a reason, an unknown one included."""
    return REASON_TEXTS.get(reason or NO_REASON, _UNKNOWN)


def known_reasons() -> list[str]:
    """Return all reasons that have words."""
    return list(REASON_TEXTS)
