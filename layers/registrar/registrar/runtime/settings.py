"""Read each function's settings from its environment variables, which `template.yaml` sets.

Each field is read from the variable of its name in capitals.
"""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from registrar.registrants.fields import check_webinar_id


class SettingError(RuntimeError):
    """An environment variable is missing or wrong: an error of the deployment, not of the input."""


@dataclass(frozen=True)
class Settings:
    """The settings of every function. Metrics carry `stack_name`."""

    stack_name: str

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read every field from the variable of its name.

        Raises:
            SettingError: a variable is missing, or its value does not have the field's type.
        """
        return cls(**{field.name: _value(field.name.upper(), field.type, environment) for field in fields(cls)})


@dataclass(frozen=True)
class AcceptSubmissionSettings(Settings):
    """The settings of AcceptSubmission. An empty `allowed_webinars` allows every webinar.

    Without a `turnstile_site_key` Turnstile is off. `turnstile_secret` is an ARN.
    """

    allowed_origins: tuple[str, ...]
    allowed_webinars: frozenset[str]
    registration_queue_url: str
    submission_table: str
    turnstile_secret: str | None
    turnstile_site_key: str | None
    webinar_table: str


@dataclass(frozen=True)
class AcceptFormSettings(Settings):
    """The settings of AcceptForm. `form_secrets` is an ARN; an empty `allowed_webinars` allows every webinar."""

    allowed_webinars: frozenset[str]
    dead_letter_queue_url: str
    form_secrets: str
    form_table: str
    registration_queue_url: str
    submission_table: str


@dataclass(frozen=True)
class RegisterBatchSettings(Settings):
    """The settings of RegisterBatch. `drain_seconds` 0 handles only the event; `zoom_budget_share` is in percent."""

    account_table: str
    auto_approve: bool
    dead_letter_queue_url: str
    drain_seconds: int
    record_retention_days: int
    refresh_token_function: str
    registrant_table: str
    registration_queue_url: str
    webinar_table: str
    zoom_api_url: str
    zoom_budget_share: float
    zoom_calls_per_day: int
    zoom_calls_per_second: float
    zoom_token_secret: str


@dataclass(frozen=True)
class RefreshTokenSettings(Settings):
    """The settings of RefreshToken. The secrets are ARNs."""

    account_table: str
    zoom_credentials_secret: str
    zoom_oauth_url: str
    zoom_token_secret: str


@dataclass(frozen=True)
class DescribeWebinarSettings(Settings):
    """The settings of DescribeWebinar."""

    account_table: str
    refresh_token_function: str
    webinar_table: str
    zoom_api_url: str
    zoom_token_secret: str


@dataclass(frozen=True)
class RegistrationPageSettings(Settings):
    """The settings of RegistrationPage. An empty `allowed_webinars` allows every webinar.

    Without a `turnstile_site_key` Turnstile is off.
    """

    allowed_origins: tuple[str, ...]
    allowed_webinars: frozenset[str]
    describe_webinar_function: str
    registrant_table: str
    submission_table: str
    turnstile_site_key: str | None
    webinar_table: str


def _value(variable: str, type_: Any, environment: Mapping[str, str]) -> Any:
    if variable not in environment:
        raise SettingError(f"The environment variable {variable} is missing: deploy template.yaml as it is.")
    parse, expected = _PARSERS[type_]
    try:
        return parse(environment[variable])
    except ValueError as error:
        raise SettingError(f"The environment variable {variable} must be {expected}.") from error


def _text(value: str) -> str:
    if not value:
        raise ValueError("empty")
    return value


def _optional_text(value: str) -> str | None:
    return value or None


def _origins(value: str) -> tuple[str, ...]:
    return tuple(_text(part.strip()) for part in value.split(","))


def _number(value: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _whole_number(value: str) -> int:
    """Drop a fraction: CloudFormation's `Number` admits one, and a deployment that succeeded must work."""
    return int(_number(value))


def _boolean(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError("neither true nor false")
    return value == "true"


def _webinar_ids(value: str) -> frozenset[str]:
    return frozenset(check_webinar_id(part) for part in value.split(",") if part.strip())


_PARSERS: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (_text, "a non-empty text"),
    str | None: (_optional_text, "a text"),
    tuple[str, ...]: (_origins, "origins separated by commas, or *"),
    int: (_whole_number, "a number"),
    float: (_number, "a number"),
    bool: (_boolean, "true or false"),
    frozenset[str]: (_webinar_ids, "webinar ids of 9 to 15 digits, separated by commas"),
}
