"""Environment variables → one frozen value a function, read on first use.

In: the variables that `template.yaml` sets, one for each field, in capitals. Out: typed values.
Errors: `SettingError` names the variable, and what it has to be.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from registrar.registrants.fields import check_webinar_id


class SettingError(RuntimeError):
    """A variable of the environment is missing or wrong: the deployment is, not the input."""


@dataclass(frozen=True)
class Settings:
    """What all settings share: how they are read, and the stack whose metrics they are."""

    stack_name: str

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read every field from the variable of its name.

        Raises:
            SettingError: a variable is missing, or its value has not the field's type.
        """
        return cls(**{field.name: _value(field.name.upper(), field.type, environment) for field in fields(cls)})


@dataclass(frozen=True)
class AcceptSubmissionSettings(Settings):
    """AcceptSubmission's. An empty `allowed_webinars` admits every webinar."""

    allowed_webinars: frozenset[str]
    submission_table: str
    registration_queue_url: str


@dataclass(frozen=True)
class RegisterBatchSettings(Settings):
    """RegisterBatch's. `drain_seconds` 0 handles only the event; `zoom_budget_share` is in percent."""

    account_table: str
    auto_approve: bool
    dead_letter_queue_url: str
    drain_seconds: int
    record_retention_days: int
    refresh_token_function: str
    registrant_table: str
    registration_queue_url: str
    zoom_api_url: str
    zoom_budget_share: int
    zoom_calls_per_day: int
    zoom_calls_per_second: float
    zoom_token_secret: str


@dataclass(frozen=True)
class RefreshTokenSettings(Settings):
    """RefreshToken's. The secrets are ARNs."""

    account_table: str
    zoom_credentials_secret: str
    zoom_oauth_url: str
    zoom_token_secret: str


def _value(variable: str, type_: Any, environment: Mapping[str, str]) -> Any:
    if variable not in environment:
        raise SettingError(f"The environment variable {variable} is missing: deploy template.yaml as it is.")
    read, shape = _READERS[type_]
    try:
        return read(environment[variable])
    except ValueError as error:
        raise SettingError(f"The environment variable {variable} must be {shape}.") from error


def _text(value: str) -> str:
    if not value:
        raise ValueError("empty")
    return value


def _switch(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError("neither true nor false")
    return value == "true"


def _webinars(value: str) -> frozenset[str]:
    return frozenset(check_webinar_id(part) for part in value.split(",") if part.strip())


_READERS: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (_text, "a text"),
    int: (int, "a whole number"),
    float: (float, "a number"),
    bool: (_switch, "true or false"),
    frozenset[str]: (_webinars, "webinar ids of 9 to 15 digits, separated by commas"),
}
