"""Read a webinar's or meeting's facts from Zoom's descriptions of it and its questions (zoom-api-2.md, 3 to 5). Pure.

Everything may be absent, and a value of an unexpected type counts as absent: a page without a fact is better than none.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from registrar.registrants.row import moment_of, timestamp
from registrar.zoom.webinar_facts import Occurrence, Question, WebinarFacts

_FIXED_TIMES: Final = frozenset({9, 8})  # recurring: the dates are in `occurrences`, and `start_time` may be old
_NO_FIXED_TIME: Final = frozenset({6, 3})
_QUESTION_TYPES: Final = {
    "single_radio": "single",
    "single": "single",
    "single_dropdown": "dropdown",
    "multiple": "multiple",
}
_ALWAYS_ASKED: Final = frozenset({"email", "first_name"})
_MAIL_SETTINGS: Final = ("registrants_email_notification", "registrants_confirmation_email")


def facts_of(
    webinar_id: str, kind: str, webinar: Mapping[str, Any], questions: Mapping[str, Any], now: float
) -> WebinarFacts:
    """Return the facts in Zoom's descriptions, looked up now."""
    settings = _mapping(webinar.get("settings"))
    type_ = _number(webinar.get("type"))
    duration = _number(webinar.get("duration"))
    dates = _dates(webinar.get("occurrences"), duration)
    return WebinarFacts(
        webinar_id=webinar_id,
        kind=kind,
        topic=_text(webinar.get("topic")),
        type=type_,
        starts_at=_start(type_, _moment(webinar.get("start_time")), dates, now),
        duration_minutes=duration,
        timezone=_text(webinar.get("timezone")) or None,
        approval_type=_number(settings.get("approval_type")),
        registration_type=_number(settings.get("registration_type")) if type_ in _FIXED_TIMES else None,
        occurrences=tuple(date for date in dates if not _is_over(date, now)),
        questions=(
            *_standard_questions(questions.get("questions")),
            *_own_questions(questions.get("custom_questions")),
        ),
        capacity=_number(webinar.get("capacity")),
        host_sends_mail=host_sends_mail(settings),
        looked_up_at=timestamp(now),
    )


def host_sends_mail(settings: Mapping[str, Any]) -> bool | None:
    """Return whether Zoom is set to e-mail registrants their join URLs; None if its settings do not say.

    Zoom's API reference: `registrants_confirmation_email` has an effect only while `registrants_email_notification` is
    on. Whether Zoom also e-mails the registrants of a batch call is in no document (docs/not-verified.md).
    """
    values = [settings.get(name) for name in _MAIL_SETTINGS]
    if False in values:
        return False
    return None if None in values else True


def _dates(listed: object, duration: int | None) -> list[Occurrence]:
    """Return the dates that are not deleted, earliest first; a moved one keeps its id, so an id is never computed."""
    dates = []
    for item in _mappings(listed):
        id_, starts_at = item.get("occurrence_id"), _moment(item.get("start_time"))
        if isinstance(id_, str | int) and str(id_) and starts_at is not None and item.get("status") != "deleted":
            dates.append(Occurrence(str(id_), timestamp(starts_at), _number(item.get("duration")) or duration))
    return sorted(dates, key=lambda date: date.starts_at)


def _start(type_: int | None, start: float | None, dates: Sequence[Occurrence], now: float) -> str | None:
    """Return the start of the next date, of the last one if all are over, or the only one."""
    if type_ in _NO_FIXED_TIME:
        return None
    if dates:
        return next((date for date in dates if not _is_over(date, now)), dates[-1]).starts_at
    if start is None or (type_ in _FIXED_TIMES and start < now):
        return None
    return timestamp(start)


def _is_over(date: Occurrence, now: float) -> bool:
    return (moment_of(date.starts_at) or 0) + 60 * (date.duration_minutes or 0) <= now


def _standard_questions(listed: object) -> Iterator[Question]:
    for item in _mappings(listed):
        name = _text(item.get("field_name"))
        if name and name not in _ALWAYS_ASKED:
            yield Question("short", item.get("required") is True, name=name)


def _own_questions(listed: object) -> Iterator[Question]:
    """Yield the host's questions; title and answers exactly as Zoom spells them, which it may compare."""
    for item in _mappings(listed):
        title = item.get("title")
        if not isinstance(title, str) or not title.strip():
            continue
        given = item.get("answers")
        answers = tuple(one for one in given if isinstance(one, str) and one.strip()) if isinstance(given, list) else ()
        type_ = _QUESTION_TYPES.get(str(item.get("type")), "short") if answers else "short"
        yield Question(type_, item.get("required") is True, title=title, answers=answers if type_ != "short" else ())


def _mappings(listed: object) -> Iterator[Mapping[str, Any]]:
    return (item for item in listed if isinstance(item, Mapping)) if isinstance(listed, list) else iter(())


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _moment(value: object) -> float | None:
    """Return a moment in epoch seconds; Zoom's are in UTC where they name no zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
