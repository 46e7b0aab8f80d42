"""A fake Secrets Manager: get, put and describe by name or ARN.

Not modelled, because unused here: other versions than the current one, request tokens, rotation, deletion, binary
values and KMS.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Unpack, cast

from tests.fakes.client import ACCOUNT, REGION, FakeClient, Options, Response, operation
from tests.fakes.clock import VirtualClock
from tests.fakes.errors import ServiceError
from tests.fakes.faults import Params

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

# Quotas of Secrets Manager: about 100 versions; those that are neither current nor previous are removed, but not within
# their first day.
MAX_VERSIONS = 100
KEEPS_VERSIONS_S = 86_400
MAX_VALUE_BYTES = 65_536


@dataclass(frozen=True)
class Version:
    """One value; `created_at_s` in epoch seconds."""

    version_id: str
    value: str
    created_at_s: float


@dataclass
class Secret:
    """A secret and its versions, the current one last; none means that it has no value yet."""

    name: str
    arn: str
    created_at_s: float
    versions: list[Version] = field(default_factory=list)


class FakeSecrets(FakeClient):
    """The secrets of one account."""

    service = "secretsmanager"

    def __init__(self, clock: VirtualClock | None = None, **options: Unpack[Options]) -> None:
        """Create it without secrets."""
        super().__init__(clock, **options)
        self.secrets: dict[str, Secret] = {}

    @property
    def client(self) -> "SecretsManagerClient":
        """Return itself, typed as the client it stands for."""
        return cast("SecretsManagerClient", self)

    def add_secret(self, name: str, value: str | None = None) -> str:
        """Create a secret, with `value` if given, and return its ARN; no call is counted."""
        arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf"
        with self.lock:
            secret = Secret(name, arn, self.clock())
            self.secrets[arn] = secret
            if value is not None:
                self._add_version(secret, value)
        return arn

    def value_of(self, secret_id: str) -> str | None:
        """Return the current value, None without one; no call is counted."""
        with self.lock:
            versions = self._secret(secret_id).versions
        return versions[-1].value if versions else None

    def version_count(self, secret_id: str) -> int:
        """Return how many versions Secrets Manager still keeps."""
        with self.lock:
            return len(self._secret(secret_id).versions)

    @operation("SecretId")
    def get_secret_value(self, params: Params) -> Response:
        """Return the current version (GetSecretValue)."""
        secret = self._secret(params["SecretId"])
        if not secret.versions:
            raise ServiceError(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
            )
        version = secret.versions[-1]
        return {
            "ARN": secret.arn,
            "Name": secret.name,
            "VersionId": version.version_id,
            "SecretString": version.value,
            "CreatedDate": _date(version.created_at_s),
        }

    @operation("SecretId", "SecretString")
    def put_secret_value(self, params: Params) -> Response:
        """Store a new version (PutSecretValue)."""
        secret = self._secret(params["SecretId"])
        value = params["SecretString"]
        if not value or len(value.encode()) > MAX_VALUE_BYTES:
            raise ServiceError("ValidationException", f"SecretString has 1 to {MAX_VALUE_BYTES} bytes.")
        version = self._add_version(secret, value)
        return {"ARN": secret.arn, "Name": secret.name, "VersionId": version.version_id}

    @operation("SecretId")
    def describe_secret(self, params: Params) -> Response:
        """Return names and dates, without the versions (DescribeSecret)."""
        secret = self._secret(params["SecretId"])
        changed_at_s = secret.versions[-1].created_at_s if secret.versions else secret.created_at_s
        return {
            "ARN": secret.arn,
            "Name": secret.name,
            "CreatedDate": _date(secret.created_at_s),
            "LastChangedDate": _date(changed_at_s),
        }

    def _secret(self, secret_id: str) -> Secret:
        for arn, secret in self.secrets.items():
            # Secrets Manager also takes the ARN without its random ending.
            if secret_id in (arn, secret.name, arn.rpartition("-")[0]):
                return secret
        raise ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")

    def _add_version(self, secret: Secret, value: str) -> Version:
        version = Version(self.new_id(), value, self.clock())
        if len(secret.versions) >= MAX_VERSIONS:
            if version.created_at_s - secret.versions[0].created_at_s < KEEPS_VERSIONS_S:
                raise ServiceError(
                    "LimitExceededException",
                    f"The secret has {MAX_VERSIONS} versions, none of them old enough to be removed.",
                )
            del secret.versions[0]
        secret.versions.append(version)
        return version


def _date(moment_s: float) -> datetime:
    return datetime.fromtimestamp(moment_s, tz=UTC)
