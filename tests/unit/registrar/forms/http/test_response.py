"""Responses: the headers that every response has, in payload format 2.0."""

import pytest
from registrar.forms.http.response import HttpResponse

RESPONSES = {
    "JSON": HttpResponse.json(503, {"message": "busy"}, {"retry-after": "5"}),
    "page": HttpResponse.page(422, "<p>ä</p>", "default-src 'none'"),
    "script": HttpResponse.script("1", 300),
    "see other": HttpResponse.see_other("../x"),
}


@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
def test_every_response_has_the_headers_that_protect_it(response: HttpResponse) -> None:
    headers = response.to_payload()["headers"]

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["content-type"].endswith("; charset=utf-8")
    assert headers["cache-control"] == ("public, max-age=300" if response is RESPONSES["script"] else "no-store")


def test_a_response_has_its_status_its_body_and_its_own_headers() -> None:
    payload = RESPONSES["JSON"].to_payload()
    assert (payload["statusCode"], payload["body"]) == (503, '{"message": "busy"}')
    assert payload["headers"]["retry-after"] == "5"
    assert RESPONSES["see other"].to_payload()["headers"]["location"] == "../x"
    assert RESPONSES["page"].to_payload()["body"] == "<p>ä</p>"
