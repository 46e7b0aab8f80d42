"""The page of a webinar: its status in every state of what is known, and how often anyone is asked."""

import re
from collections.abc import Callable

import pytest
from botocore.exceptions import ReadTimeoutError
from registrar.zoom.webinar_facts import Question, WebinarFacts

from tests.unit.registration_page.conftest import WEBINAR, Site

TOPIC = "Grüße & <b>mehr</b>"


def at_zoom(webinar_id: str = WEBINAR, **facts: object) -> WebinarFacts:
    return WebinarFacts(**{"webinar_id": webinar_id, "topic": TOPIC, "looked_up_at": "2026-11-23T12:00:00Z", **facts})  # type: ignore[arg-type]


def has_form(text: str) -> bool:
    return "<form" in text


# ── No form ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "webinar_id",
    [
        "x",
        "12345678",
        "1" * 16,
        "..%2F..%2Fusers",
        "%00",
        "9787106009a",
        "%3Cscript%3E",
        "9" * 10_000,
        " ",
        "٩٧٨٧١٠٦٠٠٩٩",
    ],
)
@pytest.mark.parametrize("kind", ["webinar", "meeting"])
def test_what_is_no_id_is_not_looked_up(site: Site, webinar_id: str, kind: str) -> None:
    reply = site.page(webinar_id, kind)
    assert reply.status == 404
    assert not has_form(reply.text)
    assert "<script>alert" not in reply.text
    assert site.calls() == []


def test_an_id_that_is_not_open_here_is_not_looked_up(open_site: Callable[..., Site]) -> None:
    site = open_site(webinars=("97871060100",))
    site.know()
    site.calls()
    assert site.page().status == 404
    assert site.calls() == []
    site.at_zoom["97871060100"] = at_zoom("97871060100")
    assert site.page("978-7106 0100").status == 200


def test_an_id_that_zoom_does_not_know(site: Site) -> None:
    site.at_zoom[WEBINAR] = at_zoom(exists=False)
    reply = site.page()
    assert reply.status == 404
    assert not has_form(reply.text)


def test_a_known_webinar_is_no_meeting(site: Site) -> None:
    site.know(topic=TOPIC)
    site.calls()
    assert site.page(kind="meeting").status == 404
    assert site.calls() == ["get_item"]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"approval_type": 2}, id="off"),
        pytest.param({"starts_at": "2026-11-20T10:00:00Z", "duration_minutes": 60}, id="over"),
        pytest.param(
            {"type": 9, "starts_at": "2026-11-20T10:00:00Z", "duration_minutes": 60}, id="a series after its last date"
        ),
        pytest.param({"full_since": "2026-11-23T11:00:00Z"}, id="full"),
    ],
)
def test_where_registration_is_closed_there_is_no_form(site: Site, facts: dict[str, object]) -> None:
    site.at_zoom[WEBINAR] = at_zoom(**{"type": 5, **facts})
    reply = site.page()
    assert reply.status == 200
    assert not has_form(reply.text)
    assert "Grüße &amp; &lt;b&gt;mehr&lt;/b&gt;" in reply.text


def test_a_series_whose_dates_zoom_does_not_state_is_open(site: Site) -> None:
    site.at_zoom[WEBINAR] = at_zoom(type=9, duration_minutes=60)
    assert has_form(site.page().text)


def test_a_webinar_that_is_full_before_anything_else_is_known_is_closed(site: Site) -> None:
    site.table.mark_full(WEBINAR, site.clock())
    assert not has_form(site.page().text)


# ── The plain form ───────────────────────────────────────────────────────────────────────────────────────────────────


def is_plain(site: Site) -> bool:
    reply = site.page()
    return reply.status == 200 and has_form(reply.text) and 'name="email"' in reply.text


def test_nothing_is_known(site: Site) -> None:
    assert is_plain(site)


def throttle(site: Site) -> None:
    site.functions.throttle("invoke")


def time_out(site: Site) -> None:
    site.functions.fail_always("invoke", error=ReadTimeoutError(endpoint_url="https://example.com"))


