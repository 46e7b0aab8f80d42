"""The registrant for any input: one normal form, the same validation in form endpoint and consumer, no personal
data."""

import json
import string
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from form import read_form  # type: ignore[import-not-found, unused-ignore]  # of AcceptSubmission
from form_fields import FIELDS  # type: ignore[import-not-found, unused-ignore]
from hypothesis import example, given, settings
from hypothesis import strategies as st
from registrar.forms.http.request import HttpRequest
from registrar.registrants.fields import identity_of
from registrar.registrants.optional_fields import FREE_TEXTS, LANGUAGES, OPTIONAL_FIELDS
from registrar.registrants.redaction import without_personal_data
from registrar.registrants.registrant import InvalidRegistrant, Key, MalformedMessage, Registrant

ANY_TEXT = st.text(st.characters(), max_size=140)
DOMAIN_LABEL = st.text(string.ascii_letters + string.digits + "äöüéßñçøпривет例子", min_size=1, max_size=12)
LOCAL = st.text(string.ascii_letters + string.digits + "._+-'!#$%&*/=?^`{|}~äéïÅİǅσςΣ", min_size=1, max_size=20)
EMAILS = st.builds(
    lambda local, labels, top: f"{local}@{'.'.join([*labels, top])}",
    LOCAL,
    st.lists(DOMAIN_LABEL, min_size=1, max_size=3),
    st.sampled_from(["com", "de", "рф", "example.com", "co.uk"]),
)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=64)
WEBINARS = st.one_of(st.from_regex(r"[0-9]{9,15}", fullmatch=True), st.integers(10**8, 10**15 - 1), ANY_TEXT)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)


@given(EMAILS | ANY_TEXT)
@example("İ@example.com")
@example("ΑΣ@example.com")
@example("ada@ẞ.de")
def test_the_normal_form_is_a_fixed_point(email: str) -> None:
    identity = identity_of(email)
    if identity is not None:
        assert identity_of(identity) == identity
        assert identity.partition("@")[2].isascii()
        assert identity == identity.lower()


@given(EMAILS)
def test_case_and_blanks_do_not_make_another_registrant(email: str) -> None:
    if identity_of(email) is not None and email.isascii():
        assert identity_of(f"  {email.upper()}\n") == identity_of(email)


OPTIONAL = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["meeting", " Webinar", "event"]),
        "answers": st.dictionaries(st.text(st.characters(), max_size=1_100), ANY_TEXT | st.none(), max_size=60),
        "occurrence_ids": st.lists(st.text(string.digits + ",- ", max_size=70) | ANY_TEXT, max_size=60),
        "source_id": ANY_TEXT,
        "language": st.sampled_from(LANGUAGES).map(str.upper) | ANY_TEXT,
        **dict.fromkeys(FREE_TEXTS, st.text(st.characters(), max_size=1_100)),
        "country": st.text(string.ascii_letters, max_size=3),
        "no_of_employees": st.sampled_from([" 1-20 ", "500-1,000", "7"]),
    },
)


@given(OPTIONAL)
@settings(max_examples=200)
def test_any_optional_fields_are_kept_in_a_message_that_fits_or_are_named(optional: dict[str, Any]) -> None:
    parsed = _by_consumer(json.dumps(_fields("ada@example.com", "Ada", "Lovelace") | optional))
    if isinstance(parsed, Refused):
        assert set(parsed.fields) <= optional.keys()
        assert parsed.key is not None
        return
    _check_whole(parsed)
    assert len(parsed.to_message()) <= 65_536
    assert parsed.optional.to_fields().keys() <= optional.keys()
    assert all(len(answer) <= 128 for answer in parsed.optional.answers.values())


