"""What no provider sends: it is refused with a status or set aside, in bounded time, and nothing of it is repeated."""

import json
import time
from urllib.parse import urlencode

import pytest
from registrar import limits
from registrar.forms.http.request import Unacceptable
from registrar.forms.providers.delivery import Delivery, read_delivery
from registrar.forms.providers.identity import submission_id_of
from registrar.forms.providers.mapping import Mapped, Unmapped, map_fields
from registrar.forms.providers.providers import PROVIDERS
from registrar.forms.providers.set_aside import to_body

from tests.unit.registrar.forms.providers.people import JSON, MULTIPART, NOW, URLENCODED, Person
from tests.unit.registrar.forms.providers.samples import SAMPLES, delivery_of, form, form_of, request

WEBHOOK_BYTES = 262_144
BY_JSON = [name for name in SAMPLES if JSON in PROVIDERS[name].content_types]
ANA = {"email": "ana@example.com", "first_name": "Ana"}


def read(provider: str, body: bytes, content_type: str = JSON) -> Delivery:
    return read_delivery(form(provider), request(body, content_type))


def raw_request(text: str) -> bytes:
    """Return the body of Jotform with this text as its answers."""
    return f'--X\r\nContent-Disposition: form-data; name="rawRequest"\r\n\r\n{text}\r\n--X--\r\n'.encode()


def refusal_of(provider: str, body: bytes, content_type: str = JSON) -> Unacceptable:
    with pytest.raises(Unacceptable) as refused:
        read(provider, body, content_type)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not-json",
        b"[]",
        b'[{"email": "ana@example.com"}]',
        b'"ana@example.com"',
        b"null",
        b"1",
        b'{"email": NaN}',
        b'{"email": -Infinity}',
        b'{"email": "ana@example.com"',
        b'{"email": "ana@example.com"} {}',
        b'{"n": 1' + b"0" * 5_000 + b"}",
        b'{"email": "a\nb"}',
        b"[" * 200_000,
        b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
        b"\xff\xfe\x00",
        json.dumps(ANA).encode("utf-16"),
        json.dumps(ANA).encode("utf-32"),
        '{"email": "é"}'.encode("latin-1"),
        b"email=ana%40example.com",
    ],
)
@pytest.mark.parametrize("provider", BY_JSON)
def test_a_body_that_is_no_json_object(provider: str, body: bytes) -> None:
    refused = refusal_of(provider, body)
    assert refused.status == 400
    assert "ana@" not in refused.message


def test_a_byte_order_mark_is_no_content() -> None:
    assert (
        read("generic", b"\xef\xbb\xbf" + json.dumps(ANA).encode()).fields
        == read("generic", json.dumps(ANA).encode()).fields
    )


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/xml", "", "json", "application/json; charset=utf-16"]
)
def test_another_content_type_is_refused_before_the_body_is_read(content_type: str) -> None:
    assert refusal_of("tally", b"\xff", content_type).status == 415


def test_a_provider_that_this_version_does_not_know() -> None:
    assert refusal_of("formspree", b"{}").status == 415


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=Y", "multipart/form-data; boundary=", MULTIPART + "X"],
)
def test_a_wrong_boundary(content_type: str) -> None:
    assert refusal_of("jotform", SAMPLES["jotform"].build(Person()), content_type).status == 400


def test_a_part_that_is_cut_off() -> None:
    assert refusal_of("jotform", SAMPLES["jotform"].build(Person())[:-30], MULTIPART).status == 400


@pytest.mark.parametrize("raw", ["", "{", "[1]", "{" * 100_000, '{"q4_email": NaN}', "[" * 100_000])
def test_json_inside_a_form_that_is_none(raw: str) -> None:
    jotform = raw_request(raw)
    unbounce = urlencode({"data.json": raw}).encode()
    for provider, body, content_type in (("jotform", jotform, MULTIPART), ("unbounce", unbounce, URLENCODED)):
        if raw == "[1]":
            assert map_fields(form(provider), read(provider, body, content_type).fields) == Unmapped(
                ("email", "first_name")
            )
        else:
            assert refusal_of(provider, body, content_type).status == 400


