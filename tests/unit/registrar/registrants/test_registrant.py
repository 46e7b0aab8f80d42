"""Contract 3, line by line: the registrant read from a message, or what is wrong with it."""

import json
from typing import Any

import pytest
from registrar.registrants.fields import FieldError, identity_of
from registrar.registrants.registrant import InvalidRegistrant, Key, MalformedMessage, Registrant

from tests.consumer import WEBINAR, message

ABSENT = object()
NAME_64 = "N" * 64
EMAIL_128 = "a" * 64 + "@" + "b" * 51 + ".example.com"


def body(**changes: object) -> str:
    """Return a valid message with changes; ABSENT removes a field."""
    fields: dict[str, Any] = json.loads(message()) | changes
    return json.dumps({name: value for name, value in fields.items() if value is not ABSENT})


def wrong_fields(text: str) -> tuple[list[str], Key | None]:
    with pytest.raises(InvalidRegistrant) as invalid:
        Registrant.from_message(text)
    return [error.field for error in invalid.value.errors], invalid.value.key


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("not json", id="no JSON"),
        pytest.param("{", id="cut off"),
        pytest.param("\ufeff{}", id="byte order mark"),
        pytest.param("null", id="null"),
        pytest.param("[]", id="list"),
        pytest.param(f"[{message()}]", id="list of one"),
        pytest.param('"text"', id="text"),
        pytest.param("1", id="number"),
        pytest.param("{}", id="empty object"),
        pytest.param("[" * 60_000, id="nested without end"),
        pytest.param('{"a":' * 12_000, id="objects nested without end"),
        pytest.param(f'{{"webinar_id": {"9" * 5_000}}}', id="an integer that Python refuses"),
        pytest.param("x" * 65_536, id="64 KiB of nothing"),
        pytest.param(body(webinar_id=ABSENT), id="no webinar_id"),
        pytest.param(body(email=ABSENT), id="no email"),
        pytest.param(body(first_name=ABSENT), id="no first_name"),
        pytest.param(body(webinar_id=None), id="webinar_id null"),
        pytest.param(body(email=None), id="email null"),
        pytest.param(body(first_name=None), id="first_name null"),
        pytest.param(body(webinar_id=True), id="webinar_id true"),
        pytest.param(body(webinar_id=False), id="webinar_id false"),
        pytest.param(body(webinar_id=-97871060099), id="webinar_id negative"),
        pytest.param(body(webinar_id=97871060099.0), id="webinar_id float"),
        pytest.param(body(webinar_id=[WEBINAR]), id="webinar_id list"),
        pytest.param(body(webinar_id={}), id="webinar_id object"),
        pytest.param(body(email=1), id="email number"),
        pytest.param(body(email=["ada@example.com"]), id="email list"),
        pytest.param(body(first_name=1), id="first_name number"),
        pytest.param(body(first_name=False), id="first_name false"),
        pytest.param(body(first_name={}), id="first_name object"),
        pytest.param(body(email=True, first_name="", webinar_id="x"), id="wrong type before wrong content"),
    ],
)
def test_a_message_of_the_wrong_shape_is_malformed(text: str) -> None:
    with pytest.raises(MalformedMessage):
        Registrant.from_message(text)


@pytest.mark.parametrize(
    "webinar_id",
    [
        "",
        " ",
        "../x",
        "1 OR 1",
        "9" * 40,
        "12345678",
        "1" * 16,
        0,
        12345678,
        10**15,
        10**4000,
        "97871060099/x",
        "%39787106009",
        "٩٧٨٧١٠٦٠٠٩٩",
        "\uff19\uff17\uff18\uff17\uff11\uff10\uff16\uff10\uff10\uff19\uff19",
        "97871060099\n",
        "97871060099\x00",
        "97871\t060099",
        "+97871060099",
        "9.7e10",
        "²³²³²³²³²³",
        "\ud800",
        "97871_060099",
        "0x16C9C4A1B3",
    ],
)
def test_a_wrong_webinar_id_is_invalid_and_makes_no_key(webinar_id: object) -> None:
    assert wrong_fields(body(webinar_id=webinar_id)) == (["webinar_id"], None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("97871060099", "97871060099"),
        ("978 7106 0099", "97871060099"),
        ("978-7106-0099", "97871060099"),
        (" 97871060099 ", "97871060099"),
        (97871060099, "97871060099"),
        ("123456789", "123456789"),
        ("123456789012345", "123456789012345"),
        ("000000000", "000000000"),
    ],
)
def test_a_webinar_id_is_read_as_people_write_it(written: object, read: str) -> None:
    assert Registrant.from_message(body(webinar_id=written)).key.webinar_id == read


