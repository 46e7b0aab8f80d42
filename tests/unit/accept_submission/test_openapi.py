"""docs/openapi.yaml is valid, and says what the function answers and what template.yaml deploys.

Each example of an answer in the document is an exchange in `EXCHANGES`, and each exchange is an example. So an answer
that is not documented fails, and so does a documented one that no exchange produces.
"""

import copy
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from form import TURNSTILE_FIELD
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from registrar import limits
from registrar.registrants.optional_fields import FIXED_VALUES, LANGUAGES, OPTIONAL_FIELDS
from registrar_cli.terminal.version import __version__

from tests.template.cloudformation import ROOT, TEXT, Template
from tests.unit.accept_submission.conftest import Endpoint, Reply
from tests.unit.accept_submission.http_event import (
    ADA,
    FORM_TYPE,
    JSON_TYPE,
    form_event,
    http_event,
    json_event,
    multipart_event,
)

Document = dict[str, Any]
DOCUMENT: Document = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
PATH = "/webinars/{webinar_id}/registrants"
MEDIA_TYPES = ("application/json", "text/html")
GATEWAY = {"404", "429", "500"}  # API Gateway's own answers: no code of ours is asked
ALLOWED = "97871060100"  # the one webinar of an endpoint that does not accept every webinar
WRONG = {"email": "ada", "last_name": "x" * 65}
TWICE = [("email", "ada@example.com"), ("email", "eve@example.com"), ("first_name", "Ada")]


@dataclass(frozen=True)
class Exchange:
    """A request, and how the endpoint must be set for the answer that the document's example shows.

    `page_status` is the status that a browser gets, if it is another one.
    """

    status: str
    request: Callable[[str], dict[str, Any]]
    allowed: tuple[str, ...] = ()
    prepare: Callable[[Endpoint], object] = lambda endpoint: None
    page_status: str | None = None

    def status_of(self, media_type: str) -> str:
        return self.page_status or self.status if media_type == "text/html" else self.status


EXCHANGES = {
    "queued": Exchange("202", lambda accept: json_event(ADA, accept=accept), page_status="303"),
    "unparseable": Exchange("400", lambda accept: http_event(b"{", accept=accept)),
    "not_an_object": Exchange("400", lambda accept: http_event(b"[]", accept=accept)),
    "too_long": Exchange("413", lambda accept: http_event(b"x" * (limits.FORM_BYTES + 1), FORM_TYPE, accept=accept)),
    "wrong_content_type": Exchange("415", lambda accept: http_event(b"x", "text/plain", accept=accept)),
    "invalid_fields": Exchange("422", lambda accept: form_event(WRONG, accept=accept, webinar="1")),
    "repeated_field": Exchange("422", lambda accept: form_event(TWICE, accept=accept)),
    "webinar_not_allowed": Exchange("422", lambda accept: json_event(ADA, accept=accept), allowed=(ALLOWED,)),
    "unavailable": Exchange(
        "503",
        lambda accept: json_event(ADA, accept=accept),
        prepare=lambda endpoint: endpoint.sqs.throttle("send_message"),
    ),
}

Answers = dict[tuple[str, str], Reply]  # by the example's name and the media type


@pytest.fixture
def answers(open_endpoint: Callable[..., Endpoint]) -> Answers:
    """Answer every exchange, as JSON and as HTML."""
    found = {}
    for name, exchange in EXCHANGES.items():
        for media_type in MEDIA_TYPES:
            endpoint = open_endpoint(*exchange.allowed)
            exchange.prepare(endpoint)
            found[name, media_type] = endpoint.post(exchange.request(media_type))
    return found


def resolved(document: Document, node: Document) -> Document:
    """Return the node, or what it refers to."""
    found: Any = node
    if "$ref" in node:
        found = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
    return dict(found)


def conforms(document: Document, schema: Document, value: object) -> bool:
    """Return whether a value is valid under a schema of the document."""
    rooted = {"$ref": schema["$ref"]} if "$ref" in schema else schema
    try:
        Draft202012Validator({**rooted, "components": document["components"]}).validate(value)
    except ValidationError:
        return False
    return True


def operation(document: Document) -> Document:
    post: Document = document["paths"][PATH]["post"]
    return post


