"""What nobody sees in a field: spaces, format characters and fillers in ids, e-mails and names (contract 3)."""

import pytest
from registrar.registrants.fields import (
    Email,
    WrongField,
    check_email,
    check_first_name,
    check_last_name,
    check_webinar_id,
    identity_of,
)

ADA = Email("ada@example.com", "ada@example.com")
# One of each kind: spaces, format characters, fillers that are letters or symbols by their category.
INVISIBLE = [
    *" \u00a0\u1680\u2007\u2009\u202f\u205f\u3000",
    *"\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2063\u2066\u2069\ufeff\ufff9\U000e0001\U000e0041",
    *"\u034f\u115f\u1160\u17b4\u2800\u3164\uffa0\ufe0f\U000e0100\u180b",
]
DIRECTIONS = list("\u200e\u200f\u202a\u202b\u202d\u202e\u2067\u061c")
PERSIAN = "نیلوفر\u200cسادات"  # noqa: RUF001  Arabic letters
KANJI_VARIANT = "葛\U000e0100"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "name", [*INVISIBLE, "\u200b\u200d", "\u3164 \u2800", "\ufeff\n\ufe0f", "\u202a\u202c"], ids=ascii
)
def test_a_name_that_nobody_sees_is_empty(name: str) -> None:
    with pytest.raises(WrongField, match="must not be empty"):
        check_first_name(name)
    assert check_last_name(name) == ""


@pytest.mark.parametrize("blank", INVISIBLE, ids=ascii)
def test_a_name_is_trimmed_of_what_nobody_sees(blank: str) -> None:
    assert check_first_name(f"{blank}{blank} Ada") == "Ada"
    if blank not in {"\ufe0f", "\U000e0100", "\u180b", "\U000e0041"}:  # these belong to the character before them
        assert check_first_name(f"Ada {blank}\n") == "Ada"


@pytest.mark.parametrize(
    "name",
    [
        PERSIAN,
        "क्\u200dष",
        "👩🏽\u200d🚀",
        "☺\ufe0f",
        KANJI_VARIANT,
        ENGLAND,
        "ᠠ\u180b",
        "van\u00a0Rossum",
        "Jean\u00adPaul",
        "\u0301a",
    ],
    ids=ascii,
)
def test_what_joins_or_alters_letters_within_a_name_is_kept(name: str) -> None:
    assert check_first_name(f"\u200b{name}\u200b") == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ada\nLovelace", "Ada Lovelace"),
        ("Ada\r\nLovelace", "Ada Lovelace"),
        ("Ada\tLovelace", "Ada Lovelace"),
        ("Ada \n\n\t Lovelace", "Ada Lovelace"),
        ("Ada\u2028King\u2029Lovelace", "Ada King Lovelace"),
        ("Ada\x0bKing\x0cof\x85Lovelace", "Ada King of Lovelace"),
        ("Ada\n\u200b\nLovelace", "Ada Lovelace"),
        ("a\n" * 32, "a" + " a" * 31),
    ],
    ids=ascii,
)
def test_a_line_break_or_tab_within_a_name_becomes_a_space(written: str, name: str) -> None:
    assert check_first_name(written) == name
    assert check_last_name(f"\n{written}\t") == name


def test_the_length_of_a_name_is_that_of_what_is_sent() -> None:
    assert check_first_name("\u200b" * 60_000 + "N" * 64 + "\n" * 60_000) == "N" * 64
    with pytest.raises(WrongField, match="64 characters"):
        check_first_name("\u200b" + "N" * 65)


@pytest.mark.parametrize("space", [one for one in INVISIBLE if one not in "\ufe0f"], ids=ascii)
def test_spaces_of_any_kind_are_removed_from_a_webinar_id(space: str) -> None:
    assert check_webinar_id(f"{space}978{space}7106{space}0099{space}") == "97871060099"