@pytest.mark.parametrize("structure", ["", "{", "[1]", '{"Fields": 1}'])
def test_a_description_that_cannot_be_read_loses_no_answer(structure: str) -> None:
    """Wufoo's: a form that maps its fields by their keys needs none."""
    body = urlencode({"FieldStructure": structure, "Field1": "Ana", "Field3": "ana@example.com"}).encode()
    fields = read("wufoo", body, URLENCODED).fields
    assert [one.key for one in fields] == ["Field1", "Field3"]


def test_files_are_dropped() -> None:
    """5 MB of them, which the function refuses before: nothing of a file is kept."""
    head = b'--X\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n'
    file = head % (b"cv", b'; filename="cv.pdf"\r\nContent-Type: application/pdf') + b"\x00" * 5_000_000 + b"\r\n"
    body = file + head % (b"email", b"") + b"ana@example.com\r\n--X--\r\n"
    assert [(one.key, one.value) for one in read("generic", body, MULTIPART).fields] == [("email", "ana@example.com")]


@pytest.mark.parametrize("provider", ["generic", "hubspot", "framer"])
def test_a_key_that_is_repeated_has_all_its_values(provider: str) -> None:
    body = b'{"email": "ana@example.com", "first_name": "Ana", "email": "ben@example.com", "first_name": "Ana"}'
    mapped = map_fields(form(provider), read(provider, body).fields)
    assert isinstance(mapped, Mapped)
    # Which of two addresses is meant? The check of the registrant refuses both, and the submission is set aside.
    assert mapped.fields == {"email": "ana@example.com, ben@example.com", "first_name": "Ana"}


@pytest.mark.parametrize(
    "value", [[], {}, [[]], [{}], [None, ""], {"value": None}, {"value": []}, None, "", " ", "\u200b"]
)
def test_what_says_nothing_is_no_answer(value: object) -> None:
    assert read("generic", json.dumps({"email": value}).encode()).fields == ()


def test_arrays_and_objects_where_text_is_expected() -> None:
    body = json.dumps({**ANA, "email": ["ana@example.com"], "first_name": [["Ana"]], "last_name": {"value": ["Pérez"]}})
    mapped = map_fields(form("generic"), read("generic", body.encode()).fields)
    assert isinstance(mapped, Mapped)
    assert mapped.fields == {**ANA, "last_name": "Pérez"}


@pytest.mark.parametrize("provider", [name for name in BY_JSON if PROVIDERS[name].answers_at])
@pytest.mark.parametrize("other", [None, 1, "text", [], {}, [1], [[]], [{}], {"a": [1]}, True])
def test_an_envelope_with_something_else_in_every_place(provider: str, other: object) -> None:
    payload = json.loads(SAMPLES[provider].build(Person()))
    for path in _paths(payload):
        changed = json.loads(json.dumps(payload))
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = other
        delivery = read_delivery(form_of(provider), request(json.dumps(changed).encode()))
        mapped = map_fields(form_of(provider), delivery.fields)
        assert submission_id_of(form_of(provider), delivery, mapped, NOW)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [one for name, each in inner for one in ((*path, name), *_paths(each, (*path, name)))]


@pytest.mark.parametrize("levels", [9, 60, 900])
def test_what_is_nested_too_deep_is_left_out(levels: int) -> None:
    deep: object = "secret"
    lists: object = "secret"
    for _ in range(levels):
        deep, lists = {"a": deep}, [lists]
    delivery = read("generic", json.dumps({**ANA, "deep": deep, "list": [[deep]], "lists": lists}).encode())
    assert {one.key for one in delivery.fields} == set(ANA)
    brackets = urlencode({**ANA, "deep" + "[a]" * levels: "1"}).encode()
    assert len(read("generic", brackets, URLENCODED).fields) == 3


