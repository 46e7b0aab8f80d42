"""Cold start, the script, and events that are no request."""

from collections.abc import Callable
from types import ModuleType

import pytest
from registrar import limits
from registrar.forms.pages.embed import EMBED_SCRIPT

from tests.fakes import FakeLambdaContext, VirtualClock
from tests.log_lines import assert_rfc3339
from tests.unit.registration_page.conftest import Site


@pytest.fixture
def app(start_app: Callable[[str], ModuleType]) -> ModuleType:
    return start_app("registration_page")


def test_the_environment_is_built_once_and_its_calls_have_timeouts(app: ModuleType) -> None:
    env = app.environment()
    assert app.environment() is env
    assert_rfc3339(env.logger)
    facts = env.form_pages._facts
    config = facts._functions.meta.config
    assert (config.read_timeout, config.retries["total_max_attempts"]) == (limits.LOOKUP_WAIT_SECONDS, 1)
    for table in (facts._table, env.status_pages._submissions, env.status_pages._registrants):
        assert table._dynamodb.meta.config.read_timeout == limits.AWS_READ_SECONDS


@pytest.mark.parametrize("event", [{}, {"key1": "value1"}])
def test_an_event_that_is_no_request_is_answered(app: ModuleType, event: dict[str, str]) -> None:
    response = app.handler(event, FakeLambdaContext(VirtualClock()))
    assert response["statusCode"] == 400
    assert "events/registration_page.json" in response["body"]


def test_the_script_may_be_kept_for_an_hour_and_loaded_by_any_site(site: Site) -> None:
    reply = site.get("/embed.js")
    assert (reply.status, reply.text) == (200, EMBED_SCRIPT)
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["cache-control"] == "public, max-age=3600"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert site.calls() == []