@given(
    st.dictionaries(
        st.sampled_from(["webinar_id", *FIELDS, "submission_id", "submitted_at", "x", *OPTIONAL_FIELDS]), JSON
    )
)
@settings(max_examples=300)
def test_any_object_becomes_a_registrant_or_is_refused(fields: dict[str, Any]) -> None:
    parsed = _by_consumer(json.dumps(fields))
    if isinstance(parsed, Registrant):
        _check_whole(parsed)
    elif parsed.key is not None:
        assert identity_of(parsed.key.email) == parsed.key.email


@given(ANY_TEXT)
def test_any_text_raises_no_other_error(body: str) -> None:
    parsed = _by_consumer(body)
    assert isinstance(parsed, Registrant | Refused)


def _check_whole(registrant: Registrant) -> None:
    """Check that the registrant can be stored, sent and put into a URL."""
    assert registrant.key.webinar_id.isascii()
    assert registrant.key.webinar_id.isdigit()
    assert 9 <= len(registrant.key.webinar_id) <= 15
    assert identity_of(registrant.email) == registrant.key.email
    assert 1 <= len(registrant.first_name) <= 64
    assert len(registrant.last_name) <= 64
    assert len(registrant.email) <= 128
    for text in (registrant.email, registrant.first_name, registrant.submission_id, registrant.submitted_at):
        (text or "").encode()
    assert Registrant.from_message(registrant.to_message()) == registrant


@given(WEBINARS, EMAILS | ANY_TEXT, NAMES | ANY_TEXT, NAMES | ANY_TEXT)
@settings(max_examples=300)
def test_form_endpoint_and_consumer_accept_the_same_registrants(
    webinar: str | int, email: str, first_name: str, last_name: str
) -> None:
    """What the form endpoint accepts passes the queue unchanged; the consumer refuses the same fields."""
    fields = {"email": email, "first_name": first_name, "last_name": last_name}
    accepted = _by_form_endpoint(str(webinar), "application/json", json.dumps(fields))
    assert accepted == _by_consumer(json.dumps({"webinar_id": webinar, **fields}))
    if all(text.isascii() or text.isprintable() for text in fields.values()):
        try:
            posted = urlencode(fields)
        except UnicodeEncodeError:
            return  # a lone surrogate, which no form can contain
        assert accepted == _by_form_endpoint(str(webinar), "application/x-www-form-urlencoded", posted)


@dataclass(frozen=True)
class Refused:
    """Which fields are wrong; none where the message is malformed."""

    fields: tuple[str, ...] = ()
    key: Key | None = None


def _by_form_endpoint(webinar: str, content_type: str, body: str) -> Registrant | Refused:
    request = HttpRequest.from_event({"headers": {"content-type": content_type}, "body": body})
    form = read_form(request, content_type, None)
    try:
        registrant = Registrant.from_fields(webinar, form.fields.values)
    except InvalidRegistrant as invalid:
        return Refused(tuple(error.field for error in invalid.errors), invalid.key)
    return Registrant.from_message(registrant.to_message())


def _by_consumer(body: str) -> Registrant | Refused:
    try:
        return Registrant.from_message(body)
    except InvalidRegistrant as invalid:
        return Refused(tuple(error.field for error in invalid.errors), invalid.key)
    except MalformedMessage:
        return Refused()


def _fields(email: str, first_name: str, last_name: str) -> dict[str, str]:
    return {"webinar_id": "97871060099", "email": email, "first_name": first_name, "last_name": last_name}


@given(EMAILS, NAMES, NAMES, ANY_TEXT)
@settings(max_examples=200)
def test_email_and_names_are_removed_from_zooms_messages(
    email: str, first_name: str, last_name: str, words: str
) -> None:
    registrant = _by_consumer(json.dumps(_fields(email, first_name, last_name)))
    if isinstance(registrant, Refused):
        return
    cleaned = without_personal_data(f"{words} ({registrant.email}) [{registrant.key.email}] {words}", [registrant])
    assert len(cleaned) <= 256
    assert cleaned.isprintable()
    assert registrant.email.lower() not in cleaned.lower()
    assert registrant.key.email not in cleaned.lower()
