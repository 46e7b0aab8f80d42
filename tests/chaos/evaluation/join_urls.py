"""Stored join URLs that Zoom has replaced, and whether the consumer could know it.

Zoom may replace a join URL when it registers someone again. The row of a first delivery without a row is written
without a condition, so that it costs one write and no read. If another environment's call and row come between that
call and its row, neither can know of the other: this case is excused, shown by Zoom's log of calls. Every other row is
written on a condition, and Zoom is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from local.fake_zoom.call_log import LoggedCall
from tests.chaos.evaluation.record import Record
from tests.chaos.workload.submissions import Key, as_sent_to_zoom

CONFIRMED = frozenset({200, 201})  # which of them Zoom answers to a batch is a switch of the fake


@dataclass(frozen=True)
class ReplacedUrl:
    """A registered row whose join URL is no longer valid; `shown`: the calls of which it follows."""

    key: Key
    shown: str
    is_excused: bool


def replaced_urls(record: Record) -> list[ReplacedUrl]:
    """Return the registered rows with another join URL than Zoom's."""
    found = []
    for key, row in record.rows.items():
        registrant = record.at_zoom.get(key[0], {}).get(as_sent_to_zoom(key[1]))
        if row["status"] == "registered" and registrant is not None and row.get("join_url") != registrant.join_url:
            found.append(_explained(record, key, row.get("zoom_tracking_id")))
    return found


def _explained(record: Record, key: Key, tracking_id: str | None) -> ReplacedUrl:
    calls = [
        (invocation, call)
        for invocation, call in record.calls
        if call.is_attempt
        and call.webinar == key[0]
        and as_sent_to_zoom(key[1]) in {email.lower() for email in call.emails}
    ]
    place = next((place for place, (_, call) in enumerate(calls) if call.tracking_id == tracking_id), None)
    if place is None:
        return ReplacedUrl(key, f"no call has the row's tracking id {tracking_id}", is_excused=False)
    stored, later = calls[place], calls[place + 1 :]
    stored_s = _first_write_s(record, key, *stored)
    shown = "; then ".join(_text(*one, _first_write_s(record, key, *one)) for one in (stored, *later))
    is_excused = (
        _is_unreserved(record, key, *stored) and bool(later) and _all_stored_before(record, key, later, stored_s)
    )
    return ReplacedUrl(key, shown, is_excused)


def _is_unreserved(record: Record, key: Key, invocation: str, call: LoggedCall) -> bool:
    """Return whether the call carried first deliveries only, and its invocation wrote no row before it."""
    deliveries = record.deliveries.get(key, ())
    carried = [one for one in deliveries if one.invocation == invocation and one.at_s <= call.time]
    writes = record.writes.get((invocation, key), ())
    received_s = max((one.at_s for one in carried), default=call.time)
    return all(one.receive == 1 for one in carried) and not any(received_s <= at_s <= call.time for at_s in writes)


def _all_stored_before(
    record: Record, key: Key, calls: Sequence[tuple[str, LoggedCall]], stored_s: float | None
) -> bool:
    """Return whether the outcomes of these calls were confirmed and stored before this moment."""
    written = [_first_write_s(record, key, *one) for one in calls]
    confirmed = all(call.status in CONFIRMED and not call.fault for _, call in calls)
    return confirmed and stored_s is not None and all(at_s is not None and at_s <= stored_s for at_s in written)


def _first_write_s(record: Record, key: Key, invocation: str, call: LoggedCall) -> float | None:
    """Return when the invocation first wrote the registrant's row after its call."""
    return min((at_s for at_s in record.writes.get((invocation, key), ()) if at_s >= call.time), default=None)


def _text(invocation: str, call: LoggedCall, written_s: float | None) -> str:
    row = "no row" if written_s is None else f"the row at {written_s:.2f}"
    return f"{invocation} called at {call.time:.2f} ({call.status}) and wrote {row}"
