"""Which form is meant; `change`, `disable`, `enable` and `remove`: one attribute, and nothing that AcceptForm wrote."""

import pytest
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.conftest import WEBINAR
from tests.unit.cli.forms.conftest import BADGE, EMAIL, Forms

OTHER = "91000000001"
SECOND = "AbCxyz-secret-token-2"


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("Sign-Up", Exit.OK, "sign-up"),
        ("AbCd", Exit.OK, "sign-up"),
        ("AbC", Exit.USAGE, "2 forms begin like this: feedback (AbCxyz…), sign-up (AbCdEf…)"),
        ("feed", Exit.NOT_FOUND, "Did you mean feedback?"),
        ("", Exit.NOT_FOUND, "forms list"),
    ],
)
def test_a_form_is_known_by_its_name_or_the_beginning_of_its_id(
    forms: Forms, typed: str, code: Exit, says: str
) -> None:
    forms.add()
    forms.add(form_id=SECOND, name="feedback")

    ended = forms.run("forms", "disable", typed)

    assert ended.code == code
    assert says in ended.out + ended.err
    assert "secret-token" not in ended.out + ended.err


def test_without_forms_the_first_step_is_shown(forms: Forms) -> None:
    assert "registrar forms add PROVIDER" in forms.run("forms", "show", "sign-up").err


def test_a_mapping_is_added_to_and_taken_from(forms: Forms) -> None:
    forms.add(fields={"email": "q4_email", "first_name": "q3"}, last_submission_at="2026-11-26T14:00:00Z")

    forms.run("forms", "change", "sign-up", "--map", "first_name=", "--map", "answers.Role=q9")

    (form,) = forms.rows
    assert form.fields == {"email": "q4_email", "answers.Role": "q9"}
    assert form.last_submission_at == "2026-11-26T14:00:00Z"


def test_a_form_goes_on_with_another_webinar_which_zoom_is_asked_about(forms: Forms) -> None:
    forms.add()
    assert forms.run("forms", "change", "sign-up", "--webinar", OTHER).code == Exit.USAGE
    assert forms.rows[0].webinar_id == WEBINAR

    forms.zoom.set_webinar(OTHER, topic="The next one")
    assert forms.run("forms", "change", "sign-up", "--webinar", OTHER).code == Exit.OK
    assert forms.rows[0].webinar_id == OTHER

    forms.run("forms", "change", "sign-up", "--webinar-from", "webinar", "--name", "all", "--daily-ceiling", "5")
    (form,) = forms.rows
    assert (form.webinar_id, form.webinar_from, form.name, form.daily_ceiling) == (None, "webinar", "all", 5)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--webinar", WEBINAR, "--webinar-from", "w"],
        ["--webinar-from", ""],
        ["--name", "feedback"],
        ["--map", "first_name"],
    ],
)
def test_nothing_is_changed_where_the_input_is_wrong(forms: Forms, options: list[str]) -> None:
    before = [forms.add(form_id=SECOND, name="feedback"), forms.add()]

    assert forms.run("forms", "change", "sign-up", *options).code == Exit.USAGE
    assert forms.rows == before


def test_a_name_may_keep_its_letters_in_another_case(forms: Forms) -> None:
    forms.add()

    assert forms.run("forms", "change", "sign-up", "--name", "Sign-up").code == Exit.OK


def test_a_form_that_was_removed_meanwhile_is_not_written_again(forms: Forms) -> None:
    form = forms.add()
    forms.dynamodb.before_next(
        "update_item", lambda _: forms.dynamodb.delete_item(TableName="Forms", Key={"form_id": {"S": form.form_id}})
    )

    ended = forms.run("forms", "disable", "sign-up")

    assert ended.code == Exit.NOT_FOUND
    assert forms.rows == []


def test_disable_can_be_undone(forms: Forms) -> None:
    forms.add(provider="typeform")

    assert "registrar forms enable sign-up" in forms.run("forms", "disable", "sign-up").out
    assert not forms.rows[0].enabled
    assert "webhook on again at Typeform" in forms.run("forms", "enable", "sign-up").out
    assert forms.run("forms", "enable", "sign-up", "--json").result == {"name": "sign-up", "enabled": True}
    assert forms.rows[0].enabled


def test_remove_asks_and_then_deletes_form_and_secrets(forms: Forms) -> None:
    form = forms.add(provider="typeform")
    forms.run("forms", "secret", "sign-up", "generate")

    assert forms.run("forms", "remove", "sign-up").code == Exit.USAGE
    assert forms.rows == [form]

    assert forms.run("forms", "remove", "sign-up", "--yes").code == Exit.OK
    assert (forms.rows, forms.secrets_of(form)) == ([], None)


def test_after_google_forms_the_script_has_to_go(forms: Forms) -> None:
    forms.add(provider="google")

    assert "run the function `uninstall`" in forms.run("forms", "remove", "sign-up", "--yes").out


def test_a_form_stays_while_its_submissions_are_set_aside(forms: Forms) -> None:
    form, other = forms.add(), forms.add(form_id=SECOND, name="feedback")
    forms.set_aside(form, EMAIL, BADGE)
    forms.set_aside(other, EMAIL, BADGE, number=2)

    ended = forms.run("forms", "remove", "sign-up", "--yes")
    assert ended.code == Exit.USAGE
    assert "1 submission of it is set aside" in ended.err
    assert (len(forms.rows), forms.dead_letters) == (2, 2)

    result = forms.run("forms", "remove", "sign-up", "--yes", "--discard", "--json").result
    assert result == {"name": "sign-up", "dead_letters_deleted": 1}
    assert (forms.rows, forms.dead_letters) == ([other], 1)
