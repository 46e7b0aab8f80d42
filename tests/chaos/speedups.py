"""What real time and real threads are needed for, and virtual time is not: left out while a chaos run lasts.

No timer fires: each would be a thread that counts real seconds, and the virtual clock enforces the timeouts itself. An
address that was validated before is not validated again.
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
    """A timer that never fires."""

    daemon = True

    def __init__(self, _seconds: float, _function: Callable[[], object]) -> None:
        """Ignore the delay and the function."""

    def start(self) -> None:
        """Do nothing."""

    def cancel(self) -> None:
        """Do nothing."""


@contextmanager
def speedups() -> Iterator[None]:
    """Apply both while the context lasts."""
    checked: Any = lru_cache(ADDRESSES)(email_validator.validate_email)
    with patch.object(threading, "Timer", _Timer), patch.object(email_validator, "validate_email", checked):
        yield
