"""Make AWS clients for an operator's machine, which is farther from AWS than a function and makes more parallel calls.

Credentials, region and endpoint are found as by every AWS tool (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …).
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

SENDERS = 16  # threads that call AWS in parallel
CONNECT_SECONDS = 5  # enough for a mobile line or a proxy
READ_SECONDS = 30  # the longest poll takes 20
TRIES = 5  # including the first; the SDK waits longer after each throttled call

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
    EndpointConnectionError: "Check that this machine is online, and that AWS_REGION and AWS_ENDPOINT_URL are right.",
}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}


def client(service: Any) -> Any:
    """Return a low-level client whose every call has a timeout; threads may share it."""
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=SENDERS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
    )
    try:
        # boto3 reads AWS_DEFAULT_REGION only; the AWS CLI and the other SDKs read AWS_REGION first.
        return boto3.client(service, region_name=os.environ.get("AWS_REGION") or None, config=config)
    except BotoCoreError as error:
        raise as_cli_error(error) from error


def as_cli_error(error: ClientError | BotoCoreError, doing: str = "") -> Unreachable:
    """Convert an AWS error to a message with its code, never its text, which can hold keys and bodies."""
    code = error_code(error)
    operation = doing or getattr(error, "operation_name", "")
    what = f"AWS: {code}" + (f" ({operation})" if operation else "")
    if isinstance(error, ClientError):
        return Unreachable(what, _LOG_IN if code in _EXPIRED else _to_do_about(code, error.operation_name))
    to_do = next((text for kind, text in _TO_DO.items() if isinstance(error, kind)), "Try again in a moment.")
    return Unreachable(what, to_do)


def _to_do_about(code: str, operation: str) -> str:
    if "AccessDenied" in code or "NotAuthorized" in code:
        return f"Ask the administrator of the AWS account for the right to call {operation}."
    return "Try again in a moment. See https://health.aws.amazon.com for outages."