def crash(site: Site) -> None:
    site.functions.register("Describe", lambda _event, _context: 1 // 0)


@pytest.mark.parametrize(
    ("fail", "error"),
    [
        (throttle, "TooManyRequestsException"),
        (time_out, "ReadTimeoutError"),
        (crash, "ZeroDivisionError"),
    ],
)
def test_a_lookup_that_fails(site: Site, fail: Callable[[Site], None], error: str) -> None:
    fail(site)
    assert is_plain(site)
    assert [(line["message"], line["error"]) for line in site.log_lines] == [("Webinar not described", error)]


def test_a_table_that_cannot_be_read(site: Site) -> None:
    site.dynamodb.unreachable("get_item")
    assert is_plain(site)
    assert site.log_lines[0]["error"].startswith("WebinarTable: ")


def test_old_facts_are_shown_where_the_lookup_fails(site: Site) -> None:
    site.know(topic=TOPIC)
    site.clock.sleep(7 * 86_400)
    assert "Grüße" in site.page().text


def test_an_old_answer_that_there_is_no_such_webinar_is_not_believed(site: Site) -> None:
    site.know(exists=False)
    assert site.page().status == 404
    site.clock.sleep(16 * 60)
    assert is_plain(site)


# ── The form ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_fresh_facts_cost_one_read_and_nothing_else(site: Site) -> None:
    site.know(topic=TOPIC)
    site.calls()
    assert "Grüße" in site.page().text
    assert site.calls() == ["get_item"]
    site.clock.sleep(15 * 60)
    site.page()
    assert site.calls() == ["get_item", "invoke"]


def test_the_form_has_the_webinars_own_questions_and_is_sent_to_its_route(site: Site) -> None:
    site.know(topic=TOPIC, questions=(Question("short", True, title='Why "here"?'),))
    reply = site.page("978 7106 0099")
    assert 'action="../webinars/97871060099/registrants"' in reply.text
    assert 'name="answers.Why &quot;here&quot;?"' in reply.text.replace("&#34;", "&quot;")


def test_a_meeting(site: Site) -> None:
    site.at_zoom["98000000001"] = at_zoom("98000000001", kind="meeting")
    reply = site.page("98000000001", "meeting")
    assert 'action="../meetings/98000000001/registrants"' in reply.text


def test_every_rendered_form_is_another_submission(site: Site) -> None:
    site.know()
    found = [re.search(r'name="_submission"[^>]*value="([0-9a-f-]{36})"', site.page().text) for _ in range(2)]
    assert len({token[1] for token in found if token}) == 2


def test_with_turnstile_the_form_asks_for_a_person(open_site: Callable[..., Site]) -> None:
    site = open_site(turnstile_site_key="1x00000000000000000000AA")
    reply = site.page()
    assert 'data-sitekey="1x00000000000000000000AA"' in reply.text
    assert "script-src" in reply.headers["content-security-policy"]
    assert reply.headers["content-security-policy"].count("https://challenges.cloudflare.com") == 2


@pytest.mark.parametrize(
    ("header", "language"), [("de-DE,de;q=0.9,en;q=0.8", "de"), ("tlh", "en"), ("", "en"), ("ja;q=0.1," * 500, "ja")]
)
def test_the_page_is_in_the_readers_language(site: Site, header: str, language: str) -> None:
    for reply in (site.page(language=header), site.page("x", language=header)):
        assert f'lang="{language}"' in reply.text


@pytest.mark.parametrize(
    ("origins", "ancestors"),
    [
        (("*",), "*"),
        (("https://a.example", "https://b.example:8443"), "'self' https://a.example https://b.example:8443"),
    ],
)
def test_a_page_may_be_shown_within_the_allowed_origins(
    open_site: Callable[..., Site], origins: tuple[str, ...], ancestors: str
) -> None:
    site = open_site(origins)
    site.know()
    for reply in (site.page(), site.page("x"), site.status("x", accept="text/html")):
        assert reply.headers["content-security-policy"].endswith(f"frame-ancestors {ancestors}")
        assert "x-frame-options" not in reply.headers
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["content-type"] == "text/html; charset=utf-8"


def test_facts_of_a_later_version_are_shown_all_the_same(site: Site) -> None:
    site.know(topic=TOPIC)
    row = site.dynamodb.requests_of("update_item")[-1]
    site.dynamodb.update_item(
        TableName="Webinars",
        Key=row["Key"],
        UpdateExpression="SET later = :x",
        ExpressionAttributeValues={":x": {"S": "x"}},
    )
    assert "Grüße" in site.page().text