def responses(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield status and response of what the function answers."""
    for status, response in operation(document)["responses"].items():
        found = resolved(document, response)
        if "x-answered-by" not in found:
            yield status, found


# ── The checks: each takes the document, and the answers, and fails where they differ ────────────────────────────────


def the_document_is_valid(document: Document, _: Answers) -> None:
    try:
        validate(document)
    except OpenAPIValidationError as error:
        raise AssertionError(str(error)) from error


def each_example_is_valid(document: Document, _: Answers) -> None:
    operations = [item[method] for item in document["paths"].values() for method in item.keys() & {"get", "post"}]
    bodies = [one for each in operations for one in (each.get("requestBody"), *each["responses"].values()) if one]
    contents = [
        content
        for body in bodies
        for content in resolved(document, body).get("content", {}).values()
        if "x-answered-by" not in resolved(document, body)
    ]
    for content in contents:
        assert content["examples"]
        for name, example in content["examples"].items():
            assert conforms(document, content["schema"], example["value"]), name
    for parameter in document["components"]["parameters"].values():
        assert conforms(document, parameter["schema"], parameter["example"]), parameter["name"]


def every_answer_is_documented_and_the_other_way_round(document: Document, answers: Answers) -> None:
    shown = {
        (status, name)
        for status, response in responses(document)
        for name in response.get("content", {}).get("application/json", {}).get("examples", ())
    }
    assert {exchange.page_status for exchange in EXCHANGES.values()} - {None} == {
        status for status, response in responses(document) if "content" not in response
    }
    assert shown == {(exchange.status, name) for name, exchange in EXCHANGES.items()}
    assert {name for name, _ in answers} == EXCHANGES.keys()
    gateway = operation(document)["responses"].keys() - {status for status, _ in responses(document)}
    assert gateway == GATEWAY


def each_answer_is_as_documented(document: Document, answers: Answers) -> None:
    documented = dict(responses(document))
    for (name, media_type), reply in answers.items():
        status = EXCHANGES[name].status_of(media_type)
        assert str(reply.status) == status, name
        response = documented[status]
        if "content" not in response:
            assert not reply.text, name
            continue
        assert reply.headers["content-type"] == f"{media_type}; charset=utf-8", name
        assert (media_type == "text/html") <= (response["content"].keys() == set(MEDIA_TYPES)), name
        body = reply.content if media_type == "application/json" else reply.text
        assert conforms(document, response["content"][media_type]["schema"], body), name


def each_header_is_as_documented(document: Document, answers: Answers) -> None:
    documented = dict(responses(document))
    for (name, media_type), reply in answers.items():
        headers = {
            title.lower(): resolved(document, header)
            for title, header in documented[EXCHANGES[name].status_of(media_type)]["headers"].items()
        }
        assert headers.keys() == reply.headers.keys() - {"content-type"}, name
        for title, header in headers.items():
            text = reply.headers[title]
            value = int(text) if header["schema"].get("type") == "integer" else text
            assert header["required"], title
            assert conforms(document, header["schema"], value), title


def each_example_is_the_answer(document: Document, answers: Answers) -> None:
    for _, response in responses(document):
        content = response.get("content", {})
        for name, example in content.get("application/json", {}).get("examples", {}).items():
            assert _without_id(example["value"]) == _without_id(answers[name, "application/json"].content), name
        for name, example in content.get("text/html", {}).get("examples", {}).items():
            (heading,) = re.findall("<h.>.*?</h.>", example["value"])
            assert heading in html.unescape(answers[name, "text/html"].text).replace(' tabindex="-1"', ""), name


def _without_id(body: Document) -> Document:
    return {name: value for name, value in body.items() if name != "submission_id"}


def the_fields_are_those_of_the_code(document: Document, _: Answers) -> None:
    fields = document["components"]["schemas"]["Submission"]["properties"]
    assert fields.keys() == {"email", "first_name", "last_name", TURNSTILE_FIELD} | OPTIONAL_FIELDS - {"kind"}
    for name, values in {**FIXED_VALUES, "language": LANGUAGES}.items():
        assert fields[name]["enum"] == [*values, "", None]


def the_limits_are_those_of_the_code(document: Document, _: Answers) -> None:
    fields = document["components"]["schemas"]["Submission"]["properties"]
    assert f"more than {limits.ANSWER_CHARACTERS} characters" in fields["answers"]["description"]
    assert f"More than {limits.STANDARD_FIELD_CHARACTERS} characters" in fields["comments"]["description"]
    assert (
        fields["occurrence_ids"]["items"]["maxLength"] == fields["source_id"]["maxLength"] == limits.ZOOM_ID_CHARACTERS
    )
    assert fields[TURNSTILE_FIELD]["maxLength"] == limits.TURNSTILE_TOKEN_CHARACTERS
    assert fields["email"]["maxLength"] == limits.EMAIL_CHARACTERS
    assert fields["first_name"]["maxLength"] == fields["last_name"]["maxLength"] == limits.NAME_CHARACTERS
    pattern = document["components"]["parameters"]["WebinarId"]["schema"]["pattern"]
    assert f"{{{limits.WEBINAR_ID_DIGITS_MIN},{limits.WEBINAR_ID_DIGITS_MAX}}}" in pattern
    longest = f"{limits.FORM_BYTES} bytes"
    assert longest in operation(document)["requestBody"]["description"]
    assert longest in document["components"]["responses"]["TooLong"]["description"]
    assert document["components"]["headers"]["RetryAfter"]["schema"]["const"] == limits.RETRY_AFTER_SECONDS


def the_routes_are_those_of_the_template(document: Document, _: Answers) -> None:
    template = Template(TEXT)
    events = [
        event["Properties"]
        for function in template.of_type("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    routes = {(event["Path"], event["Method"].lower()) for event in events}
    preflights = {(path, "options") for path, _ in routes}
    documented = {
        (path, method)
        for path, item in document["paths"].items()
        for method in item.keys() & {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
    }
    assert documented == routes | preflights


def the_preflight_is_as_the_template_sets_it(document: Document, _: Answers) -> None:
    properties = Template(TEXT).properties("SubmissionApi")
    cors, throttling = properties["CorsConfiguration"], properties["DefaultRouteSettings"]
    preflight = document["paths"][PATH]["options"]
    assert all(item["options"] == preflight for item in document["paths"].values())
    headers = preflight["responses"]["204"]["headers"]
    assert preflight["x-answered-by"] == "API Gateway"
    assert headers.keys() == {f"Access-Control-{what}" for what in ("Allow-Origin", *CORS_VALUES)}
    for what, name in CORS_VALUES.items():
        value = cors[name] if name == "MaxAge" else ",".join(cors[name])
        assert headers[f"Access-Control-{what}"]["schema"]["const"] == value
    numbers = document["components"]["responses"]["TooManyRequests"]["description"]
    assert f"{throttling['ThrottlingRateLimit']} requests per second" in numbers
    assert f"{throttling['ThrottlingBurstLimit']} at once" in numbers
    seconds = Template(TEXT).properties("AcceptSubmissionFunction")["Timeout"]
    assert f"{seconds} seconds" in document["components"]["responses"]["InternalServerError"]["description"]


CORS_VALUES = {"Allow-Methods": "AllowMethods", "Allow-Headers": "AllowHeaders", "Max-Age": "MaxAge"}


def the_version_is_the_projects(document: Document, _: Answers) -> None:
    assert document["info"]["version"] == __version__


Check = Callable[[Document, Answers], None]
CHECKS: list[Check] = [
    the_document_is_valid,
    each_example_is_valid,
    every_answer_is_documented_and_the_other_way_round,
    each_answer_is_as_documented,
    each_header_is_as_documented,
    each_example_is_the_answer,
    the_fields_are_those_of_the_code,
    the_limits_are_those_of_the_code,
    the_routes_are_those_of_the_template,
    the_preflight_is_as_the_template_sets_it,
    the_version_is_the_projects,
]

# A path into the document, and the value that stands there instead of the right one; None: the key is missing.
RESPONSES, SCHEMAS = "components/responses", "components/schemas"
BREAKAGES: list[tuple[Check, str, object]] = [
    (the_document_is_valid, "info/title", None),
    (the_document_is_valid, "paths//post/responses/400", {}),
    (the_document_is_valid, f"{SCHEMAS}/Message/type", "objekt"),
    (the_document_is_valid, "paths//parameters", None),
    (each_example_is_valid, f"{SCHEMAS}/Submission/required", ["email", "name"]),
    (each_example_is_valid, f"{SCHEMAS}/FieldErrors/properties/errors/items/properties/field", {"enum": ["email"]}),
    (each_example_is_valid, f"{SCHEMAS}/Status/properties/status/enum", ["queued"]),
    (each_example_is_valid, f"{SCHEMAS}/Page/pattern", "^<html>"),
    (every_answer_is_documented_and_the_other_way_round, "paths//post/responses/415", None),
    (every_answer_is_documented_and_the_other_way_round, "paths//post/responses/418", {"description": "x"}),
    (every_answer_is_documented_and_the_other_way_round, "paths//post/responses/429", None),
    (
        every_answer_is_documented_and_the_other_way_round,
        f"{RESPONSES}/WrongFields/content/application~json/examples/other",
        {"value": {}},
    ),
    (each_answer_is_as_documented, f"{SCHEMAS}/Queued/properties/status", {"const": "accepted"}),
    (each_answer_is_as_documented, f"{SCHEMAS}/Message/required", ["message", "code"]),
    (each_answer_is_as_documented, f"{RESPONSES}/TooLong/content/text~html", None),
    (each_header_is_as_documented, f"{RESPONSES}/Unavailable/headers/Retry-After", None),
    (each_header_is_as_documented, f"{RESPONSES}/Queued/headers/Retry-After", {"schema": {}}),
    (each_header_is_as_documented, "components/headers/CacheControl/schema", {"const": "no-cache"}),
    (each_header_is_as_documented, "components/headers/RetryAfter/required", False),
    (
        each_example_is_the_answer,
        f"{RESPONSES}/TooLong/content/application~json/examples/too_long/value",
        {"message": "Too long."},
    ),
    (each_example_is_the_answer, f"{RESPONSES}/TooLong/content/text~html/examples/too_long/value", "<h1>No</h1>"),
    (the_fields_are_those_of_the_code, f"{SCHEMAS}/Submission/properties/org", None),
    (the_limits_are_those_of_the_code, f"{SCHEMAS}/Submission/properties/email/maxLength", 320),
    (the_limits_are_those_of_the_code, f"{RESPONSES}/TooLong/description", "Too long."),
    (the_routes_are_those_of_the_template, "paths//put", {"responses": {}}),
    (the_routes_are_those_of_the_template, "paths//options", None),
    (the_preflight_is_as_the_template_sets_it, f"{RESPONSES}/TooManyRequests/description", "More than 50."),
    (
        the_preflight_is_as_the_template_sets_it,
        "paths//options/responses/204/headers/Access-Control-Max-Age/schema",
        {"const": 60},
    ),
    (the_version_is_the_projects, "info/version", "0.9.0"),
]


def broken(path: str, value: object) -> Document:
    """Return the document with another value, or with none, at a path; an empty part is the only route."""
    document = copy.deepcopy(DOCUMENT)
    *folders, last = [PATH if part == "" else part.replace("~", "/") for part in path.split("/")]
    node: Any = document
    for part in folders:
        node = node[part]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return document


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_document_is_right(answers: Answers, check: Check) -> None:
    check(DOCUMENT, answers)


@pytest.mark.parametrize(("check", "path", "value"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(answers: Answers, check: Check, path: str, value: object) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check(broken(path, value), answers)


def test_each_check_is_shown_to_fail() -> None:
    assert {check for check, _, _ in BREAKAGES} == set(CHECKS)


POSTS: dict[str, Callable[[Document], dict[str, Any]]] = {
    JSON_TYPE: json_event,
    FORM_TYPE: form_event,
    "multipart/form-data": lambda fields: multipart_event(fields.items()),
}


@pytest.mark.parametrize("media_type", POSTS)
def test_the_documented_requests_are_accepted(endpoint: Endpoint, media_type: str) -> None:
    content = operation(DOCUMENT)["requestBody"]["content"]
    assert content.keys() == {JSON_TYPE, FORM_TYPE, "multipart/form-data"}
    for example in content[media_type]["examples"].values():
        assert endpoint.post(POSTS[media_type](example["value"])).status == 202


@pytest.mark.parametrize(
    "fields",
    [
        {"first_name": "Ada"},
        {"email": "ada@example.com"},
        {**ADA, "first_name": "x" * 65},
        {**ADA, "last_name": "x" * 65},
        {**ADA, "last_name": 7},
        {**ADA, "answers": {"Why?": 7}},
        {**ADA, "occurrence_ids": "1648194360000"},
        {**ADA, "country": "Germany"},
        {**ADA, "language": "Klingon"},
        {**ADA, "email": f"{'x' * 60}@{'y' * 60}.example.com"},
    ],
    ids=json.dumps,
)
def test_what_the_schema_forbids_is_refused(endpoint: Endpoint, fields: Document) -> None:
    assert not conforms(DOCUMENT, {"$ref": "#/components/schemas/Submission"}, fields)
    assert endpoint.post(json_event(fields)).status == 422


@pytest.mark.parametrize("last_name", [None, "", "x" * 64])
def test_what_the_schema_allows_is_accepted(endpoint: Endpoint, last_name: str | None) -> None:
    fields = {**ADA, "last_name": last_name}
    assert conforms(DOCUMENT, {"$ref": "#/components/schemas/Submission"}, fields)
    assert endpoint.post(json_event(fields)).status == 202
