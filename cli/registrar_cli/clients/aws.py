"""The AWS clients of a person's machine: farther from AWS than a function is, with more calls side by side.

In: the name of a service; credentials, region and endpoint come from where every AWS tool finds them
(AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …). Out: a boto3 client. Errors: `in_words` makes them a `Trouble`.
"""

import os
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    UnauthorizedSSOTokenError,
)
from registrar.runtime.aws import error_code

from registrar_cli.terminal.errors import Unreachable

SENDERS = 16  # threads that call AWS side by side
CONNECT_SECONDS = 5  # a mobile line, a proxy
READ_SECONDS = 30  # the longest poll takes 20
TRIES = 5  # the first included; throttled calls wait longer and longer

_LOG_IN = (
    "Log in (`aws sso login`, `aws configure`), or set AWS_PROFILE; `aws sts get-caller-identity` shows who you are."
)
_TO_DO = {
    NoCredentialsError: _LOG_IN,
    PartialCredentialsError: _LOG_IN,
    SSOTokenLoadError: _LOG_IN,
    UnauthorizedSSOTokenError: _LOG_IN,
    ProfileNotFound: "Set AWS_PROFILE to one of the profiles that `aws configure list-profiles` shows.",
    NoRegionError: "Set AWS_REGION to the region of the stack, for example: export AWS_REGION=eu-central-1",
    EndpointConnectionError: "See whether this machine is online, and AWS_REGION and AWS_ENDPOINT_URL are right.",
}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}


def client(service: Any) -> Any:
    """A low-level client whose every call ends; threads may share it."""
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=SENDERS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
    )
    try:
        # boto3 knows AWS_DEFAULT_REGION only; the AWS CLI and all other SDKs look for AWS_REGION first.
        return boto3.client(service, region_name=os.environ.get("AWS_REGION") or None, config=config)
    except BotoCoreError as error:
        raise as_cli_error(error) from error


def as_cli_error(error: ClientError | BotoCoreError, doing: str = "") -> Unreachable:
    """The error for the person at the terminal: its name, never its text, which can hold keys and bodies."""
    code = error_code(error)
    operation = doing or getattr(error, "operation_name", "")
    what = f"AWS: {code}" + (f" ({operation})" if operation else "")
    if isinstance(error, ClientError):
        return Unreachable(what, _LOG_IN if code in _EXPIRED else _to_do_about(code, operation))
    to_do = next((words for kind, words in _TO_DO.items() if isinstance(error, kind)), "Try again in a moment.")
    return Unreachable(what, to_do)


def _to_do_about(code: str, operation: str) -> str:
    if "AccessDenied" in code or "NotAuthorized" in code:
        return f"Ask whoever runs the AWS account for the right to {operation}."
    return "Try again in a moment; https://health.aws.amazon.com tells of outages."
