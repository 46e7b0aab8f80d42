"""What a delivery consists of beside its body: the query of the URL, the descriptions of its fields."""

import pytest
from registrar.forms.providers.delivery import read_delivery
from registrar.forms.providers.mapping import Mapped, map_fields

from tests.unit.registrar.forms.providers.bodies import as_json
from tests.unit.registrar.forms.providers.people import WEBINAR
from tests.unit.registrar.forms.providers.samples import form, request

ANA = {"email": "ana@example.com", "first_name": "Ana"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("15550000000", "15550000000"),
        ("15550000000.0", "15550000000"),
        ("1.50", "1.5"),
        ("1e400", "inf"),
        ("9007199254740993", "9007199254740993"),
        ("true", "true"),
        ("false", "false"),
        ('["A"]', "A"),
        ('["A", null, "", "B", "A"]', ["A", "B"]),
        ('{"value": "A"}', "A"),
        ('[{"label": "A"}, {"name": "B", "url": "C"}]', ["A", "B"]),
    ],
)
def test_a_value_is_text_or_several_texts(value: str, expected: object) -> None:
    delivery = read_delivery(form("generic"), request(f'{{"a": {value}}}'.encode()))
    assert [one.value for one in delivery.fields] == [expected]


@pytest.mark.parametrize("more", ["", ',"w":""'])
def test_the_webinar_may_stand_in_the_query_of_the_url(more: str) -> None:
    body = f'{{"email":"ana@example.com","firstname":"Ana"{more}}}'
    its_form = form("hubspot", webinar_from="w")
    url = "https://hooks.example.com/forms/f?x=%FF&w=978%207106%200099&y="
    mapped = map_fields(its_form, read_delivery(its_form, request(body.encode(), url=url)).fields)
    assert isinstance(mapped, Mapped)
    assert (mapped.webinar_id, mapped.fields) == ("978 7106 0099", ANA)


def test_what_the_body_says_is_likelier_than_the_url() -> None:
    its_form = form("generic", webinar_from="w")
    body = b'{"email":"ana@example.com","name":"Ana","w":"97871060099"}'
    url = "https://hooks.example.com/forms/f?w=93000000001&email=eve@example.com"
    mapped = map_fields(its_form, read_delivery(its_form, request(body, url=url)).fields)
    assert isinstance(mapped, Mapped)
    assert (mapped.webinar_id, mapped.fields["email"]) == (WEBINAR, "ana@example.com")


def test_the_questions_of_typeforms_contact_block_have_titles() -> None:
    inner = [{"id": "n1", "title": "First name"}, {"id": "n2", "title": "Last name"}, {"id": "n3", "title": "Email"}]
    block = {"id": "b1", "type": "contact_info", "title": "Who are you?", "properties": {"fields": inner}}
    answers = [
        {"type": "text", "text": "Ana", "field": {"id": "n1", "type": "short_text", "ref": "01HZ-1"}},
        {"type": "text", "text": "Pérez", "field": {"id": "n2", "type": "short_text", "ref": "01HZ-2"}},
        {"type": "email", "email": "ana@example.com", "field": {"id": "n3", "type": "email", "ref": "01HZ-3"}},
    ]
    payload = {"form_response": {"token": "t", "definition": {"fields": [block]}, "answers": answers}}
    mapped = map_fields(form("typeform"), read_delivery(form("typeform"), request(as_json(payload))).fields)
    assert isinstance(mapped, Mapped)
    assert mapped.fields == {**ANA, "last_name": "Pérez"}
