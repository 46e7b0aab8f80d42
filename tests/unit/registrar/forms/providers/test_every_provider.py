"""Every provider, case by case: a row of the table is a provider, a column is a test."""

import pytest
from registrar.forms.http.request import HttpRequest
from registrar.forms.providers.delivery import accepts_type, read_delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.identity import submission_id_of
from registrar.forms.providers.mapping import Mapped, Unmapped, map_fields
from registrar.forms.providers.providers import PROVIDERS
from registrar.forms.providers.set_aside import from_body, to_body
from registrar.forms.providers.signatures import SIGNATURES, is_authentic
from registrar.registrants.registrant import Registrant

from tests.unit.registrar.forms.providers.people import (
    FORM_ID,
    NOW,
    OTHER_SECRET,
    OTHER_STANDARD_SECRET,
    SECRET,
    URL,
    WEBINAR,
    Person,
)
from tests.unit.registrar.forms.providers.samples import SAMPLES, STANDARD, delivery_of, form_of, request, secret_of

PARSED = {name: sample.content_type.partition(";")[0] or "text/plain" for name, sample in SAMPLES.items()}
SIGNING = [name for name, sample in SAMPLES.items() if sample.sign]
TIMED = [name for name, sample in SAMPLES.items() if sample.has_time]


def mapped_by(form: Form, delivered: HttpRequest) -> Mapped:
    mapped = map_fields(form, read_delivery(form, delivered).fields)
    assert isinstance(mapped, Mapped)
    return mapped


def signed(provider: str, now: float = NOW, body: bytes | None = None) -> HttpRequest:
    """Return a delivery with its signature; with another body, the signature stays."""
    sample = SAMPLES[provider]
    assert sample.sign
    sent = sample.build(Person())
    return request(sent if body is None else body, sample.content_type, sample.sign(sent, now))


def id_of(form: Form, delivered: HttpRequest, now: float = NOW) -> str:
    delivery = read_delivery(form, delivered)
    return submission_id_of(form, delivery, map_fields(form, delivery.fields), now)


def test_the_samples_and_the_table_name_the_same_providers() -> None:
    assert list(SAMPLES) == list(PROVIDERS)
    assert [name for name in PROVIDERS if name in SIGNATURES] == SIGNING


@pytest.mark.parametrize("provider", SAMPLES)
def test_good(provider: str) -> None:
    form, delivered = form_of(provider), delivery_of(provider)
    delivery = read_delivery(form, delivered)
    assert delivery.ignored is None
    assert delivery.own_id == SAMPLES[provider].own_id
    assert not {SECRET, URL, "192.0.2.1"} & {one.text for one in delivery.fields}, "it is not for the dead letter"
    mapped = mapped_by(form, delivered)
    assert mapped.fields == {"email": "ana@example.com", "first_name": "Ana", "last_name": "Pérez"}
    assert Registrant.from_fields(mapped.webinar_id, mapped.fields).key == (WEBINAR, "ana@example.com")
    assert mapped.sources.keys() == {"email", "first_name", "last_name"}
    assert set(mapped.sources.values()) <= {one.key for one in delivery.fields}


@pytest.mark.parametrize("provider", SAMPLES)
def test_another_content_type(provider: str) -> None:
    assert accepts_type(form_of(provider), delivery_of(provider))
    for content_type in ("application/xml", "image/png"):
        assert not accepts_type(form_of(provider), request(b"", content_type))
    assert not accepts_type(form_of(provider), request(b"", f"{PARSED[provider]}; charset=utf-16"))


@pytest.mark.parametrize("provider", SIGNING)
def test_good_signature(provider: str) -> None:
    other = OTHER_STANDARD_SECRET if provider in STANDARD else OTHER_SECRET
    assert is_authentic(form_of(provider), [secret_of(provider)], signed(provider), NOW)
    assert is_authentic(form_of(provider), [other, secret_of(provider)], signed(provider), NOW), "rotation"


