"""Secrets Manager: secrets with versions and stages.

In: get, put and describe by name or ARN. Out: the value of a stage or version, as boto3 shows it. Rotation,
deletion, binary values and KMS are not modelled.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from tests.fakes.client import ACCOUNT, REGION, Answer, FakeClient, operation
from tests.fakes.clock import VirtualClock
from tests.fakes.errors import ServiceError
from tests.fakes.faults import Params

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
# Quotas of Secrets Manager: about 100 versions; those without a stage are removed, but not within their first
# day.
MAX_VERSIONS = 100
KEEPS_VERSIONS_S = 86_400
MAX_VALUE_BYTES = 65_536


@dataclass
class Version:
    """One value; `created_at_s` in epoch seconds."""

    version_id: str
    value: str
    created_at_s: float
    stages: set[str] = field(default_factory=set)


@dataclass
class Secret:
    """A secret and its versions, oldest first; none means that it has no value yet."""

    name: str
    arn: str
    created_at_s: float
    versions: dict[str, Version] = field(default_factory=dict)

    def staged(self, stage: str) -> Version | None:
        """Return the version that carries a stage."""
        return next((version for version in self.versions.values() if stage in version.stages), None)


class FakeSecrets(FakeClient):
    """The secrets of one account."""

    service = "secretsmanager"

    def __init__(
        self,
        clock: VirtualClock | None = None,
        *,
        validate: bool = True,
        record: bool = True,
        seed: int = 0,
    ) -> None:
        """Start without secrets."""
        super().__init__(clock, validate=validate, record=record, seed=seed)
        self.secrets: dict[str, Secret] = {}

    @property
    def client(self) -> "SecretsManagerClient":
        """Return itself, typed as the client it stands for."""
        return cast("SecretsManagerClient", self)

    def add_secret(self, name: str, value: str | None = None) -> str:
        """Make a secret, with a first value if one is given, and return its ARN. No call is counted."""
        arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf"
        with self.lock:
            secret = Secret(name, arn, self.clock())
            self.secrets[arn] = secret
            if value is not None:
                self._add_version(secret, self.new_id(), value, {CURRENT})
        return arn

    def value_of(self, secret_id: str) -> str | None:
        """Return the current value, None where there is none. No call is counted."""
        with self.lock:
            version = self._secret(secret_id).staged(CURRENT)
        return version.value if version else None

    def version_count(self, secret_id: str) -> int:
        """Return how many versions Secrets Manager still keeps."""
        with self.lock:
            return len(self._secret(secret_id).versions)

    @operation("SecretId", "VersionId", "VersionStage")
    def get_secret_value(self, params: Params) -> Answer:
        """GetSecretValue."""
        secret = self._secret(params["SecretId"])
        version = self._version(secret, params)
        return {
            "ARN": secret.arn,
            "Name": secret.name,
            "VersionId": version.version_id,
            "SecretString": version.value,
            "VersionStages": sorted(version.stages),
            "CreatedDate": _date(version.created_at_s),
        }

    @operation("SecretId", "SecretString", "ClientRequestToken", "VersionStages")
    def put_secret_value(self, params: Params) -> Answer:
        """PutSecretValue; the same token and value again change nothing."""
        secret = self._secret(params["SecretId"])
        value = params["SecretString"]
        if not value or len(value.encode()) > MAX_VALUE_BYTES:
            raise ServiceError("ValidationException", f"SecretString has 1 to {MAX_VALUE_BYTES} bytes.")
        version_id = params.get("ClientRequestToken") or self.new_id()
        stages = set(params.get("VersionStages") or [CURRENT])
        known = secret.versions.get(version_id)
        if known is not None and known.value != value:
            raise ServiceError(
                "ResourceExistsException",
                "You can't modify an existing version, you can only create a new version.",
            )
        if known is None:
            self._add_version(secret, version_id, value, stages)
        version = secret.versions[version_id]
        return {
            "ARN": secret.arn,
            "Name": secret.name,
            "VersionId": version_id,
            "VersionStages": sorted(version.stages),
        }

    @operation("SecretId")
    def describe_secret(self, params: Params) -> Answer:
        """DescribeSecret; versions without a stage are not shown."""
        secret = self._secret(params["SecretId"])
        staged = {version.version_id: sorted(version.stages) for version in secret.versions.values() if version.stages}
        moments = [secret.created_at_s, *(version.created_at_s for version in secret.versions.values())]
        answer: Answer = {
            "ARN": secret.arn,
            "Name": secret.name,
            "CreatedDate": _date(secret.created_at_s),
            "LastChangedDate": _date(max(moments)),
        }
        return answer | ({"VersionIdsToStages": staged} if staged else {})

    def _secret(self, secret_id: str) -> Secret:
        for arn, secret in self.secrets.items():
            # Secrets Manager also takes the ARN without its random ending.
            if secret_id in (arn, secret.name, arn.rpartition("-")[0]):
                return secret
        raise ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")

    def _version(self, secret: Secret, params: Params) -> Version:
        stage, version_id = params.get("VersionStage"), params.get("VersionId")
        if version_id is None:
            stage = stage or CURRENT
            version, label = secret.staged(stage), f"staging label: {stage}"
        else:
            version, label = secret.versions.get(version_id), f"VersionId: {version_id}"
        if version is None:
            raise ServiceError(
                "ResourceNotFoundException",
                f"Secrets Manager can't find the specified secret value for {label}",
            )
        if stage is not None and stage not in version.stages:
            raise ServiceError(
                "InvalidRequestException",
                "You provided a VersionStage that is not associated to the provided VersionId.",
            )
        return version

    def _add_version(self, secret: Secret, version_id: str, value: str, stages: set[str]) -> None:
        now_s = self.clock()
        self._remove_outdated(secret, now_s)
        if len(secret.versions) >= MAX_VERSIONS:
            raise ServiceError(
                "LimitExceededException",
                f"The secret has {MAX_VERSIONS} versions, none of them old enough to go.",
            )
        current = secret.staged(CURRENT)
        if current is not None and CURRENT in stages:
            for version in secret.versions.values():
                version.stages.discard(PREVIOUS)
            current.stages.add(PREVIOUS)
        for version in secret.versions.values():
            version.stages -= stages
        secret.versions[version_id] = Version(version_id, value, now_s, set(stages))

    def _remove_outdated(self, secret: Secret, now_s: float) -> None:
        for version in list(secret.versions.values()):
            is_old = not version.stages and now_s - version.created_at_s >= KEEPS_VERSIONS_S
            if is_old and len(secret.versions) >= MAX_VERSIONS:
                del secret.versions[version.version_id]


def _date(moment_s: float) -> datetime:
    return datetime.fromtimestamp(moment_s, tz=UTC)