@pytest.mark.parametrize("content_type", [JSON, URLENCODED])
def test_the_last_of_ten_thousand_fields_is_read_and_more_than_the_limit_are_not(content_type: str) -> None:
    def delivery_with(fields: int) -> Delivery:
        answers = {**{f"{n:x}": "x" for n in range(fields)}, **ANA}
        return read(
            "generic",
            json.dumps(answers).encode() if content_type == JSON else urlencode(answers).encode(),
            content_type,
        )

    assert isinstance(map_fields(form("generic"), delivery_with(10_000).fields), Mapped)
    delivery = delivery_with(limits.FORM_FIELDS)
    assert len(delivery.fields) == limits.FORM_FIELDS
    assert len(to_body("f", "s", "t", delivery.fields)) <= limits.SET_ASIDE_BYTES


@pytest.mark.parametrize(
    ("name", "content_type", "body"),
    [
        ("one key", JSON, b"{" + b",".join([b'"a":1'] * 40_000) + b"}"),
        ("keys", JSON, json.dumps({str(n): n for n in range(17_000)}).encode()),
        ("a list", JSON, json.dumps({"a": list(range(37_000))}).encode()),
        ("pairs", URLENCODED, b"&".join([b"a=1"] * 65_000)),
        ("separators", URLENCODED, b"&" * WEBHOOK_BYTES),
        ("brackets", URLENCODED, b"a" + b"[" * WEBHOOK_BYTES + b"]=1"),
        ("bracket keys", URLENCODED, b"&".join(b"a[%d][b][c]=1" % n for n in range(15_000))),
        ("many brackets", URLENCODED, b"a" + b"[b]" * 80_000 + b"=1"),
        ("braces", JSON, json.dumps({"email": "{" * 250_000}).encode()),
        ("blanks", JSON, json.dumps({"email": " \u200b" * 25_000}).encode()),
        ("names", JSON, json.dumps({"name": "a " * 120_000, "email": "ana@example.com"}).encode()),
        ("labels", JSON, json.dumps({"ä" * 40_000: "x"}).encode()),
        ("digits", MULTIPART, raw_request(json.dumps({"q1_" + "1" * 250_000 + "a": "x"}))),
        ("digits and a line break", MULTIPART, raw_request(json.dumps({"q1_" + "1" * 250_000 + "\n": "x"}))),
    ],
)
def test_the_work_of_the_largest_bodies_is_bounded(name: str, content_type: str, body: bytes) -> None:
    started = time.process_time()
    delivery = read("jotform" if content_type == MULTIPART else "generic", body[: WEBHOOK_BYTES + 8], content_type)
    mapped = map_fields(form("generic", fields={"answers.A": "a"}), delivery.fields)
    submission_id_of(form("generic"), delivery, mapped, NOW)
    to_body("f", "s", "t", delivery.fields)
    assert time.process_time() - started < 10, name  # less than 1 on an idle machine; quadratic work takes minutes


@pytest.mark.parametrize("provider", [name for name in SAMPLES if name not in {"jotform"}])
def test_characters_that_no_one_types_do_no_harm(provider: str) -> None:
    for strange in ("A\x00na", "A\ud800na", "\u202eAna", "A\ufffena"):
        sample = SAMPLES[provider]
        body = sample.build(Person(first_name="Ana")).replace(b"Ana", json.dumps(strange)[1:-1].encode())
        delivery = read_delivery(form_of(provider), request(body, sample.content_type))
        mapped = map_fields(form_of(provider), delivery.fields)
        assert submission_id_of(form_of(provider), delivery, mapped, NOW)
        assert to_body("f", "s", "t", delivery.fields).isascii()


def test_nothing_of_a_submission_is_in_a_repr() -> None:
    delivery = read_delivery(form_of("typeform"), delivery_of("typeform"))
    mapped = map_fields(form_of("typeform"), delivery.fields)
    for shown in (repr(delivery), repr(mapped), repr(form_of("typeform"))):
        assert "ana@" not in shown
        assert "Ana" not in shown
        assert "fff" not in shown
