"""The AWS clients, made in one way: bounded in time, repeating a little, connecting as often as threads need.

In: the name of a service. Out: a client, to be kept for as long as the environment lives.
"""

import logging
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits

# At INFO botocore tells where it found its credentials, at every cold start: no news to anybody.
logging.getLogger("botocore").setLevel(logging.WARNING)


def client(service: Any, read_seconds: float = limits.AWS_READ_SECONDS, tries: int = limits.AWS_TRIES) -> Any:
    """A low-level client whose every call ends: `tries` x (connect + `read_seconds`) at most, short waits between."""
    config = Config(
        connect_timeout=limits.AWS_CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=limits.WORKER_THREADS,
        # A seventh of the CPU that a registrant costs. AWS refuses a wrong call too, and the tests' fakes check each
        # one against the same model.
        parameter_validation=False,
    )
    with _making:
        return _session().client(service, config=config)


def client_when_used(service: Any, read_seconds: float = limits.AWS_READ_SECONDS, tries: int = limits.AWS_TRIES) -> Any:
    """The same, made when first used: for services that most invocations never call."""
    return _WhenUsed(lambda: client(service, read_seconds=read_seconds, tries=tries))


class _WhenUsed:
    """Stands for a client until it is used."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._made = cache(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)


_making = threading.Lock()  # a session may not make two clients at once; using them side by side is allowed


@cache
def _session() -> boto3.session.Session:
    """One for all clients, which share what it has read: credentials, endpoints."""
    return boto3.session.Session()


def error_code(error: ClientError | BotoCoreError) -> str:
    """What an error is called: all of it that may be told, for its text can hold keys, addresses and bodies."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
