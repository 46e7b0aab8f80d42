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

    @property
    def action_sentence(self) -> str:
        """What to do, as a sentence of its own."""
        return self.action[:1].upper() + self.action[1:]


REASON_TEXTS: Final[Mapping[str, ReasonText]] = {
    "malformed_message": ReasonText(
        "unknown: nobody can be read from this message. It did not come through the door.",
        "find its producer by the body, and have it send what docs/contract.md, section 3, says. Delete the letter.",
    ),
    "invalid_registrant": ReasonText(
        "this one is not registered: the e-mail or a name is blank, too long or no e-mail.",
        "detail names the field. Register the person by hand, and have the producer check as the door does.",
    ),
    "host_not_allowed": ReasonText(
        "this one is the webinar's host, who needs no registration.",
        "nothing; delete the letter.",
    ),
    "email_not_allowed": ReasonText(
        "the webinar or account does not take this e-mail (a domain is blocked, or only some are allowed).",
        "ask the host; in Zoom, Registration → Approval and the account's block list. Then send the letters back.",
    ),
    "webinar_not_found": ReasonText(
        "the webinar of their form does not exist, or not in this Zoom account.",
        "correct the webinar id in the form, or AllowedWebinars. Those who sent it have to be told or sent again.",
    ),
    "webinar_over": ReasonText(
        "they came too late.",
        "take the form offline; tell them, if there is a recording.",
    ),
    "webinar_full": ReasonText(
        "they are turned away for want of seats.",
        "buy a larger webinar licence or raise the limit of registrants, then send the letters back: the oldest "
        "submission comes first. Or take the form offline.",
    ),
    "registration_disabled": ReasonText(
        "the webinar takes no registrations.",
        "in Zoom, switch Registration: Required on for the webinar, then send the letters back.",
    ),
    "webinar_type_unsupported": ReasonText(
        "recurring webinars cannot be registered for in batches.",
        "schedule a single webinar, and correct the form; people have to be registered there anew.",
    ),
    "paid_registration": ReasonText(
        "the webinar is paid for, and Zoom takes no registrations through its API.",
        "send them to Zoom's own registration page.",
    ),
    "webinar_plan_missing": ReasonText(
        "nobody gets in: the host has no webinar licence.",
        "assign the licence in Zoom's User Management, then send the letters back.",
    ),
    "zoom_rejected": ReasonText(
        "Zoom refused this one alone, with words that are in detail.",
        "read detail; Zoom's support knows the call by zoom_tracking_id. Send back when it is mended.",
    ),
    "account_attendee_limit": ReasonText(
        "the account has reached its number of attendees: they are tried once more after an hour, then turned away.",
        "raise the account's limit with Zoom, then send the letters back.",
    ),
    "not_confirmed": ReasonText(
        "Zoom said yes without naming them; they are tried again, and looked for at Zoom before they are given up.",
        "if it goes on, look at the webinar's registrants in Zoom. Who is there needs only his link; the others: send "
        "back.",
    ),
    "missing_scope": ReasonText(
        "nobody gets in; they wait, for up to 96 hours.",
        "give the OAuth app the scope that detail names (the README, The first real registrant), then mint.",
    ),
    "token_rejected": ReasonText(
        "nobody gets in; they wait, for up to 96 hours.",
        "mint, and read why it fails: credentials that changed, an app that was deactivated. A token written by hand "
        "has ended: write another.",
    ),
    "registrant_daily_limit": ReasonText(
        "their three tries of the day at Zoom are used; they are tried after 00:00 UTC.",
        "who cannot wait is registered by hand in Zoom; the next try stores the join URL.",
    ),
    "account_daily_limit": ReasonText(
        "the account's calls of the day are used up, or this stack's share of them: they wait until 00:00 UTC.",
        "raise the share or the plan; another app of the account may be the one that calls too much.",
    ),
    "rate_limited": ReasonText(
        "they wait for minutes.",
        "nothing, if it is seldom. Else lower this stack's share: other apps of the account call at the same time.",
    ),
    "zoom_unavailable": ReasonText(
        "Zoom gives no usable answer; they are tried again every quarter of an hour, for 96 hours.",
        "see status.zoom.us. Nothing has to be done here; to spare the logs, pause the consumer.",
    ),
    NO_REASON: ReasonText(
        "unknown: the consumer crashed over this message again and again, and SQS moved it.",
        "send it back; if it returns, read the consumer's log (the runbook, ConsumerErrorsAlarm).",
    ),
}
_UNKNOWN: Final = ReasonText(
    "a reason that this version of the command does not know.", "see `detail`, and docs/runbook.md."
)


def reason_text(reason: str | None) -> ReasonText:
    """Return the words of a reason, an unknown one included."""
    return REASON_TEXTS.get(reason or NO_REASON, _UNKNOWN)


def known_reasons() -> list[str]:
    """Return all reasons that have words."""
    return list(REASON_TEXTS)
