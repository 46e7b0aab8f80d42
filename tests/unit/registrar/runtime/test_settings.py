"""Settings: each variable is read by its name; the error for a missing or wrong one names it."""

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
from registrar.runtime.settings import (
    AcceptSubmissionSettings,
    DescribeWebinarSettings,
    RefreshTokenSettings,
    RegisterBatchSettings,
    RegistrationPageSettings,
    SettingError,
    Settings,
)

ACCEPT_SUBMISSION = {
    "STACK_NAME": "zoom-registrar",
    "ALLOWED_ORIGINS": "https://a.example, https://b.example",
    "ALLOWED_WEBINARS": "97871060099, 812 3456 7890,,",
    "SUBMISSION_TABLE": "submissions",
    "REGISTRATION_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/registrations",
    "TURNSTILE_SECRET": "",
    "TURNSTILE_SITE_KEY": "0x4AAA",
    "WEBINAR_TABLE": "webinars",
}
REGISTRATION_PAGE = {
    "STACK_NAME": "zoom-registrar",
    "ALLOWED_ORIGINS": "*",
    "ALLOWED_WEBINARS": "",
    "DESCRIBE_WEBINAR_FUNCTION": "describe",
    "REGISTRANT_TABLE": "registrants",
    "SUBMISSION_TABLE": "submissions",
    "TURNSTILE_SITE_KEY": "",
    "WEBINAR_TABLE": "webinars",
}
DESCRIBE_WEBINAR = {
    "STACK_NAME": "zoom-registrar",
    "ACCOUNT_TABLE": "account",
    "REFRESH_TOKEN_FUNCTION": "refresh",
    "WEBINAR_TABLE": "webinars",
    "ZOOM_API_URL": "https://api.zoom.us/v2",
    "ZOOM_TOKEN_SECRET": "arn:token",
}
REGISTER_BATCH = {
    "STACK_NAME": "zoom-registrar",
    "ACCOUNT_TABLE": "account",
    "AUTO_APPROVE": "true",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/dead",
    "DRAIN_SECONDS": "240",
    "RECORD_RETENTION_DAYS": "400",
    "REFRESH_TOKEN_FUNCTION": "refresh",
    "REGISTRANT_TABLE": "registrants",
    "REGISTRATION_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/registrations",
    "WEBINAR_TABLE": "webinars",
    "ZOOM_API_URL": "https://api.zoom.us/v2",
    "ZOOM_BUDGET_SHARE": "100",
    "ZOOM_CALLS_PER_DAY": "30000",
    "ZOOM_CALLS_PER_SECOND": "2.5",
    "ZOOM_TOKEN_SECRET": "arn:token",
}
REFRESH_TOKEN = {
    "STACK_NAME": "zoom-registrar",
    "ACCOUNT_TABLE": "account",
    "ZOOM_CREDENTIALS_SECRET": "arn:credentials",
    "ZOOM_OAUTH_URL": "https://zoom.us/oauth/token",
    "ZOOM_TOKEN_SECRET": "arn:token",
}
ALL: list[tuple[type[Settings], dict[str, str]]] = [
    (AcceptSubmissionSettings, ACCEPT_SUBMISSION),
    (RegistrationPageSettings, REGISTRATION_PAGE),
    (DescribeWebinarSettings, DESCRIBE_WEBINAR),
    (RegisterBatchSettings, REGISTER_BATCH),
    (RefreshTokenSettings, REFRESH_TOKEN),
]
EACH = [
    pytest.param(kind, variables, name, id=f"{kind.__name__}-{name}") for kind, variables in ALL for name in variables
]
WRONG: dict[Any, list[str]] = {
    str: [""],
    str | None: [],  # every text is one
    tuple[str, ...]: ["", " ", ",", "https://a.example,"],
    int: ["", "x", "0x10", "nan", "inf", "1e999", "2,5"],
    float: ["", "x", "10 per second", "1,5", "nan", "-inf"],
    bool: ["", "True", "TRUE", "1", "yes", "false "],
    frozenset[str]: ["97871060099 81234567890", "x", "97871060099,1", "97871060099;81234567890", "٩" * 11],
}
WRONG_EACH = [
    pytest.param(kind, variables, field.name.upper(), value, id=f"{field.name}-{value!r}")
    for kind, variables in ALL
    for field in fields(kind)
    for value in WRONG[field.type]
]


