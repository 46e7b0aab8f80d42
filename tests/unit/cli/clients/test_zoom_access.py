"""The stored token as the commands read it: what is wrong with the secret is told, without its content."""

from types import SimpleNamespace
from typing import Any

import pytest
from registrar_cli.clients.zoom_access import current_token, read_stored_token
from registrar_cli.terminal.errors import Unreachable

from tests.fakes import FakeSecrets, VirtualClock


def session(value: str | None) -> Any:
    secrets = FakeSecrets(VirtualClock())
    arn = secrets.add_secret("ZoomToken")
    if value is not None:
        secrets.put_secret_value(SecretId=arn, SecretString=value)
    return SimpleNamespace(secrets=secrets, stack=SimpleNamespace(output={"ZoomTokenSecretArn": arn}.__getitem__))


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (None, "ZoomTokenSecret has no value."),
        ("{}", "ZoomTokenSecret has no value."),
        ("eyJ.x.y", "ZoomTokenSecret holds something that is no token: it is not JSON."),
        (
            '{"token":"eyJ.x.y"}',
            "ZoomTokenSecret holds something that is no token: it has no text under access_token, but some under "
            "token.",
        ),
    ],
)
def test_without_a_token_the_error_says_what_the_secret_holds(value: str | None, what: str) -> None:
    with pytest.raises(Unreachable) as caught:
        current_token(session(value))

    assert caught.value.what == what
    assert '{"access_token": "…"}' in caught.value.to_do
    assert read_stored_token(session(value)) is None


def test_a_token_is_read() -> None:
    assert current_token(session('{"access_token": "Bearer eyJ.x.y"}')).value == "eyJ.x.y"
