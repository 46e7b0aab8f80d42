"""`forms add`: nothing is connected that could register no one, and the secret is seen once, by you alone."""

import io
import json
import re
from pathlib import Path

import pytest
from registrar.forms.providers.providers import PROVIDERS
from registrar.forms.providers.signatures import SIGNATURES
from registrar_cli.forms.recipes import RECIPES, Secret
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.conftest import WEBINAR
from tests.unit.cli.forms.conftest import Forms

WHSEC = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["typefrom", "--webinar", WEBINAR], "Did you mean typeform?"),
        (["zapier", "--webinar", WEBINAR], "Zapier,"),
        (["typeform"], "--webinar-from KEY"),
        (["typeform", "--webinar", WEBINAR, "--webinar-from", "webinar"], "not both"),
        (["typeform", "--webinar", "91000000404"], "Compare the id"),
        (["typeform", "--webinar", WEBINAR, "--secret", "hunter2"], "can be seen by others"),
        (["jotform", "--webinar", WEBINAR, "--secret", "generate"], "jotform signs nothing"),
        (["hubspot", "--webinar", WEBINAR, "--secret", "generate"], "Copy it there"),
        (["typeform", "--webinar", WEBINAR, "--name", "SIGN-UP"], "There is a form SIGN-UP already"),
        (["typeform", "--webinar", WEBINAR, "--name", " "], "printable"),
        (["typeform", "--webinar", WEBINAR, "--name=-x"], "hyphen"),
        (["typeform", "--webinar-from", " "], "--webinar-from is empty"),
        (["typeform", "--webinar", WEBINAR, "--map", "first_name"], "OUR=KEY"),
        (["typeform", "--webinar", WEBINAR, "--map", "forename=q3"], "OUR=KEY"),
        (["typeform", "--webinar", WEBINAR, "-o", "x.js"], "Google Forms"),
        (["google", "--webinar", WEBINAR, "-o", "/nonexistent/x.js"], "cannot be written"),
    ],
)
def test_nothing_is_changed_where_the_input_is_wrong(forms: Forms, arguments: list[str], says: str) -> None:
    forms.add()

    ended = forms.run("forms", "add", *arguments)

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert says in ended.err
    assert "hunter2" not in ended.err
    assert len(forms.rows) == 1
    assert forms.secrets.value_of("FormSecrets") is None


def test_a_webinar_that_takes_no_one_is_connected_by_force(forms: Forms) -> None:
    assert forms.run("forms", "add", "tally", "--webinar", "91000000404", "--force").code == Exit.OK


def test_the_url_leads_to_a_new_form_with_its_mapping(forms: Forms) -> None:
    ended = forms.run(
        *("forms", "add", "Wufoo", "--webinar", WEBINAR, "--map", "first_name=Field1", "--map", "answers.Role=Field9"),
        "--daily-ceiling=50",
        "--json",
    )

    (form,) = forms.rows
    assert ended.result["url"] == f"https://api.example.com/forms/{form.form_id}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", form.form_id), "192 bits"
    assert (form.provider, form.name, form.webinar_id) == ("wufoo", f"wufoo-{WEBINAR}", WEBINAR)
    assert form.fields == {"first_name": "Field1", "answers.Role": "Field9"}
    assert (form.enabled, form.daily_ceiling) == (True, 50)
    assert form.created_at


def test_the_next_form_has_another_name_and_another_id(forms: Forms) -> None:
    for _ in range(3):
        forms.run("forms", "add", "tally", "--webinar", WEBINAR)

    assert sorted(form.name for form in forms.rows) == [f"tally-{WEBINAR}{suffix}" for suffix in ("", "-2", "-3")]
    assert len({form.form_id for form in forms.rows}) == 3


def test_a_visitor_who_names_the_webinar_is_pointed_out(forms: Forms) -> None:
    ended = forms.run("forms", "add", "tally", "--webinar-from", "webinar")
    assert "A visitor may name any webinar" in ended.out
    assert "configure AllowedWebinars" in ended.out
    assert forms.rows[0].webinar_from == "webinar"

    forms.parameters["AllowedWebinars"] = WEBINAR
    assert "may name any" not in forms.run("forms", "add", "tally", "--webinar-from", "webinar").out


def test_a_secret_that_is_made_is_shown_once(forms: Forms) -> None:
    ended = forms.run("forms", "add", "generic", "--webinar", WEBINAR, "--secret", "generate")

    (secret,) = forms.secrets_of(forms.rows[0])
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert secret in ended.out
    assert secret not in forms.run("forms", "show", f"generic-{WEBINAR}").out


@pytest.mark.parametrize(
    ("provider", "typed", "says"),
    [
        ("typeform", "my secret\n", None),
        ("generic", WHSEC, None),
        ("generic", "my secret", "no secret of Standard Webhooks"),
        ("typeform", "\n", "empty"),
    ],
)
def test_a_secret_of_yours_is_piped_in_and_never_shown(
    forms: Forms, monkeypatch: pytest.MonkeyPatch, provider: str, typed: str, says: str | None
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    ended = forms.run("forms", "add", provider, "--webinar", WEBINAR, "--secret", "-")

    assert ended.code == (Exit.USAGE if says else Exit.OK)
    if says:
        assert says in ended.err
    else:
        assert forms.secrets_of(forms.rows[0]) == [typed.strip()]
    assert "my secret" not in ended.out + ended.err
    assert WHSEC not in ended.out + ended.err


def test_the_secrets_of_other_forms_stay(forms: Forms) -> None:
    forms.secrets.put_secret_value(SecretId="FormSecrets", SecretString='{"other": ["one"]}')

    forms.run("forms", "add", "typeform", "--webinar", WEBINAR, "--secret", "generate")

    assert json.loads(forms.secrets.value_of("FormSecrets") or "")["other"] == ["one"]


def test_what_is_no_object_of_secrets_is_not_overwritten(forms: Forms) -> None:
    forms.secrets.put_secret_value(SecretId="FormSecrets", SecretString="[]")

    ended = forms.run("forms", "add", "typeform", "--webinar", WEBINAR, "--secret", "generate")

    assert ended.code == Exit.UNREACHABLE
    assert forms.secrets.value_of("FormSecrets") == "[]"
    assert forms.rows == []


def test_google_gets_its_script_on_standard_output_or_in_a_file_of_your_own(forms: Forms, tmp_path: Path) -> None:
    ended = forms.run("forms", "add", "google", "--webinar", WEBINAR)
    (secret,) = forms.secrets_of(forms.rows[0])
    assert f'const SECRET = "{secret}";' in ended.out
    assert "Apps Script" in ended.err
    assert secret not in ended.err

    file = tmp_path / "script.js"
    ended = forms.run("forms", "add", "google", "--webinar", WEBINAR, "--output", str(file))
    assert "const SECRET" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0
    assert "whsec_" not in ended.out
    assert f"script    {file}" in ended.out


def test_each_provider_has_four_lines_that_fit_and_a_secret_only_where_it_can_be_checked() -> None:
    assert list(RECIPES) == list(PROVIDERS)
    for name, recipe in RECIPES.items():
        assert all(0 < len(line) <= 105 for line in recipe[:4]), name
        assert (recipe.secret != Secret.NONE) == (name in SIGNATURES), name
