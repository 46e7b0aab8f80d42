"""The fake Secrets Manager: secrets without a value, the current value, and the limit of versions."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.fakes import FakeSecrets, NotModelledError, VirtualClock


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def secrets(clock: VirtualClock) -> FakeSecrets:
    fake = FakeSecrets(clock)
    fake.add_secret("token")
    return fake


def put(secrets: FakeSecrets, value: str) -> str:
    return str(secrets.put_secret_value(SecretId="token", SecretString=value)["VersionId"])


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


def test_the_newest_value_is_current(secrets: FakeSecrets, clock: VirtualClock) -> None:
    first = put(secrets, "v1")
    clock.sleep(60)
    second = put(secrets, "v2")
    assert first != second
    assert secrets.get_secret_value(SecretId="token")["VersionId"] == second
    about = secrets.describe_secret(SecretId="token")
    assert (about["LastChangedDate"] - about["CreatedDate"]).total_seconds() == 60
    assert (secrets.value_of("token"), secrets.version_count("token")) == ("v2", 2)


@pytest.mark.parametrize("more", [{"VersionStage": "AWSPREVIOUS"}, {"VersionId": "a" * 32}])
def test_other_versions_are_not_modelled(secrets: FakeSecrets, more: dict[str, str]) -> None:
    put(secrets, "v1")
    with pytest.raises(NotModelledError):
        secrets.get_secret_value(SecretId="token", **more)


def test_the_limit_of_versions_per_day(secrets: FakeSecrets, clock: VirtualClock) -> None:
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
    # botocore refuses a shorter value itself.
    with pytest.raises(ParamValidationError):
        put(secrets, "")


def test_a_first_value_may_be_given(secrets: FakeSecrets) -> None:
    secrets.add_secret("credentials", "{}")
    assert secrets.get_secret_value(SecretId="credentials")["SecretString"] == "{}"
    assert dict(secrets.calls) == {"get_secret_value": 1}