@pytest.mark.parametrize("hyphen", "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", ids=ascii)
def test_hyphens_of_any_kind_are_removed_from_a_webinar_id(hyphen: str) -> None:
    assert check_webinar_id(f"978{hyphen}7106{hyphen}0099") == "97871060099"


@pytest.mark.parametrize("other", ["\n", "\t", "\x85", "\u2028", "\x00", ".", "_", "/", "+", "e", "\u0660"], ids=ascii)
def test_nothing_else_is_removed_from_a_webinar_id(other: str) -> None:
    with pytest.raises(WrongField, match="9 to 15 digits"):
        check_webinar_id(f"978{other}7106{other}0099")


@pytest.mark.parametrize("blank", [*INVISIBLE[:-10], "\u3164", "\u2800", "\uffa0"], ids=ascii)
def test_an_email_is_trimmed_of_what_nobody_sees(blank: str) -> None:
    assert check_email(f"{blank}ada@example.com {blank}") == ADA
    assert identity_of(f"{blank}ADA@example.com") == "ada@example.com"


def test_an_email_copied_from_an_address_book_is_trimmed_of_its_direction() -> None:
    assert check_email("\u202aada@example.com\u202c") == ADA


@pytest.mark.parametrize(
    "email",
    [
        *("ada\u200b@example.com", "ada@exam\u00adple.com", "ada@example\u2060.com", "\ufeffada@\ufeffexample.com"),
        *("ada@\u200cexample.\u200dcom", "ada@example.com \u200c", "ada@example.com \U000e0041"),
    ],
    ids=ascii,
)
def test_what_has_no_width_is_removed_within_an_email(email: str) -> None:
    assert check_email(email) == ADA


@pytest.mark.parametrize(
    "email",
    [
        *(f"ada{one}@example.com" for one in [*DIRECTIONS, *"\u3164\u2800\uffa0\u115f\ufe0f"]),
        *(f"{PERSIAN}@example.com", f"ada@{PERSIAN}.com"),
    ],
    ids=ascii,
)
def test_an_invisible_character_that_may_be_meant_is_reported(email: str) -> None:
    with pytest.raises(WrongField, match="contains an invisible character"):
        check_email(email)
    assert identity_of(email) is None


@pytest.mark.parametrize("email", ["ada lovelace@example.com", "ada@exa\u00a0mple.com", "ada\n@example.com"], ids=ascii)
def test_a_space_within_an_email_is_wrong_syntax(email: str) -> None:
    with pytest.raises(WrongField, match="must be an e-mail address"):
        check_email(email)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("ada@example\u3002com", "ada@example.com"),
        ("Ada@example\uff0ecom", "Ada@example.com"),
        ("ada@example\uff61com", "ada@example.com"),
        ("\uff21\uff44\uff41@example.com", "Ada@example.com"),
        ("ada\uff20example.com", "ada@example.com"),
        ("\uff41\uff44\uff41\uff20\uff45\uff58\uff0e\uff43\uff4f\uff4d", "ada@ex.com"),
        ("ada\uff0bnews\uff11@example.com\u3000", "ada+news1@example.com"),
        ("用户@例子\u3002中国", "用户@xn--fsqu00a.xn--fiqs8s"),
        ("Ada@bücher\u3002de", "Ada@xn--bcher-kva.de"),
        ("Ada@Bücher.de", "Ada@Bücher.de"),
        ("\uff71da@example.com", "\uff71da@example.com"),
    ],
    ids=ascii,
)  # fmt: skip
def test_zoom_is_sent_the_ascii_compatible_spelling_of_full_width_letters_and_dots(written: str, sent: str) -> None:
    email = check_email(written)
    assert email.typed == sent
    assert email.identity == identity_of(sent) == identity_of(written)
    assert check_email(email.typed) == email


def test_the_ascii_compatible_spelling_has_128_characters_at_most() -> None:
    assert len(check_email("a@" + "例子." * 20 + "de").typed) == 64
    with pytest.raises(WrongField, match="128 characters"):
        check_email("a@" + "例子." * 20 + "\uff44\uff45")
