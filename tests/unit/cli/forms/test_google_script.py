"""The script for Google Forms, run by Node.js with stand-ins of Google's services."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from registrar.forms.http.request import HttpRequest
from registrar.forms.providers.delivery import read_delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.mapping import Mapped, map_fields
from registrar.forms.providers.signatures import is_authentic
from registrar_cli.forms.google.script import script_for

URL = "https://api.example.com/forms/AbCdEf"
SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"
NOW = 1_790_000_000
STAND_INS = (Path(__file__).parent / "google_services.js").read_text(encoding="utf-8")
ANA = {"id": "gf-resp-1", "items": [[101, "E-Mail", "TEXT", "ana@example.com"], [102, "First name", "TEXT", "Ana"]]}


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None and not os.environ.get("CI"):
        pytest.skip("Node.js is not installed: the script for Google Forms is not run")
    assert found is not None, "Node.js is not installed"
    return found


def run(node: str, steps: str, **given: Any) -> Any:
    """Run the script and then the steps, with responses and answers of the webhook; return what happened."""
    program = f"const given = {json.dumps(given)};\n{STAND_INS}\n{script_for(URL, SECRET)}\n{steps}\nreport();"
    ended = subprocess.run([node, "-"], input=program, capture_output=True, encoding="utf-8", timeout=30, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_the_signature_is_that_of_the_vector(node: str) -> None:
    """form-providers.md, 1.15."""
    body = '{"email":"ana@example.com","first_name":"Ana"}'
    done = run(node, f"log.push(signatureOf('gf-resp-1', '{NOW}', {json.dumps(body)}));")

    assert done["log"] == ["v1,tORpJZdPFyNK6fpULGimHTci5kvIZx7YBJXVuECCW9I="]


@pytest.mark.parametrize("name", ["Ana", "Zoë 李 😀", "\x7f"])
def test_the_layer_verifies_and_maps_what_the_script_sends(node: str, name: str) -> None:
    items = [[102, "Vorname", "TEXT", name], [7, "Slots", "CHECKBOX", ["A", "B"]], [8, "Role", "TEXT", ""]]
    done = run(node, "onResponse(event());", responses=[{"id": "r1", "email": "ana@example.com", "items": items}])

    (sent,) = done["sent"]
    headers = {"content-type": sent["contentType"], **sent["headers"]}
    request = HttpRequest("POST", headers, sent["payload"].encode(), {}, "", URL)
    form = Form(form_id="AbCdEf", provider="google", webinar_id="97871060099")
    assert is_authentic(form, [SECRET], request, NOW)
    delivery = read_delivery(form, request)
    assert delivery.own_id == "r1"
    assert {one.key: one.value for one in delivery.fields} == {
        "respondent_email": "ana@example.com",
        "102": name,
        "7": ["A", "B"],
    }
    mapped = map_fields(form, delivery.fields)
    assert isinstance(mapped, Mapped)
    assert mapped.fields["email"] == "ana@example.com"
    assert mapped.fields["first_name"] == name


@pytest.mark.parametrize(
    "responses", [[], [{"id": "r1", "items": []}], [{"id": "r1", "items": [[1, "Name", "TEXT", "Ana"]]}]]
)
def test_an_event_without_an_email_is_dropped(node: str, responses: list[Any]) -> None:
    done = run(node, "onResponse(event());", responses=responses)

    assert (done["sent"], done["properties"]) == ([], {})


def test_a_response_is_tried_three_times_and_then_kept_by_its_id_alone(node: str) -> None:
    done = run(node, "onResponse(event());", responses=[ANA], statuses=[503, 0, 429])

    assert (len(done["sent"]), done["sleeps"]) == (3, [2000, 8000])
    assert list(done["properties"]) == ["kept.gf-resp-1"]
    assert "ana@" not in json.dumps(done["properties"])
    assert all(one["muteHttpExceptions"] and not one["followRedirects"] for one in done["sent"])


def test_a_refusal_is_not_repeated_at_once_but_kept(node: str) -> None:
    done = run(node, "onResponse(event());", responses=[ANA], statuses=[410])

    assert (len(done["sent"]), list(done["properties"])) == (1, ["kept.gf-resp-1"])


def test_the_sweep_sends_what_was_kept_with_the_same_id(node: str) -> None:
    done = run(node, "onResponse(event()); sendKept();", responses=[ANA], statuses=[410, 200])

    assert [one["headers"]["webhook-id"] for one in done["sent"]] == ["gf-resp-1", "gf-resp-1"]
    assert done["properties"] == {}


@pytest.mark.parametrize("status", [0, 401, 404, 410, 429, 500])
def test_the_sweep_ends_where_the_webhook_fails_or_refuses(node: str, status: int) -> None:
    """After `forms remove`, every response would otherwise be sent every ten minutes: Google's daily quota."""
    kept = {"kept.old": str(NOW * 1000 - 2), "kept.gf-resp-1": str(NOW * 1000 - 1), "other": "x"}
    responses = [{**ANA, "id": "old"}, ANA]
    done = run(node, "sendKept();", responses=responses, statuses=[status], properties=kept)

    assert [one["headers"]["webhook-id"] for one in done["sent"]] == ["old"], "the oldest first"
    assert done["properties"] == kept


def test_the_sweep_goes_on_after_a_response_that_alone_is_refused(node: str) -> None:
    kept = {"kept.old": str(NOW * 1000 - 2), "kept.gf-resp-1": str(NOW * 1000 - 1)}
    responses = [{**ANA, "id": "old"}, ANA]
    done = run(node, "sendKept();", responses=responses, statuses=[413, 200], properties=kept)

    assert list(done["properties"]) == ["kept.old"]


def test_a_response_that_google_does_not_return_is_kept_and_passed_over(node: str) -> None:
    """Deleted from the form, or an error of Google's: the script cannot tell them apart."""
    kept = {"kept.absent": str(NOW * 1000 - 2), "kept.gf-resp-1": str(NOW * 1000 - 1)}
    done = run(node, "sendKept();", responses=[ANA], properties=kept)

    assert list(done["properties"]) == ["kept.absent"]


def test_the_sweep_gives_up_after_two_weeks(node: str) -> None:
    day_ms = 86_400_000
    kept = {"kept.deleted": "1", "kept.old": str(NOW * 1000 - 15 * day_ms), "kept.gf-resp-1": str(NOW * 1000 - day_ms)}
    responses = [{**ANA, "id": "old"}, ANA]
    done = run(node, "sendKept();", responses=responses, statuses=[410, 410], properties=kept)

    assert list(done["properties"]) == ["kept.gf-resp-1"]


def test_triggers_are_installed_once_and_removed_without_touching_others(node: str) -> None:
    others = [["mailMe", "form", "onFormSubmit"]]
    done = run(node, "install(); install();", triggers=others)
    assert done["triggers"] == [*others, ["onResponse", "form", "onFormSubmit"], ["sendKept", "clock", 10]]

    assert run(node, "uninstall();", triggers=done["triggers"])["triggers"] == others
