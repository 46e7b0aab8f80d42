"""What real time and real threads are needed for, and virtual time is not: left out while a chaos run lasts.

In: nothing. Out: a context in which no timer ever goes off (each is a thread of its own, counting real seconds, and the
virtual clock has its own end of patience), and in which an address that was checked before is not checked again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from unittest.mock import patch

import email_validator

ADDRESSES = 200_000


class _Timer:
    """A timer that never goes off."""

    daemon = True

    def __init__(self, _seconds: float, _function: Callable[[], object]) -> None:
        """Nothing is kept."""

    def start(self) -> None:
        """Do nothing."""

    def cancel(self) -> None:
        """Do nothing."""


@contextmanager
def speedups() -> Iterator[None]:
    """Leave them out."""
    checked: Any = lru_cache(ADDRESSES)(email_validator.validate_email)
    with patch.object(threading, "Timer", _Timer), patch.object(email_validator, "validate_email", checked):
        yield
