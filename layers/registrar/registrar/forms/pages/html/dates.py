"""Write dates and durations in words, in the reader's language and the webinar's time zone."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from registrar.forms.pages.html.element import Html, element
from registrar.forms.pages.texts.catalogue import DateTexts, Texts


def written(moment: datetime, zone: str | None, texts: DateTexts) -> str:
    """Write a moment in a time zone, such as Europe/Berlin; in UTC where there is none, or it is unknown here."""
    found = _zone(zone)
    local = moment.astimezone(found or UTC)
    words = texts.moment.format(
        weekday=texts.weekdays[local.weekday()],
        day=texts.first_day if local.day == 1 else local.day,
        month=texts.months[local.month - 1],
        year=local.year,
        hour=local.hour,
        hour12=local.hour % 12 or 12,
        half="AM" if local.hour < 12 else "PM",
        minute=f"{local.minute:02}",
    )
    return f"{words} ({zone}, {_offset(local)})" if found and zone != "UTC" else f"{words} (UTC)"


def time_element(moment: datetime, zone: str | None, texts: Texts) -> tuple[Html, Html]:
    """Return the moment as an element, and a hidden one for the reader's own time, which a script fills in."""
    utc = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    label = texts.labelled(texts.dates.your_time, "")
    own = element(
        "span",
        Html("<br>"),
        label,
        element("time", datetime=utc),
        class_="soft",
        hidden=True,
        data_registrar_time=utc,
        data_registrar_zone=zone or "UTC",
    )
    return element("time", written(moment, zone, texts.dates), datetime=utc), own


def duration(minutes: int, texts: Texts) -> str:
    """Write a duration in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, texts.dates.hours), (rest, texts.dates.minutes)]
    return texts.gap.join(forms[number != 1].format(number) for number, forms in parts if number)


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # unknown; no relative path; a folder of the database, such as Europe
        return None


def _offset(local: datetime) -> str:
    offset = local.utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
