"""Format durations and counted nouns."""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def span(seconds: float) -> str:
    """Format a duration by its two largest units: `93784` → `1 d 2 h`."""
    left, parts = max(0, round(seconds)), []
    for size, name in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number:,} {name}")
        if len(parts) == 2:
            break
    return " ".join(parts) or "0 s"


def quantity(number: int, noun: str) -> str:
    """Format a count with its noun: `1 dead letter`, `2 dead letters`."""
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """Return the noun alone, singular or plural, where the count is printed in another column."""
    return noun if number == 1 else f"{noun}s"
