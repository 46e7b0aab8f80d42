"""Make AWS clients for an operator's machine, which is farther from AWS than a function and makes more parallel calls.

Credentials, region and endpoint are found as by every AWS tool (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …).
"""

import os
import re
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    InvalidRegionError,
    LoginError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as ConnectionFailed
from registrar.runtime.aws import error_code

from registrar_cli.terminal.errors import Unreachable

SENDERS = 16  # threads that call AWS in parallel
CONNECT_SECONDS = 5  # enough for a mobile line or a proxy
READ_SECONDS = 30  # the longest poll takes 20
TRIES = 5  # including the first; the SDK waits longer after each throttled call

ASK: Final = "ask the person who deployed the stack"
_LOG_IN: Final = (
    "Log in (`aws sso login`, `aws configure`), or set AWS_PROFILE; `aws sts get-caller-identity` shows who you are. "
    f"If you have no access, {ASK}."
)
_ONLINE: Final = "Check that this machine is online, and that AWS_REGION and AWS_ENDPOINT_URL are right."
_CODES: Final = (  # of AWS's errors; the first pattern that is found in the code counts
    ("Expired", "Your AWS login has expired", _LOG_IN),
    (
        "InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|InvalidAccessKeyId|AuthFailure",
        "AWS does not accept your credentials",
        _LOG_IN,
    ),
    (
        "Throttl|TooManyRequests|RequestLimitExceeded|ThroughputExceeded",
        "AWS throttles the calls",
        "Try again in a minute. If it persists, other programs of the AWS account make too many calls.",
    ),
)
_DENIED: Final = "AccessDenied|NotAuthorized|Unauthorized|AuthorizationError"
_EXCEPTIONS: Final[tuple[tuple[type[BotoCoreError], str, str], ...]] = (  # {…}: from the exception
    (
        NoRegionError,
        "No AWS region is set",
        "Set AWS_REGION to the region of the stack: export AWS_REGION=eu-central-1",
    ),
    (NoCredentialsError, "You are not logged in to AWS: there are no credentials", _LOG_IN),
    (PartialCredentialsError, "Your AWS credentials are incomplete: {cred_var} is missing", _LOG_IN),
    (SSOError, "Your AWS login has expired, or you are not logged in", _LOG_IN),
    (LoginError, "Your AWS login has expired, or you are not logged in", _LOG_IN),
    (TokenRetrievalError, "Your AWS login has expired, or you are not logged in", _LOG_IN),
    (CredentialRetrievalError, "Your AWS credentials cannot be read from {provider}", _LOG_IN),
    (
        ProfileNotFound,
        "There is no AWS profile {profile}",
        "Set AWS_PROFILE to one of the profiles that `aws configure list-profiles` shows.",
    ),
    (InvalidRegionError, "{region_name} is no AWS region", "Set AWS_REGION to the region of the stack."),
    (
        ConfigParseError,
        "The AWS configuration file cannot be parsed",
        "Correct ~/.aws/config and ~/.aws/credentials, or the files that AWS_CONFIG_FILE and "
        "AWS_SHARED_CREDENTIALS_FILE name; `aws configure list` shows the line.",
    ),
    (EndpointConnectionError, "AWS cannot be reached at {endpoint_url}", _ONLINE),
    (HTTPClientError, "AWS does not answer", _ONLINE),
    (ConnectionFailed, "AWS does not answer", _ONLINE),
)


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
    except ValueError as error:  # botocore has no class of its own for it
        to_do = "Correct AWS_ENDPOINT_URL, for example http://127.0.0.1:24566, or unset it to call AWS itself."
        raise Unreachable("The endpoint that is set for AWS is not a URL.", to_do) from error


def as_cli_error(error: ClientError | BotoCoreError, doing: str = "") -> Unreachable:
    """Convert an AWS error to a message with AWS's code, never its text, which can hold keys and bodies.

    The SDK's own errors have no code: the name of their Python class is shown only where there is no sentence for it.
    """
    code = error_code(error)
    operation = doing or getattr(error, "operation_name", "")
    if isinstance(error, BotoCoreError):
        for kind, what, to_do in _EXCEPTIONS:
            if isinstance(error, kind):
                return Unreachable(what.format_map(error.kwargs) + _aside(doing), to_do)
    aside = _aside(code, operation)
    if isinstance(error, ClientError):
        if re.search(_DENIED, code):
            action = _denied_action(error)
            to_do = f"To get the right to call {action}, {ASK}: docs/operations.md#permissions"
            return Unreachable(f"AWS denies {action}{aside}", to_do)
        for pattern, what, to_do in _CODES:
            if re.search(pattern, code):
                return Unreachable(what + aside, to_do)
    return Unreachable(f"AWS: an error{aside}", "Try again in a moment. See https://health.aws.amazon.com for outages.")


def _aside(*parts: str) -> str:
    """Return the end of a sentence, with what is known in brackets: ` (AccessDenied, reading the stack).`"""
    known = ", ".join(part for part in parts if part)
    return f" ({known})." if known else "."


def _denied_action(error: ClientError) -> str:
    """Return the IAM action that AWS's message names, `sqs:SendMessage`; else the operation."""
    found = re.search(r"to perform: ([a-zA-Z0-9-]+:[a-zA-Z]+)", error.response["Error"].get("Message", ""))
    return found[1] if found else error.operation_name
