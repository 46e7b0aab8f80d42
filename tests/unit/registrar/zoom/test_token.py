"""`parse_token`: what ZoomTokenSecret may hold, and what is wrong with it without showing any of it."""

import json

import pytest
from registrar.zoom.token import NoToken, Token, parse_token

from tests.unit.registrar.samples import NOON

CANARY = "eyJ0.kanarienvogel"


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            " \n",
            "\ufeff",
            "null",
            "{}",
            '{"access_token": null}',
            '{"access_token": ""}',
            '{"access_token": "  "}',
        ),
        *('{"access_token": "\\"\\""}', '{"expires_at": "2026-11-23T12:00:00Z"}', '{"comment": "later"}'),
    ],
    ids=ascii,
)
def test_an_empty_secret_has_no_value(value: str) -> None:
    with pytest.raises(NoToken, match=r"^ZoomTokenSecret has no value\.$"):
        parse_token(value, "1")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (CANARY, "is not JSON"),
        (f"Bearer {CANARY}", "is not JSON"),
        (f"{{access_token: {CANARY}}}", "is not JSON"),
        (f"'{{access_token: {CANARY}}}'", "is not JSON"),
        (f"{{“access_token”: “{CANARY}”}}", "is not JSON"),
        ("[" * 60_000, "is not JSON"),
        (f'"{CANARY}"', "is not a JSON object"),
        (f'["{CANARY}"]', "is not a JSON object"),
        ("17", "is not a JSON object"),
        (f'{{"token":"{CANARY}"}}', "has no text under access_token, but some under token"),
        (f'{{"ZOOM_ACCESS_TOKEN":"{CANARY}"}}', "has no text under access_token, but some under ZOOM_ACCESS_TOKEN"),
        (f'{{"{CANARY}":"{CANARY}"}}', "has no text under access_token, but some under …"),
        (
            f'{{"access_token":"", "accessToken":"{CANARY}"}}',
            "has no text under access_token, but some under accessToken",
        ),
        ('{"access_token": 1}', "has no text under access_token"),
        (f'{{"access_token": ["{CANARY}"]}}', "has no text under access_token"),
        (f'{{"access_token": "{CANARY}\\nb"}}', "has characters under access_token that Zoom never issues"),
        (f'{{"access_token": "a\\u0000{CANARY}"}}', "has characters under access_token that Zoom never issues"),
        (f'{{"access_token": "{CANARY}…"}}', "has characters under access_token that Zoom never issues"),
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_a_secret_that_holds_something_else_is_told_without_its_content(value: str, found: str) -> None:
    with pytest.raises(NoToken) as caught:
        parse_token(value, "1")
    assert str(caught.value) == f"ZoomTokenSecret holds something that is no token: it {found}."
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    "written",
    [
        "t1",
        " t1\n",
        "\u00a0t1\u200b",
        '"t1"',
        "'t1'",
        "“t1”",
        "Bearer t1",
        "bearer  t1",
        '"Bearer t1"',
        "\ufeffBearer t1 ",
    ],
    ids=ascii,
)
def test_a_token_is_read_without_what_was_copied_along(written: str) -> None:
    for text in (json.dumps({"access_token": written}), f"\ufeff{json.dumps({'access_token': written})}\r\n"):
        assert parse_token(text, "v1") == Token("t1", "v1", None, None)


def test_single_quotation_marks_around_the_secret_are_ignored() -> None:
    assert parse_token('\'{"access_token": "t1"}\'', "v1") == Token("t1", "v1", None, None)


def test_only_the_access_token_is_required() -> None:
    assert parse_token('{"access_token": "t1"}', "v1") == Token("t1", "v1", None, None)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-11-23T12:00:00Z", NOON),
        ("2026-11-23T13:00:00+01:00", NOON),
        ("soon", None),
        (5, None),
        (None, None),
        ("", None),
    ],
)
def test_the_expiry_of_a_token(text: object, end: float | None) -> None:
    assert parse_token(json.dumps({"access_token": "t", "expires_at": text}), "1").expires_at == end


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://api.zoom.us", "https://api.zoom.us/v2"),
        ("https://api-eu.zoom.us/", "https://api-eu.zoom.us/v2"),
        ("https://zoom.us", "https://zoom.us/v2"),
        ("http://api.zoom.us", None),
        ("https://api.zoom.us.evil.example", None),
        ("https://evilzoom.us", None),
        ("https://evil.example/zoom.us", None),
        ("https://evil.example#.zoom.us", None),
        ("https://user@zoom.us", None),
        ("https://zoom.us:444", None),
        ("https://api.zoom.us/v2", None),
        ("https://api.zoom.us\n", None),
        ("", None),
        (7, None),
    ],
)
def test_a_token_goes_to_zoom_only(written: object, used: str | None) -> None:
    found = parse_token(json.dumps({"access_token": "t", "api_url": written}), "1")
    assert found.api_url == used
