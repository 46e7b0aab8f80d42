"""`doctor` on the forms of providers: what could be forged, never arrives, or arrives for a webinar that is over."""

from typing import Any

import pytest
from registrar.forms.providers.form import Form
from registrar_cli.clients.session import Session
from registrar_cli.clients.stack import Stack
from registrar_cli.doctor.forms import check_forms
from registrar_cli.operations import target
from registrar_cli.operations.check import Light, checked
from registrar_cli.terminal.output import Output

from local.fake_zoom.account import Account
from tests.fakes import FakeDynamoDb, FakeSecrets, VirtualClock
from tests.unit.cli.conftest import WEBINAR
from tests.unit.cli.zoom_api import zoom_api_of

DELIVERED = "2026-11-23T14:00:00Z"
GONE = "91000000404"


class World:
    """A stack with forms."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = VirtualClock()
        self.dynamodb, self.secrets, zoom = FakeDynamoDb(clock), FakeSecrets(clock), Account(clock)
        self.dynamodb.add_table("Forms", "form_id")
        self.secrets.add_secret("FormSecrets")
        zoom.set_webinar(WEBINAR)
        monkeypatch.setattr(target, "current_token", lambda _: None)
        monkeypatch.setattr(target, "zoom_api", lambda *_: zoom_api_of(zoom))
        stack = Stack("test", "arn", {}, {}, {"FormTable": "Forms", "FormSecrets": "FormSecrets"})
        self.session = Session(stack, Output())
        self.session.dynamodb, self.session.secrets = self.dynamodb, self.secrets

    def add(self, provider: str = "jotform", **more: Any) -> None:
        known = {
            "form_id": f"secret-{provider}",
            "name": provider,
            "webinar_id": WEBINAR,
            "last_submission_at": DELIVERED,
        }
        form = Form(provider=provider, **{**known, **more})
        counted = {"unmapped_in_a_row": {"N": str(form.unmapped_in_a_row)}}  # by AcceptForm
        self.dynamodb.put_item(TableName="Forms", Item=form.to_item() | counted)

    def checks(self, *, can_ask_zoom: bool = True) -> list[tuple[Light, str]]:
        found = checked("forms", lambda: check_forms(self.session, can_ask_zoom=can_ask_zoom))
        return [(check.light, f"{check.says} → {check.to_do}") for check in found]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_no_form_and_forms_that_deliver_are_green(world: World) -> None:
    assert world.checks() == [(Light.GREEN, "none connected → ")]

    world.add()
    assert world.checks() == [(Light.GREEN, "1 form connected → ")]


@pytest.mark.parametrize(
    ("provider", "more", "says", "to_do"),
    [
        ("typeform", {}, "typeform: anyone who knows the URL can send", "registrar forms secret typeform generate"),
        ("jotform", {"last_submission_at": None}, "jotform: never delivered", "registrar forms show jotform"),
        ("jotform", {"unmapped_in_a_row": 20}, "of its last 20 submissions none", "registrar forms try jotform"),
        ("jotform", {"webinar_id": GONE}, f"jotform: webinar {GONE} takes no registrants", "forms disable jotform"),
    ],
)
def test_each_warning_names_the_form_and_the_command(
    world: World, provider: str, more: dict[str, Any], says: str, to_do: str
) -> None:
    world.add(provider, **more)

    ((light, text),) = world.checks()

    assert light == Light.YELLOW
    assert says in text
    assert to_do in text
    assert "secret-" not in text


def test_a_few_submissions_without_a_registrant_are_no_warning(world: World) -> None:
    world.add(unmapped_in_a_row=19)

    assert [light for light, _ in world.checks()] == [Light.GREEN]


@pytest.mark.parametrize("provider", ["typeform", "wufoo"])
def test_a_form_with_a_secret_is_no_warning(world: World, provider: str) -> None:
    world.add(provider)
    world.secrets.put_secret_value(SecretId="FormSecrets", SecretString=f'{{"secret-{provider}": ["one"]}}')

    assert [light for light, _ in world.checks()] == [Light.GREEN]


def test_disabled_forms_are_left_out_and_zoom_is_asked_only_where_it_answers(world: World) -> None:
    world.add("typeform", enabled=False, last_submission_at=None)
    world.add("jotform", webinar_id=GONE)

    assert [light for light, _ in world.checks(can_ask_zoom=False)] == [Light.GREEN]


@pytest.mark.parametrize("service", ["dynamodb", "secrets"])
def test_what_cannot_be_read_is_a_failed_check(world: World, service: str) -> None:
    world.add()
    getattr(world, service).deny()

    ((light, text),) = world.checks()

    assert light == Light.RED
    assert "denies" in text
