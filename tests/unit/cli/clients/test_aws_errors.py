"""AWS's errors, as a person reads them: what is wrong, where, and what to do; never AWS's own text."""

from typing import Any

import boto3
import pytest
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.stub import Stubber
from registrar.runtime.aws import error_code
from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.terminal.errors import Unreachable

SECRET = "ada@example.com"


def refused(code: str, message: str = SECRET) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Scan")


@pytest.mark.parametrize(
    ("error", "what", "to_do"),
    [
        (exceptions.NoRegionError(), "No AWS region is set", "AWS_REGION="),
        (exceptions.NoCredentialsError(), "not logged in", "aws sso login"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"), "aws_secret", "Log in"),
        (exceptions.SSOTokenLoadError(error_msg=SECRET), "expired, or you are not logged in", "aws sso login"),
        (exceptions.UnauthorizedSSOTokenError(), "expired, or you are not logged in", "aws sso login"),
        (exceptions.LoginRefreshRequired(), "expired, or you are not logged in", "Log in"),
        (exceptions.TokenRetrievalError(provider="sso", error_msg=SECRET), "expired, or you are not", "aws sso login"),
        (exceptions.CredentialRetrievalError(provider="process", error_msg=SECRET), "read from process", "Log in"),
        (exceptions.ProfileNotFound(profile="events"), "no AWS profile events", "list-profiles"),
        (exceptions.InvalidRegionError(region_name="no where"), "no where is no AWS region", "AWS_REGION"),
        (
            exceptions.EndpointConnectionError(endpoint_url="https://sqs.nowhere.amazonaws.com/"),
            "cannot be reached at https://sqs.nowhere.amazonaws.com/",
            "online",
        ),
        (exceptions.ReadTimeoutError(endpoint_url="https://sqs", error=SECRET), "does not answer", "online"),
        (exceptions.SSLError(endpoint_url="https://sqs", error=SECRET), "does not answer", "online"),
        (exceptions.ConfigParseError(path=SECRET), "configuration file cannot be parsed", "AWS_CONFIG_FILE"),
        (exceptions.InvalidProxiesConfigError(), "InvalidProxiesConfigError", "Try again"),
        (refused("ExpiredToken"), "login has expired", "aws sso login"),
        (refused("ExpiredTokenException"), "login has expired", "aws sso login"),
        (refused("InvalidClientTokenId"), "does not accept your credentials", "Log in"),
        (refused("UnrecognizedClientException"), "does not accept your credentials", "Log in"),
        (refused("InvalidSignatureException"), "does not accept your credentials", "Log in"),
        (refused("ThrottlingException"), "throttles", "in a minute"),
        (refused("TooManyRequestsException"), "throttles", "in a minute"),
        (refused("AccessDenied"), "denies Scan", "ask the person who deployed the stack"),
        (
            refused("AccessDeniedException", f"User: {SECRET} is not authorized to perform: dynamodb:Scan on …"),
            "denies dynamodb:Scan",
            "docs/operations.md#permissions",
        ),
        (refused("InternalFailure"), "InternalFailure", "Try again"),
    ],
    ids=lambda value: "" if isinstance(value, str) else error_code(value),
)
def test_an_error_of_aws_says_what_to_do(error: ClientError | BotoCoreError, what: str, to_do: str) -> None:
    message = aws.as_cli_error(error, "reading RegistrantTable")

    assert what in message.what
    assert "reading RegistrantTable" in message.what
    assert to_do in message.to_do
    assert SECRET not in f"{message.what} {message.to_do}"


@pytest.mark.parametrize(
    "error",
    [
        exceptions.NoRegionError(),
        exceptions.NoCredentialsError(),
        exceptions.ProfileNotFound(profile="events"),
        exceptions.EndpointConnectionError(endpoint_url="https://sqs.nowhere.amazonaws.com/"),
        exceptions.ConfigParseError(path=SECRET),
    ],
    ids=error_code,
)
def test_an_error_with_a_sentence_of_its_own_names_no_class_of_python(error: BotoCoreError) -> None:
    assert aws.as_cli_error(error).what.endswith(".")
    assert error_code(error) not in aws.as_cli_error(error).what
    assert "()" not in aws.as_cli_error(error).what


def test_an_endpoint_that_is_no_url_is_reported_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")

    with pytest.raises(Unreachable, match="not a URL") as raised:
        aws.client("sqs")

    assert "AWS_ENDPOINT_URL" in raised.value.to_do


def stubbed(service: str, operation: str, *, response: dict[str, Any] | None = None, code: str = "") -> Any:
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    stubber = Stubber(client)
    if response is None:
        stubber.add_client_error(operation, code)
    else:
        stubber.add_response(operation, response)
    stubber.activate()
    return client


@pytest.mark.parametrize(
    ("identity", "where"),
    [
        ({"response": {"Account": "123456789012"}}, "region eu-central-1, account 123456789012."),
        ({"code": "ExpiredToken"}, "region eu-central-1."),
    ],
)
def test_a_missing_stack_is_reported_with_region_and_account(
    monkeypatch: pytest.MonkeyPatch, identity: dict[str, Any], where: str
) -> None:
    monkeypatch.setattr(aws, "client", lambda service: stubbed(service, "get_caller_identity", **identity))

    with pytest.raises(Unreachable) as raised:
        Stack.find("events", stubbed("cloudformation", "describe_stacks", code="ValidationError"))

    assert raised.value.what == f"There is no stack events in {where}"
    assert "ask the person who deployed" in raised.value.to_do


@pytest.mark.parametrize(
    ("status", "what"),
    [("ROLLBACK_COMPLETE", "it is ROLLBACK_COMPLETE"), ("UPDATE_COMPLETE", "has no output RegistrationQueueUrl")],
)
def test_a_stack_that_was_never_deployed_says_so(status: str, what: str) -> None:
    with pytest.raises(Unreachable, match=what):
        _ = Stack("events", "arn", {}, {}, {}, status).queue_url
