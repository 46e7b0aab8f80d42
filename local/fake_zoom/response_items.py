"""The response to a successful batch: which item it has for each registrant, in which form and order.

Zoom documents all three fields of an item as optional, promises no order, and reports no status per item.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from local.fake_zoom.exchange import Response
from local.fake_zoom.switches import (
    AnswerOrder,
    DeniedAgain,
    EmailCase,
    JoinUrlForm,
    PendingItem,
    Repeat,
    Switches,
)
from local.fake_zoom.webinars import Registrant, Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """A registrant after a batch, the e-mail as this batch sent it, and whether they were registered before."""

    sent_as: str
    registrant: Registrant
    is_repeat: bool


def batch_response(outcomes: Sequence[Outcome], switches: Switches) -> Response:
    """Return the response to a batch that was not refused."""
    items = [item for outcome in outcomes if (item := _item(outcome, switches)) is not None]
    match switches.answer_order:
        case AnswerOrder.REVERSED:
            items.reverse()
        case AnswerOrder.BY_EMAIL:
            items.sort(key=lambda item: str(item["email"]).lower())
        case AnswerOrder.AS_SENT:
            pass
    return Response.of_json(int(switches.success_status), {"registrants": items})


def join_url(registrant: Registrant, switches: Switches) -> str:
    """Return the join URL as Zoom writes it."""
    space = " " if switches.join_url_form is JoinUrlForm.LEADING_SPACE else ""
    return space + registrant.join_url


def _item(outcome: Outcome, switches: Switches) -> dict[str, object] | None:
    registrant = outcome.registrant
    item: dict[str, object] = {
        "registrant_id": registrant.registrant_id,
        "email": _spelled(outcome, switches.email_case),
    }
    match registrant.status:
        case Status.PENDING:
            return _pending(item, switches.pending_item)
        case Status.DENIED:
            return item if switches.denied_again is DeniedAgain.WITHOUT_JOIN_URL else None
        case _:
            if outcome.is_repeat and switches.repeat is Repeat.LEFT_OUT:
                return None
            return {**item, "join_url": join_url(registrant, switches)}


def _pending(item: dict[str, object], form: PendingItem) -> dict[str, object] | None:
    match form:
        case PendingItem.WITHOUT_JOIN_URL:
            return item
        case PendingItem.EMPTY_JOIN_URL:
            return {**item, "join_url": ""}
        case PendingItem.NULL_JOIN_URL:
            return {**item, "join_url": None}
        case PendingItem.NO_ITEM:
            return None


def _spelled(outcome: Outcome, form: EmailCase) -> str:
    match form:
        case EmailCase.AS_SENT:
            return outcome.sent_as
        case EmailCase.AS_FIRST_REGISTERED:
            return outcome.registrant.email
        case EmailCase.LOWER:
            return outcome.sent_as.lower()
        case EmailCase.UPPER:
            return outcome.sent_as.upper()
