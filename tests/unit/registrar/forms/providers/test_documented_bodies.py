"""The bodies that form-providers.md quotes, each with the registrant that it is."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from registrar.forms.providers.delivery import read_delivery
from registrar.forms.providers.mapping import Mapped, map_fields

from tests.unit.registrar.forms.providers.people import JSON, MULTIPART, URLENCODED, WEBINAR
from tests.unit.registrar.forms.providers.samples import form, request

ANA = {"email": "ana@example.com", "first_name": "Ana"}
ANA_PEREZ = {**ANA, "last_name": "Pérez"}


class Quoted(NamedTuple):
    """A body, what its form has to know, and what it is."""

    provider: str
    body: str
    fields: Mapping[str, Any]
    own_id: str | None = None
    form: Mapping[str, Any] = {}
    content_type: str = JSON


QUOTED = {
    "typeform": Quoted(
        "typeform",
        """{"event_id":"01EVT","event_type":"form_response","form_response":{"form_id":"abc123","token":"tok1",
        "landed_at":"2026-09-21T14:10:00Z","submitted_at":"2026-09-21T14:13:20Z","hidden":{"webinar":"97871060099"},
        "definition":{"id":"abc123","title":"Sign up","fields":[{"id":"f1","ref":"email","type":"email",
        "title":"Your e-mail"}]},"answers":[{"type":"email","email":"ana@example.com","field":{"id":"f1","type":"email",
        "ref":"email"}},{"type":"text","text":"Ana","field":{"id":"f2","type":"short_text","ref":"first_name"}},
        {"type":"choice","choice":{"id":"c1","ref":"r1","label":"Morning"},"field":{"id":"f3",
        "type":"multiple_choice","ref":"slot"}}]}}""",
        {**ANA, "answers": {"When?": "Morning"}},
        "tok1",
        {"webinar_from": "webinar", "fields": {"answers.When?": "f3"}},
    ),
    "tally": Quoted(
        "tally",
        """{"eventId":"ev1","eventType":"FORM_RESPONSE","createdAt":"2026-09-21T14:13:20.000Z","data":{"responseId":"r1",
        "submissionId":"r1","respondentId":"p1","formId":"mR01vw","formName":"Sign up",
        "createdAt":"2026-09-21T14:13:20.000Z","fields":[
        {"key":"question_wgb0RD_5cce3ba2-31a7-4237-84cb-2b6c6daf708f","label":"webinar","type":"HIDDEN_FIELDS",
        "value":"97871060099"},{"key":"question_2B6KAg","label":"Prénom","type":"INPUT_TEXT","value":"Ana"},
        {"key":"question_3C7","label":"E-mail","type":"INPUT_EMAIL","value":"ana@example.com"},
        {"key":"question_wkbYPJ","label":"Slot","type":"DROPDOWN","value":["id-1"],"options":[{"id":"id-1",
        "text":"Morning"},{"id":"id-2","text":"Evening"}]}]}}""",
        {**ANA, "answers": {"When?": "Morning"}},
        "r1",
        {"webinar_from": "webinar", "fields": {"answers.When?": "question_wkbYPJ"}},
    ),
    "jotform": Quoted(
        "jotform",
        '--X\r\nContent-Disposition: form-data; name="submissionID"\r\n\r\n6084250982513018472\r\n--X\r\n'
        'Content-Disposition: form-data; name="rawRequest"\r\n\r\n'
        r'{"slug":"submit\/243231271343446","q3_name":{"first":"Ana","last":"Pérez"},"q4_email":"ana@example.com",'
        r'"q9_webinar":"97871060099","event_id":"…","path":"\/submit\/243231271343446"}'
        "\r\n--X--",
        ANA_PEREZ,
        "6084250982513018472",
        {"webinar_from": "q9_webinar"},
        MULTIPART,
    ),
    "webflow v2": Quoted(
        "webflow",
        """{"triggerType":"form_submission","payload":{"name":"Webinar","siteId":"…","data":{"First Name":"Ana",
        "email":"ana@example.com","Phone Number":15550000000},"schema":[{"fieldName":"email",
        "fieldType":"FormTextInput","fieldElementId":"285042f7-…"}],"submittedAt":"2026-09-21T14:13:20.000Z",
        "id":"65a5d3c8…","formId":"…","formElementId":"97e5c20e-…"}}""",
        {**ANA, "phone": "15550000000"},
        "65a5d3c8…",
        {"fields": {"email": "285042f7-…", "phone": "Phone Number"}},
    ),
    "webflow v1": Quoted(
        "webflow",
        """{"name":"Webinar","site":"…","data":{"name":"Ana P","email":"ana@example.com"},
        "d":"2026-09-21T14:13:20.117Z","_id":"6321…"}""",
        {**ANA, "last_name": "P"},
        "6321…",
    ),
    "hubspot, all properties": Quoted(
        "hubspot",
        """{"vid":1,"canonical-vid":1,"portal-id":2,"is-contact":true,"properties":{"email":{"value":"ana@example.com",
        "versions":[]},"firstname":{"value":"Ana"},"lastname":{"value":"Pérez"}},"form-submissions":[
        {"conversion-id":"c1","form-id":"…","timestamp":1790000000000,"title":"…"}],"identity-profiles":[],
        "merge-audits":[]}""",
        ANA_PEREZ,
        "c1",
    ),
    "hubspot, customised": Quoted("hubspot", '{"email":"ana@example.com","firstname":"Ana"}', ANA),
    "gravityforms, all fields": Quoted(
        "gravityforms",
        """{"id":"134","form_id":"7","date_created":"2026-09-21 14:13:20","ip":"…","source_url":"https://…",
        "user_agent":"…","status":"active","1.3":"Ana","1.6":"Pérez","2":"ana@example.com","5":"97871060099",
        "6.1":"A","6.2":""}""",
        {**ANA_PEREZ, "answers": {"A?": "A"}},
        "7-134",
        {"webinar_from": "5", "fields": {"email": "2", "first_name": "1.3", "last_name": "1.6", "answers.A?": "6.1"}},
    ),
    "gravityforms, selected fields": Quoted(
        "gravityforms",
        "email=ana%40example.com&first_name=Ana&last_name=P%C3%A9rez&submission_id=134",
        ANA_PEREZ,
        "134",
        {},
        URLENCODED,
    ),
    "elementor, simple": Quoted(
        "elementor",
        "First+Name=Ana&Email=ana%40example.com&form_id=a1b2c3d&form_name=Webinar",
        ANA,
        None,
        {},
        URLENCODED,
    ),
    "elementor, advanced": Quoted(
        "elementor",
        "form%5Bid%5D=a1b2c3d&form%5Bname%5D=W&fields%5Bemail%5D%5Bid%5D=email&fields%5Bemail%5D%5Btype%5D=email"
        "&fields%5Bemail%5D%5Btitle%5D=E-mail&fields%5Bemail%5D%5Bvalue%5D=ana%40example.com"
        "&fields%5Bemail%5D%5Braw_value%5D=ana%40example.com&fields%5Bemail%5D%5Brequired%5D=1"
        "&fields%5Bfirst%5D%5Bid%5D=first&fields%5Bfirst%5D%5Btitle%5D=Vorname&fields%5Bfirst%5D%5Bvalue%5D=Ana"
        "&meta%5Bpage_url%5D%5Btitle%5D=Page&meta%5Bpage_url%5D%5Bvalue%5D=https%3A%2F%2Fexample.com",
        ANA,
        None,
        {"fields": {"email": "email"}},
        URLENCODED,
    ),
    "wpforms": Quoted(
        "wpforms",
        """{"name":"Ana Pérez","email":"ana@example.com","slots":"A||B","when":{"value":"01/02/2026","unix":1}}""",
        {**ANA_PEREZ, "answers": {"Slots": "A, B", "When": "01/02/2026"}},
        None,
        {"fields": {"answers.Slots": "slots", "answers.When": "when"}},
    ),
    "cf7": Quoted(
        "cf7",
        r'{"your-name":"Ana P\u00e9rez","your-email":"ana@example.com","slots":["A","B"],"_post_id":7}',
        {**ANA_PEREZ, "answers": {"Slots": "A, B"}},
        None,
        {"fields": {"answers.Slots": "slots"}},
        "application/json; charset=UTF-8",
    ),
    "framer": Quoted(
        "framer",
        '{"Name":"Ana","Email":"ana@example.com","webinar":"97871060099"}',
        {**ANA, "last_name": ""},
        None,
        {"webinar_from": "webinar"},
    ),
    "wufoo": Quoted(
        "wufoo",
        "Field1=Ana&Field2=P%C3%A9rez&Field3=ana%40example.com&CreatedBy=public&DateCreated=2026-09-21+14%3A13%3A20"
        "&EntryId=42&IP=1&HandshakeKey=SECRET",
        ANA_PEREZ,
        "42",
        {"fields": {"email": "Field3", "first_name": "Field1", "last_name": "Field2"}},
        URLENCODED,
    ),
    "formstack": Quoted(
        "formstack",
        """{"FormID":"123","UniqueID":"871580834","HandshakeKey":"…","94332587":"ana@example.com",
        "94332580":{"first":"Ana","last":"Pérez"}}""",
        ANA_PEREZ,
        "871580834",
        {"fields": {"email": "94332587", "first_name": "94332580", "last_name": "94332580"}},
    ),
    "formstack, urlencoded": Quoted(
        "formstack",
        "FormID=123&UniqueID=871580834&Email=ana%40example.com&Name%5Bfirst%5D=Ana&Name%5Blast%5D=P%C3%A9rez",
        ANA_PEREZ,
        "871580834",
        {},
        URLENCODED,
    ),
    "fillout": Quoted(
        "fillout",
        """{"formId":"x","formName":"Sign up","submission":{"submissionId":"abc123",
        "submissionTime":"2026-09-21T14:13:20.000Z","questions":[{"id":"5AtgG35","name":"Your e-mail",
        "type":"EmailInput","value":"ana@example.com"},{"id":"6","name":"First name","type":"ShortAnswer",
        "value":"Ana"}],"calculations":[],"urlParameters":[{"id":"webinar","name":"webinar","value":"97871060099"}],
        "quiz":{},"documents":[]}}""",
        ANA,
        "abc123",
        {"webinar_from": "webinar"},
        "text/plain; charset=utf-8",
    ),
    "fillout, without submission": Quoted(
        "fillout",
        """{"submissionId":"abc123","questions":[{"id":"5","name":"Mail","type":"Email","value":"ana@example.com"},
        {"id":"6","name":"First name","type":"ShortAnswer","value":"Ana"}],
        "urlParameters":[{"id":"webinar","name":"webinar","value":"97871060099"}]}""",
        ANA,
        "abc123",
        {"webinar_from": "webinar"},
    ),
    "paperform": Quoted(
        "paperform",
        """{"data":[{"title":"Your e-mail","description":null,"type":"email","key":"f8quc","custom_key":"email",
        "value":"ana@example.com"},{"title":"Vorname","type":"text","key":"k2","custom_key":null,"value":"Ana"}],
        "form_id":"6924…","slug":"q59luyjh","submission_id":"6924ca9a…","created_at":"2026-09-21 14:13:20",
        "ip_address":"…","team_id":1,"trigger":"submission","device":{"url":"https://…","utm_source":null}}""",
        ANA,
        "6924ca9a…",
        {"fields": {"email": "f8quc"}},
    ),
    "unbounce": Quoted(
        "unbounce",
        "page_url=x&page_name=x&page_id=1&variant=a&data.json=%7B%22first_name%22%3A%5B%22Ana%22%5D%2C%22email%22%3A"
        "%5B%22ana%40example.com%22%5D%2C%22webinar%22%3A%5B%2297871060099%22%5D%2C%22ip_address%22%3A%5B%22x%22%5D%7D"
        "&data.xml=%3C%3Fxml%3E",
        ANA,
        None,
        {"webinar_from": "webinar"},
        URLENCODED,
    ),
    "google, flat": Quoted("google", '{"email":"ana@example.com","first_name":"Ana"}', ANA),
}


@pytest.mark.parametrize("name", QUOTED)
def test_a_quoted_body_is_read_and_mapped(name: str) -> None:
    quoted = QUOTED[name]
    its_form = form(quoted.provider, **quoted.form)
    delivery = read_delivery(its_form, request(quoted.body.encode(), quoted.content_type))
    assert (delivery.own_id, delivery.ignored) == (quoted.own_id, None)
    mapped = map_fields(its_form, delivery.fields)
    assert isinstance(mapped, Mapped)
    assert (mapped.webinar_id, mapped.fields) == (WEBINAR, quoted.fields)