@pytest.mark.parametrize(
    "email",
    [
        "",
        "   ",
        "ada",
        "@example.com",
        "ada@",
        "ada@example",
        "a@b@example.com",
        "ada@example..com",
        "ada@.example.com",
        ".ada@example.com",
        "ada.@example.com",
        "ada@example.com.",
        "ada lovelace@example.com",
        "ada@exa mple.com",
        "Ada <ada@example.com>",
        '"ada"@example.com',
        "ada@[127.0.0.1]",
        "ada@127.0.0.1",
        "ada@localhost",
        "a@b.test",
        "ada\x00@example.com",
        "ada@exam\x00ple.com",
        "ada\n@example.com",
        "ada@example.com\nBcc: x@example.com",
        "\ud800@example.com",
        "ada@\ud800.com",
        "ada@xn--a.com",
        "ada@-example.com",
        "a" * 129,
        "ada@" + "b" * 64 + ".com",
    ],
)
def test_an_email_of_wrong_syntax_is_invalid_and_makes_no_key(email: str) -> None:
    assert wrong_fields(body(email=email)) == (["email"], None)


def test_an_email_may_have_128_characters_and_no_more() -> None:
    assert len(EMAIL_128) == 128
    assert Registrant.from_message(body(email=f"  {EMAIL_128}\t")).email == EMAIL_128
    with pytest.raises(InvalidRegistrant, match="128 characters"):
        Registrant.from_message(body(email="a" + EMAIL_128))


@pytest.mark.parametrize(
    "name",
    ["\x00", "Ada\x00", "A\x1bda", "A\x1cda", "Ada\x7f", "Ada\x9fAda", "\ud83d", "Ada\udc00", "N" * 65, "é" * 65],
)
@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_a_name_with_control_characters_or_65_characters_is_invalid_and_makes_a_key(field: str, name: str) -> None:
    assert wrong_fields(body(**{field: name})) == ([field], Key(WEBINAR, "ada@example.com"))


@pytest.mark.parametrize("last_name", [ABSENT, None, "", " ", "\u200b"])
@pytest.mark.parametrize("name", ["", "  ", "\t", "\u00a0", "\u3000", "\u200b", "\u3164"])
def test_one_of_the_names_must_not_be_blank(name: str, last_name: object) -> None:
    text = body(first_name=name, last_name=last_name)
    assert wrong_fields(text) == (["first_name"], Key(WEBINAR, "ada@example.com"))


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0", "\u200b"])
def test_a_last_name_beside_an_empty_first_name_takes_its_place(blank: str) -> None:
    registrant = Registrant.from_message(body(first_name=blank, last_name=" Suharto\n"))
    assert registrant.to_zoom() == {"email": "ada@example.com", "first_name": "Suharto"}
    assert Registrant.from_message(registrant.to_message()) == registrant


@pytest.mark.parametrize("last_name", ["\x00", "N" * 65, 7, ["Suharto"]])
def test_a_wrong_last_name_does_not_take_the_place_of_a_first_name(last_name: object) -> None:
    fields, key = wrong_fields(body(first_name="", last_name=last_name))
    assert "last_name" in fields
    assert key == Key(WEBINAR, "ada@example.com")


@pytest.mark.parametrize("first_name", [ABSENT, None, 1])
def test_a_last_name_does_not_replace_a_first_name_that_is_no_text(first_name: object) -> None:
    with pytest.raises(MalformedMessage):
        Registrant.from_message(body(first_name=first_name, last_name="Suharto"))


@pytest.mark.parametrize("value", [1, True, [], {}])
def test_a_last_name_of_another_type_is_invalid(value: object) -> None:
    assert wrong_fields(body(last_name=value)) == (["last_name"], Key(WEBINAR, "ada@example.com"))


@pytest.mark.parametrize("value", [ABSENT, None, "", "  "])
def test_a_last_name_may_be_absent_or_blank(value: object) -> None:
    registrant = Registrant.from_message(body(last_name=value))
    assert registrant.last_name == ""
    assert "last_name" not in registrant.to_zoom()


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        NAME_64,
        "é" * 64,
        "\U0001d49c" * 64,
        "李",
        "عبد الله",
        "O'Brien-Smith",
        "Zoë",
        "👩🏽‍🚀",
        "<b>Ada</b>",
        "a,b;c=1+1",
    ],
)
def test_names_in_any_script_are_kept_unchanged(name: str) -> None:
    registrant = Registrant.from_message(body(first_name=f" {name}\n", last_name=name))
    assert registrant.to_zoom() == {"email": "ada@example.com", "first_name": name, "last_name": name}


