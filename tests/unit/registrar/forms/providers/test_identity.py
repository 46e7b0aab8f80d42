"""The id of a submission: the same for a repeated delivery, another for another submission."""

import json
import uuid

import pytest
from registrar.forms.providers.delivery import Delivery, FormField, read_delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.identity import submission_id_of
from registrar.forms.providers.mapping import Unmapped, map_fields

from tests.unit.registrar.forms.providers.samples import form, request

ANA = {"email": "Ana@Example.com", "first_name": "Ana"}
MINUTE = 1_789_999_980.0  # a full minute


def id_of(answers: dict[str, object], its_form: Form | None = None, now: float = MINUTE, header: str = "") -> str:
    its_form = its_form or form("generic")
    headers = {"webhook-id": header} if header else {}
    delivery = read_delivery(its_form, request(json.dumps(answers).encode(), headers=headers))
    return submission_id_of(its_form, delivery, map_fields(its_form, delivery.fields), now)


def test_it_is_a_uuid_of_the_kind_that_is_derived() -> None:
    assert uuid.UUID(id_of({**ANA})).version == 5


def test_without_an_own_id_it_is_that_of_form_webinar_email_and_minute() -> None:
    first = id_of({**ANA})
    assert id_of({**ANA, "email": " ana@EXAMPLE.com ", "first_name": "Anna"}, now=MINUTE + 59.9) == first
    others = [
        id_of({**ANA, "email": "ben@example.com"}),
        id_of({**ANA}, form("generic", webinar_id="93000000001")),
        id_of({**ANA}, Form(form_id="g" * 43, provider="generic", webinar_id="97871060099")),
        id_of({**ANA}, now=MINUTE + 60),
    ]
    assert len({first, *others}) == 5


def test_the_edge_of_a_minute_makes_two_ids() -> None:
    """Stated, not wished: the consumer and Zoom know the registrant by the e-mail."""
    assert id_of({**ANA}, now=MINUTE - 1) != id_of({**ANA}, now=MINUTE + 1)


def test_the_spelling_of_the_webinar_makes_no_other_id() -> None:
    by_field = form("generic", webinar_from="w")
    assert id_of({**ANA, "w": "978 7106-0099"}, by_field) == id_of({**ANA, "w": 97871060099}, by_field)


@pytest.mark.parametrize("its_form", [form("generic"), form("generic", webinar_from="w")])
def test_an_own_id_decides_alone(its_form: Form) -> None:
    first = id_of({**ANA, "submission_id": 7}, its_form)
    assert id_of({**ANA, "submission_id": "7", "last_name": "x"}, its_form, MINUTE + 86_400) == first
    assert id_of({"submission_id": "7"}, its_form) == first, "whether it can be mapped or not"
    assert id_of({**ANA, "submission_id": "8"}, its_form) != first


def test_the_form_may_name_the_field_of_the_id() -> None:
    by_map = form("generic", fields={"submission_id": "Entry"})
    first = id_of({**ANA, "Entry": 7, "submission_id": "constant"}, by_map)
    assert id_of({**ANA, "Entry": 7, "submission_id": "constant"}, by_map, MINUTE + 600) == first
    assert id_of({**ANA, "Entry": 8, "submission_id": "constant"}, by_map) != first


def test_the_id_of_the_message_is_the_own_id_of_a_standard_webhook() -> None:
    assert id_of({**ANA}, header="msg-1") == id_of({**ANA}, header="msg-1", now=MINUTE + 600)
    assert id_of({**ANA}, header="msg-1") != id_of({**ANA}, header="msg-2")


@pytest.mark.parametrize("placeholder", ["{entry_id}", "{{ id }}", "[_serial_number]", "", None])
def test_an_id_that_was_never_filled_in_does_not_make_all_people_one(placeholder: object) -> None:
    ben = {**ANA, "email": "ben@example.com"}
    for its_form in (form("generic"), form("generic", fields={"submission_id": "entry"})):
        name = its_form.fields.get("submission_id", "submission_id")
        assert id_of({**ANA, name: placeholder}, its_form) != id_of({**ben, name: placeholder}, its_form)


def test_what_cannot_be_mapped_is_known_by_all_its_answers() -> None:
    first = id_of({"a": "1", "b": "2"})
    assert id_of({"a": "1", "b": "2"}, now=MINUTE + 86_400) == first
    assert id_of({"a": "1", "b": "3"}) != first
    assert id_of({"a": "1"}) != first


def test_an_id_does_not_contain_the_form_id() -> None:
    fields = (FormField("a", "a", "", "\ud800"),)
    assert form("generic").form_id not in submission_id_of(form("generic"), Delivery(fields), Unmapped(()), MINUTE)