def test_all_are_read_with_their_types() -> None:
    accept_submission, register_batch, refresh_token = (
        AcceptSubmissionSettings.read(ACCEPT_SUBMISSION),
        RegisterBatchSettings.read(REGISTER_BATCH),
        RefreshTokenSettings.read(REFRESH_TOKEN),
    )

    assert accept_submission.allowed_webinars == {"97871060099", "81234567890"}
    assert accept_submission.submission_table == "submissions"
    assert accept_submission.allowed_origins == ("https://a.example", "https://b.example")
    assert (accept_submission.turnstile_secret, accept_submission.turnstile_site_key) == (None, "0x4AAA")
    assert register_batch.auto_approve is True
    assert (register_batch.drain_seconds, register_batch.record_retention_days) == (240, 400)
    assert (
        register_batch.zoom_calls_per_second,
        register_batch.zoom_calls_per_day,
        register_batch.zoom_budget_share,
    ) == (
        2.5,
        30_000,
        100,
    )
    assert refresh_token.zoom_oauth_url == "https://zoom.us/oauth/token"


@pytest.mark.parametrize("value", ["", " ", ",", " , "])
def test_an_empty_list_allows_all_webinars(value: str) -> None:
    assert (
        AcceptSubmissionSettings.read({**ACCEPT_SUBMISSION, "ALLOWED_WEBINARS": value}).allowed_webinars == frozenset()
    )


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_boolean_is_true_or_false(text: str, value: bool) -> None:
    assert RegisterBatchSettings.read({**REGISTER_BATCH, "AUTO_APPROVE": text}).auto_approve is value


@pytest.mark.parametrize(("text", "share"), [("33.3", 33.3), ("33", 33), ("1e2", 100), ("100.0", 100)])
def test_the_share_may_have_a_fraction(text: str, share: float) -> None:
    assert RegisterBatchSettings.read({**REGISTER_BATCH, "ZOOM_BUDGET_SHARE": text}).zoom_budget_share == share


@pytest.mark.parametrize("name", ["DRAIN_SECONDS", "RECORD_RETENTION_DAYS", "ZOOM_CALLS_PER_DAY"])
@pytest.mark.parametrize(("text", "value"), [("60.9", 60), ("60.0", 60), ("6e1", 60)])
def test_a_fraction_that_cloudformation_admits_is_dropped(name: str, text: str, value: int) -> None:
    assert getattr(RegisterBatchSettings.read({**REGISTER_BATCH, name: text}), name.lower()) == value


def test_drain_seconds_may_be_zero() -> None:
    assert RegisterBatchSettings.read({**REGISTER_BATCH, "DRAIN_SECONDS": "0"}).drain_seconds == 0


@pytest.mark.parametrize(("kind", "variables", "name"), EACH)
def test_a_missing_variable_is_named(kind: type[Settings], variables: dict[str, str], name: str) -> None:
    without = {key: value for key, value in variables.items() if key != name}

    with pytest.raises(SettingError, match=rf"\b{name} is missing: deploy template\.yaml"):
        kind.read(without)


@pytest.mark.parametrize(("kind", "variables", "name", "value"), WRONG_EACH)
def test_the_error_for_a_wrong_variable_names_it_and_the_expected_type(
    kind: type[Settings], variables: dict[str, str], name: str, value: str
) -> None:
    with pytest.raises(SettingError, match=rf"\b{name} must be \w+"):
        kind.read({**variables, name: value})


def test_other_variables_are_ignored() -> None:
    assert AcceptSubmissionSettings.read(
        {**ACCEPT_SUBMISSION, "PATH": "/bin", "ZOOM_API_URL": ""}
    ) == AcceptSubmissionSettings.read(ACCEPT_SUBMISSION)


def test_the_process_environment_is_read_on_call_not_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REFRESH_TOKEN.items():
        monkeypatch.setenv(name, value)

    assert RefreshTokenSettings.read() == RefreshTokenSettings.read(REFRESH_TOKEN)


def test_settings_are_immutable() -> None:
    settings = AcceptSubmissionSettings.read(ACCEPT_SUBMISSION)

    with pytest.raises(FrozenInstanceError):
        settings.submission_table = "other"  # type: ignore[misc]