@pytest.mark.parametrize("provider", SAMPLES)
def test_bad_signature(provider: str) -> None:
    form, sample = form_of(provider), SAMPLES[provider]
    assert is_authentic(form, [], delivery_of(provider), NOW), "no secret is set"
    assert not is_authentic(form, [""], delivery_of(provider), NOW)
    if sample.sign is None:
        assert not is_authentic(form, [secret_of(provider)], delivery_of(provider), NOW), "it cannot be checked"
        return
    other = OTHER_STANDARD_SECRET if provider in STANDARD else OTHER_SECRET
    assert not is_authentic(form, [other], signed(provider), NOW)
    if sample.sign(b"", NOW):  # else the secret is in the body
        sent = signed(provider).body
        changed = sent.replace(b"ana@", b"eve@")
        assert changed != sent
        assert not is_authentic(form, [secret_of(provider)], delivery_of(provider), NOW), "missing"
        assert not is_authentic(form, [secret_of(provider)], signed(provider, body=changed), NOW)
        assert not is_authentic(form, [secret_of(provider)], signed(provider, body=sent + b" "), NOW), "one byte"


@pytest.mark.parametrize("provider", TIMED)
def test_expired(provider: str) -> None:
    form, secrets = form_of(provider), [secret_of(provider)]
    for late in (-300.0, 300.0):
        assert is_authentic(form, secrets, signed(provider), NOW + late)
    for late in (-301.0, 301.0):
        assert not is_authentic(form, secrets, signed(provider), NOW + late)


@pytest.mark.parametrize("provider", SAMPLES)
def test_unmapped(provider: str) -> None:
    form = form_of(provider)
    delivery = read_delivery(form, delivery_of(provider, Person(email=None)))
    assert map_fields(form, delivery.fields) == Unmapped(("email",))
    set_aside = from_body(to_body(FORM_ID, "s", "2026-09-21T14:13:20Z", delivery.fields))
    assert set_aside is not None
    assert set_aside.fields == delivery.fields
    corrected = form_of(provider, fields={"email": SAMPLES[provider].slot})
    assert isinstance(map_fields(corrected, set_aside.fields), Mapped)


@pytest.mark.parametrize("provider", SAMPLES)
def test_hidden_webinar(provider: str) -> None:
    form = form_of(provider, webinar_from=SAMPLES[provider].webinar_from)
    mapped = mapped_by(form, delivery_of(provider, Person(webinar="93000000001")))
    assert mapped.webinar_id == "93000000001"
    assert "webinar_id" in mapped.sources
    fields = read_delivery(form, delivery_of(provider, Person(webinar=None))).fields
    assert map_fields(form, fields) == Unmapped(("webinar_id",))


@pytest.mark.parametrize("provider", SAMPLES)
def test_choice(provider: str) -> None:
    form = form_of(provider, fields={"answers.When?": SAMPLES[provider].slot})
    mapped = mapped_by(form, delivery_of(provider, Person(slot="Evening: 6, 7")))
    assert mapped.fields["answers"] == {"When?": "Evening: 6, 7"}
    assert "answers" not in mapped_by(form_of(provider), delivery_of(provider)).fields, "no map, no answer"


@pytest.mark.parametrize("provider", SAMPLES)
def test_non_ascii(provider: str) -> None:
    who = Person(email="zoë@example.com", first_name="Zoë", last_name="Łukasz-Ωmega/李")
    fields = mapped_by(form_of(provider), delivery_of(provider, who)).fields
    assert fields == {"email": who.email, "first_name": who.first_name, "last_name": who.last_name}


@pytest.mark.parametrize("provider", SAMPLES)
def test_repeated(provider: str) -> None:
    form, sample = form_of(provider), SAMPLES[provider]
    first = id_of(form, delivery_of(provider))
    assert id_of(form, delivery_of(provider), NOW + 30) == first, "in the same minute"
    later = id_of(form, delivery_of(provider), NOW + 600)
    assert (later == first) is (sample.own_id is not None)
    someone_else = Person(email="ben@example.com", submission="r2")
    assert id_of(form, delivery_of(provider, someone_else)) != first
