"""What a fake raises: the service's own refusals, the network's failures, and the limits of the fake itself.

ServiceError              raised inside a fake; `client.py` makes botocore's ClientError of it
EndpointConnectionError   botocore's own: the service was not reached
ReadTimeoutError          botocore's own: no answer came back
NotModelledError          AWS may well know this, the fake does not: a test must never pass on a guess
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

# A code ("ThrottlingException"), a ready exception, or something that makes one for each call.
ErrorSource = str | BaseException | Callable[[], BaseException]


class NotModelledError(NotImplementedError):
    """The fake was asked for something it does not know."""


class ServiceError(Exception):
    """A refusal by the service, before it has the name of the operation and a request id."""

    def __init__(self, code: str, message: str, **extra: Any) -> None:
        """`extra` are the members beside `Error`, such as the `Item` of a failed condition."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.extra = extra


def validation_error(message: str) -> ServiceError:
    """Return DynamoDB's answer to a call that can never work."""
    return ServiceError("ValidationException", message)


def invalid_parameter(message: str) -> ServiceError:
    """Return SQS's answer to a parameter out of range."""
    return ServiceError("InvalidParameterValue", message)


def not_reached(endpoint_url: str) -> EndpointConnectionError:
    """Return the error of a call that never left: it had no effect."""
    return EndpointConnectionError(endpoint_url=endpoint_url, error="connection refused by the fake")


def no_answer(endpoint_url: str) -> ReadTimeoutError:
    """Return the error of a call whose answer is lost: whether it had an effect, the caller cannot know."""
    return ReadTimeoutError(endpoint_url=endpoint_url, error="read timed out in the fake")
