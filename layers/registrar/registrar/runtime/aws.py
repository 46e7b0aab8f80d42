"""AWS clients whose calls are bounded in time, with few retries and a connection per worker thread."""

import logging
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits

# At INFO, botocore logs at every cold start where it found its credentials.
logging.getLogger("botocore").setLevel(logging.WARNING)


def client(service: Any, read_seconds: float = limits.AWS_READ_SECONDS, tries: int = limits.AWS_TRIES) -> Any:
    """Return a low-level client, to be kept as long as the execution environment.

    A call takes at most `tries` x (connect + `read_seconds`), plus short waits between the tries.
    """
    config = Config(
        connect_timeout=limits.AWS_CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=limits.WORKER_THREADS,
        # Validation takes a seventh of the CPU time per registrant. AWS refuses a wrong call too, and the tests' fakes
        # check each one against the same model.
        parameter_validation=False,
        # botocore would put its own together anew, twice for each call: a fifth of the call's CPU time.
        user_agent="zoom-registrar",
    )
    with _session_lock:
        return _session().client(service, config=config)


def client_when_used(service: Any, read_seconds: float = limits.AWS_READ_SECONDS, tries: int = limits.AWS_TRIES) -> Any:
    """Return a client that is created on first use: for services that most invocations never call."""
    return _LazyClient(lambda: client(service, read_seconds=read_seconds, tries=tries))


class _LazyClient:
    def __init__(self, create: Callable[[], Any]) -> None:
        self._client = cache(create)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client(), name)


_session_lock = threading.Lock()  # using clients from several threads is safe; creating them from one session is not


@cache
def _session() -> boto3.session.Session:
    """Return the one session, so that all clients share its credentials and endpoints."""
    return boto3.session.Session()


def error_code(error: ClientError | BotoCoreError) -> str:
    """Return the name of an error, which is safe to log; its text can hold keys, addresses and bodies."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
