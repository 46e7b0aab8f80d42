"""`status` and `list`: local times and words on the screen, UTC and codes in JSON."""

import re
import time

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar_cli.clients import join_url_mail
from registrar_cli.clients.join_url_mail import JoinUrlMail, Sender
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import WEBINAR, Queues

ADA, EVE, OTHER = "ada@example.com", "eve@example.com", "91000000001"
UTC_TIME = re.compile(r"\d\dT\d\d:\d\d:\d\dZ")
URL = "https://example.com/w/" + 90 * "x"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the webinars that Zoom is asked about."""
    found: list[str] = []

    def read(_: object, webinar_id: str) -> JoinUrlMail:
        found.append(webinar_id)
        return JoinUrlMail(Sender.NO_ONE, "no one e-mails the join URLs", "Turn it on.")

    monkeypatch.setattr(join_url_mail, "read_join_url_mail", read)
    return found


@pytest.fixture
def registrar(
    queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], asked: list[str]
) -> CommandLine:
    return CommandLine(queues, monkeypatch, capfd)


def put(registrar: CommandLine, email: str, row: Row, webinar: str = WEBINAR) -> None:
    registrar.store.change(Key(webinar, email), None, lambda _: row)


def deferred() -> Row:
    return Row(status="deferred", reason="registrant_daily_limit", deferred_until=timestamp(time.time() + 7_200))


def registered() -> Row:
    return Row(status="registered", join_url=URL, registered_at=timestamp(time.time() - 7_200))


def test_a_deferred_registrants_next_try_is_local_on_the_screen_and_utc_in_json(
    registrar: CommandLine, asked: list[str]
) -> None:
    put(registrar, ADA, deferred())

    shown, found = registrar.run("status", ADA, "-w", WEBINAR), registrar.run("status", ADA, "-w", WEBINAR, "--json")

    assert (shown.code, found.code) == (Exit.NEGATIVE, Exit.NEGATIVE)
    assert ", in 2 h" in shown.out
    assert not UTC_TIME.search(shown.out)
    assert UTC_TIME.search(found.result[0]["deferred_until"])
    assert asked == [], "this registrant awaits no e-mail"


def test_a_next_try_that_is_due_is_not_shown_as_one_that_was_made(registrar: CommandLine) -> None:
    row = Row(status="deferred", reason="zoom_unavailable", deferred_until=timestamp(time.time() - 5))
    put(registrar, ADA, row)

    assert "due since " in registrar.run("status", ADA, "-w", WEBINAR).out


def test_who_sends_the_link_is_said_to_a_person_once_per_webinar(registrar: CommandLine, asked: list[str]) -> None:
    for webinar in (WEBINAR, OTHER):
        put(registrar, ADA, registered(), webinar)

    shown = registrar.run("status", ADA).out

    assert sorted(asked) == sorted([WEBINAR, OTHER])
    assert f"webinar {OTHER}: no one e-mails the join URLs. Turn it on." in shown
    registrar.run("status", ADA, "--json")
    assert len(asked) == 2, "a program is not kept waiting for Zoom"


def test_a_join_url_is_one_line_in_a_narrow_terminal(registrar: CommandLine) -> None:
    put(registrar, ADA, registered())

    lines = registrar.run("status", ADA, "-w", WEBINAR).out.splitlines()

    assert URL in [line.strip() for line in lines]


def test_a_rejected_row_does_not_promise_a_dead_letter(registrar: CommandLine) -> None:
    put(registrar, ADA, Row(status="rejected", reason="webinar_full", detail="Full."))

    assert "The dead letter: `registrar failures`. If it was discarded, import" in " ".join(
        registrar.run("status", ADA, "-w", WEBINAR).out.split()
    )


def test_the_list_explains_each_reason_once_and_keeps_its_code(registrar: CommandLine) -> None:
    for email in (ADA, EVE):
        put(registrar, email, deferred())
    put(
        registrar, "host@example.com", Row(status="rejected", reason="host_not_allowed", detail="Host can not register")
    )

    shown = registrar.run("list", WEBINAR).out

    assert shown.count("(registrant daily limit)") == 2
    assert "host not allowed: Host can not register" in shown
    assert shown.count("registrant_daily_limit: They have used Zoom's three attempts of the day.") == 1
    assert shown.count("host_not_allowed: This registrant is the webinar's host") == 1
    assert not UTC_TIME.search(shown)
