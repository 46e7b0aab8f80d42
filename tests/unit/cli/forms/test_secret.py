"""`forms secret`: a rotation refuses no submission, and no secret is shown twice."""

import io
import json

import pytest
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.forms.conftest import Forms


def test_the_old_secret_stays_until_it_is_dropped(forms: Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    form = forms.add(provider="typeform")
    for secret in ("old", "new"):
        monkeypatch.setattr("sys.stdin", io.StringIO(secret))
        ended = forms.run("forms", "secret", "sign-up", "-")

        assert ("Enter it at typeform now" in ended.out) == (secret == "old"), "the first one is needed at once"

    assert forms.secrets_of(form) == ["old", "new"]
    assert "registrar forms secret sign-up --drop-old" in ended.out
    assert "sign-up has 2 secrets." in forms.run("forms", "secret", "sign-up").out

    forms.run("forms", "secret", "sign-up", "--drop-old")
    assert forms.secrets_of(form) == ["new"]


def test_a_prompt_for_a_secret_may_be_interrupted(forms: Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    form = forms.add(provider="typeform")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", interrupt)

    ended = forms.run("forms", "secret", "sign-up", "-")

    assert ended.code == Exit.INTERRUPTED
    assert "--yes" not in ended.err, "there is no question to answer"
    assert forms.secrets_of(form) is None


def interrupt(*_: object, **__: object) -> str:
    raise KeyboardInterrupt


def test_the_same_secret_again_is_one(forms: Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    form = forms.add(provider="typeform")
    for secret in ("one", "two", "one"):
        monkeypatch.setattr("sys.stdin", io.StringIO(secret))
        forms.run("forms", "secret", "sign-up", "-")

    assert forms.secrets_of(form) == ["two", "one"], "the newest last"


def test_the_object_is_read_right_before_it_is_written(forms: Forms) -> None:
    form = forms.add(provider="typeform")
    forms.secrets.put_secret_value(SecretId="FormSecrets", SecretString='{"other": ["theirs"]}')

    forms.run("forms", "secret", "sign-up", "generate")

    stored = json.loads(forms.secrets.value_of("FormSecrets") or "")
    assert stored == {"other": ["theirs"], form.form_id: stored[form.form_id]}
    assert [call.operation for call in forms.secrets.requests][-2:] == ["get_secret_value", "put_secret_value"]


@pytest.mark.parametrize("options", [["generate", "--drop-old"], ["hunter2"]])
def test_what_could_lock_the_provider_out_or_be_seen_is_refused(forms: Forms, options: list[str]) -> None:
    form = forms.add(provider="typeform")

    ended = forms.run("forms", "secret", "sign-up", *options)

    assert ended.code == Exit.USAGE
    assert "hunter2" not in ended.err
    assert forms.secrets_of(form) is None


@pytest.mark.parametrize("value", [None, "", "null"], ids=["none", "blank", "null"])
def test_a_secret_without_a_value_holds_no_secrets(forms: Forms, value: str | None) -> None:
    """FormSecrets is created without one: AWS refuses to return it, the emulator returns a blank text."""
    form = forms.add(provider="typeform")
    forms.secrets.secrets.clear()
    forms.secrets.add_secret("FormSecrets", value)

    forms.run("forms", "secret", "sign-up", "generate")

    assert len(forms.secrets_of(form) or []) == 1


def test_a_text_in_place_of_a_list_is_not_taken_apart(forms: Forms) -> None:
    form = forms.add(provider="typeform")
    written = json.dumps({form.form_id: "by hand"})
    forms.secrets.put_secret_value(SecretId="FormSecrets", SecretString=written)

    assert forms.run("forms", "secret", "sign-up", "generate").code != 0
    assert forms.secrets.value_of("FormSecrets") == written


def test_a_full_object_is_told(forms: Forms) -> None:
    forms.add(provider="typeform")
    forms.secrets.put_secret_value(SecretId="FormSecrets", SecretString=json.dumps({"other": ["x" * 65_500]}))

    ended = forms.run("forms", "secret", "sign-up", "generate")

    assert ended.code == Exit.USAGE
    assert "FormSecrets is full" in ended.err
