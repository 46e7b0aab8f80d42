"""The AWS clients, made in one way: bounded in time, repeating a little, connecting as often as threads need.

In: the name of a service. Out: a boto3 client, to be kept for as long as the environment lives.
"""

import logging
from typing import Any

import boto3
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
    )
    return boto3.client(service, config=config)


def error_code(error: ClientError | BotoCoreError) -> str:
    """What an error is called: all of it that may be told, for its text can hold keys, addresses and bodies."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
