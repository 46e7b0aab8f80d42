"""The checks after a run: what must hold regardless of the faults."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from local.fake_zoom import utc
from local.fake_zoom.webinars import Registrant, Status
from tests.chaos.evaluation.attempts import ATTEMPTS_PER_DAY, attempts
from tests.chaos.evaluation.invariants import FINAL
from tests.chaos.evaluation.join_urls import replaced_urls
from tests.chaos.evaluation.record import Record
from tests.chaos.workload.submissions import Key, MessageKind, Validity, as_sent_to_zoom

Violation = tuple[Key | None, str]

FULL = 3043  # Zoom's code

# The statuses of the rows that have an attribute (contract 4).
_STATUSES_WITH = {
    "join_url": {"registered"},
    "registered_at": {"registered"},
    "reason": {"rejected", "deferred"},
    "deferred_until": {"deferred"},
    "updated_at": {"registered", "pending_approval", "rejected", "deferred"},
}


@dataclass(frozen=True)
class Finding:
    """One check and its violations. Not `forbidden`: reported, but no failure."""

    name: str
    violations: list[Violation]
    forbidden: bool = True


def check(record: Record) -> list[Finding]:
    """Run all checks."""
    too_many = [one for one in attempts(record) if one.is_too_many]
    described = {
        one: (one.key, f"{one.number} attempts on {one.day}, {one.known} that could be known") for one in too_many
    }
    replaced = replaced_urls(record)
    violations = record.violations
    return [
        Finding("lost", [*_lost(record), *((None, f"the queue lost {one}") for one in record.lost_by_queue)]),
        Finding("still on the queue", [(_key_of(record, body), "waits") for body in record.waiting]),
        Finding("valid registrants rejected, or a false reason", violations.rows_with_false_reason),
        Finding("last attempt taken by a full webinar", list(_last_attempts_refused(record)), forbidden=False),
        Finding("rejected, and registered at Zoom", list(_rejected_but_in(record))),
        Finding("fourth attempt on a UTC day", [described[one] for one in too_many if not one.is_excused]),
        Finding(
            "the same, not knowable",
            [described[one] for one in too_many if one.is_excused],
            forbidden=False,
        ),
        Finding("registered twice", list(_twice(record))),
        Finding("registered, and not at Zoom", list(_not_at_zoom(record))),
        Finding("join URL that Zoom has replaced", [(one.key, one.shown) for one in replaced if not one.is_excused]),
        Finding(
            "the same, not knowable", [(one.key, one.shown) for one in replaced if one.is_excused], forbidden=False
        ),
        Finding("pending approval, and not pending at Zoom", list(_not_pending(record))),
        Finding("rows that violate the contract", list(_wrong_rows(record))),
        Finding("registered, then changed back", violations.downgraded),
        Finding("submission settled, and not in the row, or before", violations.rows_with_false_submission),
        Finding("dead letters with a false reason", violations.dead_letters_with_false_reason),
        Finding("dead letters with another body or group", violations.altered_dead_letters),
        Finding("dead letters without a row", list(_dead_letters_without_row(record))),
        Finding("deleted before stored", violations.acknowledged_early),
        Finding("calls that violate Zoom's schema", list(_wrong_calls(record))),
        Finding("unexpected errors", [(None, text[:300]) for text in record.unexpected]),
    ]


def digest(record: Record) -> str:
    """Return a digest of rows, dead letters and calls."""
    return hashlib.sha256(json.dumps(record.digest_content(), default=str).encode()).hexdigest()[:16]


def end_states(record: Record) -> Counter[str]:
    """Count registrants and invalid messages by their final state."""
    states: Counter[str] = Counter()
    for row in record.rows.values():
        states[row["status"] + (f": {row['reason']}" if row["status"] == "rejected" else "")] += 1
    by_body = dict(record.dead_letters)
    for submission in record.submissions:
        if submission.key is None and submission.body in by_body:
            states[f"no row: {by_body[submission.body].get('reason', 'no reason')}"] += 1
    return states


def _lost(record: Record) -> Iterable[Violation]:
    """Yield registrants without a final row, and messages that are neither settled nor a dead letter with a reason."""
    dead_letters = dict(record.dead_letters)
    waiting = set(record.waiting)
    messages: defaultdict[Key, list[str]] = defaultdict(list)
    for submission in record.submissions:
        if submission.body in waiting:
            continue  # reported by another check
        if submission.key is None or submission.kind is not MessageKind.REGISTRANT:
            if not dead_letters.get(submission.body, {}).get("reason"):
                yield submission.key, f"a message of kind {submission.kind} is not a dead letter"
        else:
            messages[submission.key].append(submission.body)
    for key, bodies in messages.items():
        status = record.rows.get(key, {}).get("status", "no row")
        is_dead_lettered = any(dead_letters.get(body, {}).get("reason") for body in bodies)
        if status not in FINAL and not (status == "rejected" and is_dead_lettered):
            yield key, f"ended as {status}, {'with' if is_dead_lettered else 'without'} a dead letter"


def _last_attempts_refused(record: Record) -> Iterable[Violation]:
    """Yield registrants whose third attempt of a day a full webinar refused."""
    used: Counter[tuple[str, str, str]] = Counter()
    for _, call in record.calls:
        for email in call.emails if call.is_attempt else ():
            day = (call.webinar, email.lower(), utc.day_text(call.time))
            used[day] += 1
            if call.code == FULL and used[day] == ATTEMPTS_PER_DAY:
                yield (call.webinar, email.lower()), f"refused by its third attempt on {day[2]}"


def _rejected_but_in(record: Record) -> Iterable[Violation]:
    """Yield registrants of a webinar who were told no; whoever only asked for a meeting may be known from elsewhere."""
    asked = {one.key for one in record.submissions if one.kind is not MessageKind.MEETING}
    for key, row in record.rows.items():
        registrant = _at_zoom(record, key) if key in asked else None
        if row["status"] == "rejected" and registrant is not None and registrant.status is Status.APPROVED:
            yield key, f"rejected as {row['reason']}, and approved at Zoom"


def _twice(record: Record) -> Iterable[Violation]:
    for webinar, registrants in record.at_zoom.items():
        known = Counter(email.encode("idna").decode() if "bücher" in email else email for email in registrants)
        for email, number in known.items():
            if number > 1:
                yield (webinar, email), f"registered {number} times at Zoom"


def _not_at_zoom(record: Record) -> Iterable[Violation]:
    for key, row in record.rows.items():
        if row["status"] == "registered" and _at_zoom(record, key) is None:
            yield key, "registered, but not at Zoom"


def _not_pending(record: Record) -> Iterable[Violation]:
    """Yield registrants whose row says pending approval, and who never were: a join URL was lost."""
    for key, row in record.rows.items():
        registrant = _at_zoom(record, key)
        if row["status"] != "pending_approval" or record.validity.get(key) is Validity.DENIED:
            continue
        if registrant is None:
            yield key, "pending approval, but not at Zoom"
        elif registrant.status is not Status.PENDING and key not in record.decided_by_hosts:
            yield key, f"pending approval, and {registrant.status} at Zoom without a host's decision"


def _wrong_rows(record: Record) -> Iterable[Violation]:
    """Yield rows whose attributes do not go with their status (contract 4)."""
    for key, row in record.rows.items():
        expected = {name: row["status"] in statuses for name, statuses in _STATUSES_WITH.items()}
        wrong = [name for name, is_expected in expected.items() if (name in row) is not is_expected]
        registrant = _at_zoom(record, key)
        if row["status"] == "registered" and registrant and row.get("registrant_id") != registrant.registrant_id:
            wrong.append("registrant_id")
        if wrong:
            yield key, f"{row['status']}, and wrong: {', '.join(wrong)}"


def _dead_letters_without_row(record: Record) -> Iterable[Violation]:
    """Yield dead letters of registrants without a row, and rejected rows whose reason no dead letter has."""
    reasons: defaultdict[Key, set[str | None]] = defaultdict(set)
    key_of = {one.body: one.key for one in record.submissions}
    for body, attributes in record.dead_letters:
        key = key_of.get(body)
        if key is None:
            continue
        reasons[key].add(attributes.get("reason"))
        if key not in record.rows:
            yield key, f"a dead letter with reason {attributes.get('reason')}, and no row"
    for key, row in record.rows.items():
        if row["status"] == "rejected" and row.get("reason") not in reasons[key]:
            yield key, f"rejected as {row.get('reason')}, and the dead letters say {sorted(map(str, reasons[key]))}"


def _at_zoom(record: Record, key: Key) -> Registrant | None:
    return record.at_zoom.get(key[0], {}).get(as_sent_to_zoom(key[1]))


def _wrong_calls(record: Record) -> Iterable[Violation]:
    for invocation, call in record.calls:
        emails = [email.lower() for email in call.emails]
        if call.violations or len(emails) > 30 or len(set(emails)) < len(emails):
            yield None, f"{invocation}: {call.call} of {call.registrants}, {call.violations[:2]}"


def _key_of(record: Record, body: str) -> Key | None:
    return next((one.key for one in record.submissions if one.body == body), None)


def invalid_registrants(record: Record) -> int:
    """Count the invalid registrants of webinars that are open."""
    admitting = {plan.id for plan in record.plans if plan.admits}
    return sum(validity is not Validity.VALID for key, validity in record.validity.items() if key[0] in admitting)
