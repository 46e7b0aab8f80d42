"""Spans of time and numbers of things as people say them. Pure.

In: seconds, a number and a noun. Out: words.
"""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def span(seconds: float) -> str:
    """`93784` → `1 d 2 h`: the two largest units."""
    left, parts = max(0, round(seconds)), []
    for size, name in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number:,} {name}")
        if len(parts) == 2:
            break
    return " ".join(parts) or "0 s"


def quantity(number: int, noun: str) -> str:
    """`1` and `letter` → `1 letter`; `2` → `2 letters`."""
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """`1` and `letter` → `letter`; `2` → `letters`: the number stands elsewhere."""
    return noun if number == 1 else f"{noun}s"
