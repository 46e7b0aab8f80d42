"""A sample of every provider: how it sends a person's answers, and what its form has to map."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registrar.forms.http.request import HttpRequest
from registrar.forms.providers.form import Form

from tests.unit.registrar.forms.providers import bodies, signing
from tests.unit.registrar.forms.providers.people import (
    FORM_ID,
    JSON,
    MULTIPART,
    SECRET,
    STANDARD_SECRET,
    URL,
    URLENCODED,
    WEBINAR,
    Person,
)


def request(
    body: bytes, content_type: str = JSON, headers: Mapping[str, str] | None = None, url: str = URL
) -> HttpRequest:
    """Return a delivery as API Gateway hands it over."""
    return HttpRequest(
        method="POST",
        headers={"content-type": content_type, **(headers or {})},
        body=body,
        parameters={"form_id": FORM_ID},
        query=url.partition("?")[2],
        url=url,
        is_decoded=content_type.startswith((JSON, "text/")),
    )


def form(provider: str, **attributes: Any) -> Form:
    """Return a form of this provider, for one webinar unless the attributes say otherwise."""
    if "webinar_from" not in attributes:
        attributes = {"webinar_id": WEBINAR, **attributes}
    return Form(form_id=FORM_ID, provider=provider, **attributes)


@dataclass(frozen=True)
class Sample:
    """How a provider sends a person's answers, and what its form has to map because no type or label says it."""

    build: Callable[[Person], bytes]
    content_type: str = JSON
    fields: Mapping[str, str] = field(default_factory=dict)
    webinar_from: str = "webinar"
    slot: str = "slot"
    sign: Callable[[bytes, float], dict[str, str]] | None = None
    has_time: bool = False
    own_id: str | None = None
    """The id that the provider gives the submission `r1`."""


SAMPLES: Mapping[str, Sample] = {
    "typeform": Sample(bodies.typeform, sign=signing.sign_typeform, own_id="r1"),
    "tally": Sample(bodies.tally, slot="Slot", sign=signing.sign_tally, own_id="r1"),
    "jotform": Sample(
        bodies.jotform, MULTIPART, webinar_from="q9_webinar", slot="q7_slot", own_id="60842509825130184r1"
    ),
    "webflow": Sample(bodies.webflow, slot="Slot", sign=signing.sign_webflow, has_time=True, own_id="r1"),
    "hubspot": Sample(bodies.hubspot, sign=signing.sign_hubspot, has_time=True, own_id="r1"),
    "gravityforms": Sample(
        bodies.gravityforms,
        fields={"email": "2", "first_name": "1.3", "last_name": "1.6"},
        webinar_from="5",
        slot="6",
        own_id="7-r1",
    ),
    "elementor": Sample(bodies.elementor, URLENCODED),
    "wpforms": Sample(bodies.wpforms, sign=signing.sign_wpforms, has_time=True),
    "cf7": Sample(bodies.cf7, "application/json; charset=UTF-8", slot="slots"),
    "framer": Sample(bodies.framer, slot="Slot", sign=signing.sign_framer),
    "wufoo": Sample(
        bodies.wufoo, URLENCODED, webinar_from="Field7", slot="Field5", sign=signing.send_secret, own_id="r1"
    ),
    "formstack": Sample(
        bodies.formstack,
        fields={"email": "94332587"},
        webinar_from="94332599",
        slot="94332590",
        sign=signing.send_secret,
        own_id="r1",
    ),
    "fillout": Sample(bodies.fillout, "", slot="8DtgG35", own_id="r1"),
    "paperform": Sample(bodies.paperform, own_id="r1"),
    "unbounce": Sample(bodies.unbounce, URLENCODED),
    "google": Sample(
        bodies.google, webinar_from="14", slot="13", sign=signing.sign_standard, has_time=True, own_id="r1"
    ),
    "generic": Sample(bodies.generic, sign=signing.sign_standard, has_time=True, own_id="r1"),
}
ANA = Person()
STANDARD = frozenset({"google", "generic"})


def secret_of(provider: str) -> str:
    """Return the secret with which the samples of this provider are signed."""
    return STANDARD_SECRET if provider in STANDARD else SECRET


def delivery_of(provider: str, who: Person = ANA) -> HttpRequest:
    """Return an unsigned delivery of this person's answers."""
    sample = SAMPLES[provider]
    return request(sample.build(who), sample.content_type)


def form_of(provider: str, **attributes: Any) -> Form:
    """Return a form that maps what the provider's sample needs."""
    attributes["fields"] = {**SAMPLES[provider].fields, **attributes.get("fields", {})}
    return form(provider, **attributes)
