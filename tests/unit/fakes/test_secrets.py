"""The fake Secrets Manager: no value yet, versions and stages, idempotent puts."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.fakes import FakeSecrets, VirtualClock

TOKEN_1, TOKEN_2 = "a" * 32, "b" * 32


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def secrets(clock: VirtualClock) -> FakeSecrets:
    fake = FakeSecrets(clock)
    fake.add_secret("token")
    return fake


def put(secrets: FakeSecrets, value: str, token: str | None = None) -> str:
    named = {"ClientRequestToken": token} if token else {}
    return str(secrets.put_secret_value(SecretId="token", SecretString=value, **named)["VersionId"])


def test_a_secret_without_a_value_and_no_secret_have_different_messages(secrets: FakeSecrets) -> None:
    for name, message in (
        ("token", "can't find the specified secret value for staging label: AWSCURRENT"),
        ("none", "Secrets Manager can't find the specified secret."),
    ):
        with pytest.raises(secrets.exceptions.ResourceNotFoundException, match=message):
            secrets.get_secret_value(SecretId=name)


def test_the_current_value_by_name_and_by_arn(secrets: FakeSecrets, clock: VirtualClock) -> None:
    version = put(secrets, "v1")
    arn = secrets.describe_secret(SecretId="token")["ARN"]
    for secret_id in ("token", arn, arn[:-7]):
        answer = secrets.get_secret_value(SecretId=secret_id)
        assert (answer["SecretString"], answer["VersionId"]) == ("v1", version)
        assert answer["CreatedDate"] == datetime.fromtimestamp(clock(), tz=UTC)
    assert secrets.value_of("token") == "v1"


def test_stages_move_on_with_each_value(secrets: FakeSecrets) -> None:
    first, second = put(secrets, "v1"), put(secrets, "v2")
    assert secrets.describe_secret(SecretId="token")["VersionIdsToStages"] == {
        first: ["AWSPREVIOUS"],
        second: ["AWSCURRENT"],
    }
    third = put(secrets, "v3")
    stages = secrets.describe_secret(SecretId="token")["VersionIdsToStages"]
    assert stages == {second: ["AWSPREVIOUS"], third: ["AWSCURRENT"]}
    assert secrets.version_count("token") == 3
    assert secrets.get_secret_value(SecretId="token", VersionStage="AWSPREVIOUS")["SecretString"] == "v2"
    assert secrets.get_secret_value(SecretId="token", VersionId=first)["SecretString"] == "v1"
    with pytest.raises(secrets.exceptions.InvalidRequestException):
        secrets.get_secret_value(SecretId="token", VersionId=first, VersionStage="AWSCURRENT")


def test_the_same_token_and_value_change_nothing(secrets: FakeSecrets) -> None:
    assert put(secrets, "v1", TOKEN_1) == put(secrets, "v1", TOKEN_1) == TOKEN_1
    put(secrets, "v2", TOKEN_2)
    put(secrets, "v1", TOKEN_1)
    assert (secrets.value_of("token"), secrets.version_count("token")) == ("v2", 2)
    with pytest.raises(secrets.exceptions.ResourceExistsException):
        put(secrets, "other", TOKEN_1)


def test_about_a_hundred_versions_a_day(secrets: FakeSecrets, clock: VirtualClock) -> None:
    for number in range(100):
        put(secrets, f"v{number}")
    with pytest.raises(secrets.exceptions.LimitExceededException):
        put(secrets, "one too many")
    clock.sleep(86_400)
    put(secrets, "next day")
    assert secrets.value_of("token") == "next day"
    assert secrets.version_count("token") == 100


def test_values_of_a_wrong_size(secrets: FakeSecrets) -> None:
    with pytest.raises(ClientError):
        put(secrets, "x" * 65_537)
    # botocore knows the shortest value, and does not send a shorter one.
    with pytest.raises(ParamValidationError):
        put(secrets, "")


def test_a_first_value_may_be_given(secrets: FakeSecrets) -> None:
    secrets.add_secret("credentials", "{}")
    assert secrets.get_secret_value(SecretId="credentials")["SecretString"] == "{}"
    assert dict(secrets.calls) == {"get_secret_value": 1}
