"""The errors of the fakes.

ServiceError              raised inside a fake; `client.py` turns it into botocore's ClientError
EndpointConnectionError   botocore's: the service was not reached
ReadTimeoutError          botocore's: no response arrived
NotModelledError          AWS may support this, the fake does not: a test must never pass on a guess
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

# A code ("ThrottlingException"), an exception, or a function that returns one for each call.
ErrorSource = str | BaseException | Callable[[], BaseException]


class NotModelledError(NotImplementedError):
    """The fake does not support this call."""


class ServiceError(Exception):
    """An error response of the service, still without operation and request id."""

    def __init__(self, code: str, message: str, **extra: Any) -> None:
        """`extra` are the members beside `Error`, such as the `Item` of a failed condition."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.extra = extra


def validation_error(message: str) -> ServiceError:
    """Return DynamoDB's error for an invalid call."""
    return ServiceError("ValidationException", message)


def invalid_parameter(message: str) -> ServiceError:
    """Return SQS's error for a parameter out of range."""
    return ServiceError("InvalidParameterValue", message)


def not_reached(endpoint_url: str) -> EndpointConnectionError:
    """Return the error of a call that did not reach the service: it had no effect."""
    return EndpointConnectionError(endpoint_url=endpoint_url, error="connection refused by the fake")


def no_answer(endpoint_url: str) -> ReadTimeoutError:
    """Return the error of a call whose response is lost: the caller cannot know whether it took effect."""
    return ReadTimeoutError(endpoint_url=endpoint_url, error="read timed out in the fake")