def test_all_wrong_fields_are_reported_at_once_without_the_input() -> None:
    with pytest.raises(InvalidRegistrant) as invalid:
        Registrant.from_message(body(webinar_id="../x", email="<script>", first_name="\x00secret", last_name="L" * 65))
    assert [error.field for error in invalid.value.errors] == ["webinar_id", "email", "first_name", "last_name"]
    assert not any(word in str(invalid.value) for word in ("../x", "script", "secret", "LLL"))
    assert all(isinstance(error, FieldError) for error in invalid.value.errors)


@pytest.mark.parametrize(
    ("written", "identity"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  Ada@Example.COM ", "ada@example.com"),
        ("ADA+NEWS@example.com", "ada+news@example.com"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("Ада@Пример.рф", "ада@xn--e1afmkfd.xn--p1ai"),
        ("ada@xn--e1afmkfd.xn--p1ai", "ada@xn--e1afmkfd.xn--p1ai"),
        ("ada@BÜCHER.example.com", "ada@xn--bcher-kva.example.com"),
        ("ada@bu\u0308cher.example.com", "ada@xn--bcher-kva.example.com"),
        ("ade\u0301le@example.com", "ad\u00e9le@example.com"),
        ("ad\u00c9le@example.com", "ad\u00e9le@example.com"),
        ("ada@faß.de", "ada@xn--fa-hia.de"),
        ("ada@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com", "ada@example.com"),
        ("not an email", None),
    ],
)
def test_the_normal_form_of_an_email(written: str, identity: str | None) -> None:
    assert identity_of(written) == identity
    assert identity is None or identity_of(identity) == identity


def test_zoom_is_sent_the_trimmed_original_and_the_key_is_the_normal_form() -> None:
    registrant = Registrant.from_message(body(email="  Ada@BÜCHER.Example.com\n"))
    assert registrant.to_zoom()["email"] == "Ada@BÜCHER.Example.com"
    assert registrant.key == Key(WEBINAR, "ada@xn--bcher-kva.example.com")


def test_a_number_too_long_for_python_is_ignored_in_an_unknown_field() -> None:
    long = message()[:-1] + f', "more": {"1" * 5_000}}}'
    assert Registrant.from_message(long) == Registrant.from_message(message())


def test_unknown_fields_are_ignored_however_large_or_odd() -> None:
    odd = {"x": "y" * 60_000, "__proto__": {"a": [1, {}]}, "status": "registered", "\ud800": "\x00", "n": 10**300}
    assert Registrant.from_message(body(**odd)) == Registrant.from_message(body())


def test_the_last_of_repeated_json_keys_counts() -> None:
    assert Registrant.from_message(message()[:-1] + ', "first_name": "Eve"}').first_name == "Eve"


@pytest.mark.parametrize(
    "value", [1, True, None, [], {}, "", "x" * 65, "a\x00b", "a\nb", "\ud800", "\u202e"], ids=ascii
)
def test_an_invalid_submission_id_is_ignored(value: object) -> None:
    assert Registrant.from_message(body(submission_id=value)).submission_id is None


@pytest.mark.parametrize(
    "value",
    [
        1,
        None,
        [],
        "",
        "yesterday",
        "2026-11-23",
        "14:00",
        "2026-11-23T14:00:00",
        "2026-13-23T14:00:00Z",
        "2026-11-23\ud80014:00:00Z",
        "2026-11-23\x0014:00:00Z",
        "2026-11-23T14:00:00." + "0" * 60_000 + "Z",
    ],
    ids=lambda value: ascii(value)[:32],
)
def test_an_invalid_submission_time_is_ignored(value: object) -> None:
    assert Registrant.from_message(body(submitted_at=value)).submitted_at is None


@pytest.mark.parametrize("value", ["2026-11-23T14:00:00Z", "2026-11-23T14:00:00.123+01:00", "2026-11-23 14:00:00Z"])
def test_a_valid_submission_id_and_time_are_kept_unchanged(value: str) -> None:
    registrant = Registrant.from_message(body(submission_id="0b0c-ö", submitted_at=value))
    assert (registrant.submission_id, registrant.submitted_at) == ("0b0c-ö", value)


@pytest.mark.parametrize(
    "changes", [{}, {"first_name": "Zoë 👩🏽‍🚀", "last_name": ""}, {"submission_id": "1", "email": "Ä@ö.de"}]
)
def test_a_registrant_survives_serialisation(changes: dict[str, object]) -> None:
    registrant = Registrant.from_message(body(**changes))
    assert registrant.to_message().isascii()
    assert Registrant.from_message(registrant.to_message()) == registrant
