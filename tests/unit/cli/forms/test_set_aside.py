"""What forms sent and AcceptForm set aside: it is mapped again, never sent as it is, and lost by no command."""

import csv
import json
from pathlib import Path

import pytest
from registrar.forms.providers.delivery import FormField
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.conftest import WEBINAR
from tests.unit.cli.forms.conftest import BADGE, EMAIL, Forms

OTHER = "91000000001"
ANA, EVE = "ana@example.com", "eve@example.com"
EVES = FormField("q4_email", "E-mail", "email", EVE)
MAPPED = {"first_name": "q3_badge"}
ONLY = ["--reason", "unmapped_form"]


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_failures_names_the_form_and_the_commands_but_neither_its_id_nor_a_value(forms: Forms) -> None:
    forms.set_aside(forms.add(name="Sign up"), EMAIL, BADGE)

    ended = forms.run("failures")

    assert ended.code == Exit.NEGATIVE
    for says in ("unmapped_form of Sign up", "first_name is missing (1)", f"{WEBINAR} (1)"):
        assert says in ended.out
    for command in ("forms try 'Sign up'", "forms change 'Sign up' --map OUR=KEY", "retry --reason unmapped_form"):
        assert f"registrar {command}" in ended.out
    assert "AbCdEf" not in ended.out
    assert ANA not in ended.out
    assert "Ana" not in ended.out
    assert "To send them all back" not in ended.out


def test_each_form_has_a_group_and_a_reason_has_one_sum(forms: Forms) -> None:
    forms.set_aside(forms.add(), EMAIL)
    forms.set_aside(forms.add(form_id="second-secret-token", name="feedback"), EVES, number=2)

    groups = forms.run("failures", "--json").result["groups"]
    assert [(group["form"], group["unmapped"]) for group in groups] == [("feedback", 1), ("sign-up", 1)]
    assert groups[1]["registrants"][0]["fields"] == {"q4_email": ANA}
    assert "secret-token" not in json.dumps(groups)
    assert forms.run("discard", *ONLY, "--dry-run", "--json").result["by_reason"] == {"unmapped_form": 2}


def test_after_the_mapping_was_corrected_failures_says_so(forms: Forms) -> None:
    forms.set_aside(forms.add(fields=MAPPED), EMAIL, BADGE)
    forms.set_aside(forms.add(fields=MAPPED), EVES, number=2)

    ended = forms.run("failures")

    assert "the present mapping finds a registrant in 1 of them" in ended.out
    assert "a…@example.com" in ended.out


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--webinar", WEBINAR], 1),
        (["--webinar", OTHER], 0),
        (["--email", ANA], 1),
        (["--email", EVE], 0),
        (["--reason", "webinar_full"], 0),
    ],
)
def test_they_are_selected_by_webinar_and_by_an_address_in_any_field(
    forms: Forms, options: list[str], found: int
) -> None:
    forms.set_aside(forms.add(), BADGE, FormField("q9", "Anything else?", "textarea", f"Mail me at {ANA}."))

    assert forms.run("failures", *options, "--json").result["dead_letters"] == found


def test_status_of_such_a_submission_leads_to_failures(forms: Forms) -> None:
    submission_id = forms.set_aside(forms.add(), EMAIL)

    ended = forms.run("status", submission_id)

    assert ended.code == Exit.NOT_FOUND
    assert "it is set aside" in ended.err
    assert "registrar failures --reason unmapped_form" in ended.err


def test_list_counts_what_waits_of_each_form(forms: Forms) -> None:
    form = forms.add(last_submission_at="2026-11-23T14:00:00Z")
    forms.add(form_id="second-secret-token", name="feedback", provider="typeform", enabled=False)
    forms.set_aside(form, EMAIL)

    ended = forms.run("forms", "list")
    assert "registrar failures --reason unmapped_form" in ended.out
    assert "disabled" in ended.out
    assert form.form_id not in ended.out

    listed = {one["name"]: one for one in forms.run("forms", "list", "--json").result["forms"]}
    assert listed["sign-up"]["set_aside"] == 1
    assert listed["sign-up"]["last_submission_at"] == "2026-11-23T14:00:00Z"
    assert (listed["feedback"]["set_aside"], listed["feedback"]["enabled"]) == (0, False)
    assert listed["sign-up"]["id"] == "AbCdEf…"


# ── Retrying ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [ONLY, ["--yes"], ["--webinar", WEBINAR], ["--email", ANA]])
def test_retry_queues_the_registrant_and_keeps_the_submission_known(forms: Forms, command: list[str]) -> None:
    submission_id = forms.set_aside(forms.add(fields=MAPPED), EMAIL, BADGE)

    assert forms.run("retry", *command).code == Exit.OK

    (message,) = forms.queued
    assert message == {
        "webinar_id": WEBINAR,
        "email": ANA,
        "first_name": "Ana",
        "submission_id": submission_id,
        "submitted_at": "2026-11-23T14:00:00Z",
    }
    assert forms.queues.sqs.messages(forms.queues.url)[0].group_id == WEBINAR
    assert forms.dead_letters == 0
    (row,) = forms.dynamodb.rows("Submissions")
    assert (row["webinar_id"], row["email"]) == (WEBINAR, ANA)
    assert "queued_at" in row
    assert "set_aside_at" not in row


def test_what_still_cannot_be_mapped_stays_and_is_told(forms: Forms) -> None:
    form = forms.add(fields=MAPPED)
    forms.set_aside(form, EMAIL)
    forms.set_aside(form, EVES, BADGE, number=2)

    ended = forms.run("retry", *ONLY)
    assert ended.code == Exit.NEGATIVE
    assert "1  of sign-up cannot be mapped, and stay set aside: first_name is missing" in ended.out
    assert "registrar forms try sign-up" in ended.out
    assert (len(forms.queued), forms.dead_letters) == (1, 1)

    again = forms.run("retry", *ONLY, "--dry-run", "--json")
    assert again.code == Exit.NEGATIVE
    assert again.result["unmapped"][0]["form"] == "sign-up"


def test_retry_of_everything_never_has_sqs_move_them(forms: Forms) -> None:
    forms.set_aside(forms.add(), EMAIL)
    forms.queues.add_dead_letter(EVE)

    assert forms.run("retry", "--yes").code == Exit.NEGATIVE

    assert [message["email"] for message in forms.queued] == [EVE]
    assert forms.dead_letters == 1
    assert "start_message_move_task" not in {call.operation for call in forms.queues.sqs.requests}


def test_one_that_was_moved_as_it_is_and_came_back_is_mapped_all_the_same(forms: Forms) -> None:
    forms.set_aside(forms.add(fields=MAPPED), EMAIL, BADGE)
    (body,) = forms.queues.bodies(forms.queues.dead_letter_url)
    forms.run("discard", "--all", "--yes")
    forms.queues.add_dead_letter_body(body, "malformed_message")

    assert forms.run("failures", "--json").result["groups"][0]["reason"] == "unmapped_form"
    forms.run("retry", *ONLY)
    assert [message["email"] for message in forms.queued] == [ANA]


def test_after_a_kill_between_queueing_and_deletion_there_is_no_second_message(forms: Forms) -> None:
    forms.set_aside(forms.add(fields=MAPPED), EMAIL, BADGE)
    (body,) = forms.queues.bodies(forms.queues.dead_letter_url)
    forms.run("retry", *ONLY)
    forms.queues.add_dead_letter_body(body, "unmapped_form")

    assert forms.run("retry", *ONLY).code == Exit.OK
    assert (len(forms.queued), forms.dead_letters) == (1, 0)


def test_a_table_that_does_not_answer_leaves_it_set_aside(forms: Forms) -> None:
    forms.set_aside(forms.add(fields=MAPPED), EMAIL, BADGE)
    forms.dynamodb.throttle_table("Submissions")

    assert forms.run("retry", *ONLY).code == Exit.UNREACHABLE
    assert (forms.queued, forms.dead_letters) == ([], 1)


def test_two_submissions_of_a_person_make_one_message_and_both_stay_known(forms: Forms) -> None:
    form = forms.add(fields=MAPPED)
    forms.set_aside(form, EMAIL, FormField("q3_badge", "For your badge", "text", "Anna"))
    forms.set_aside(form, EMAIL, BADGE, number=2)

    forms.run("retry", *ONLY)

    assert [message["first_name"] for message in forms.queued] == ["Ana"], "the newest"
    assert [row["email"] for row in forms.dynamodb.rows("Submissions")] == [ANA, ANA]
    assert forms.dead_letters == 0


def test_who_is_registered_since_is_not_queued_again(forms: Forms) -> None:
    forms.set_aside(forms.add(fields=MAPPED), EMAIL, BADGE)
    forms.store.change(Key(WEBINAR, ANA), None, lambda _: Row(status="registered", join_url="https://example.com/j"))

    ended = forms.run("retry", *ONLY, "--json")

    assert (ended.result["sent"], ended.result["registered_since"]) == (0, 1)
    assert (forms.queued, forms.dead_letters) == ([], 0)
    assert forms.dynamodb.rows("Submissions")[0]["email"] == ANA


def test_they_go_to_another_webinar_like_all_dead_letters(forms: Forms) -> None:
    forms.zoom.set_webinar(OTHER, topic="The next one", capacity=10)
    forms.set_aside(forms.add(fields=MAPPED), EMAIL, BADGE)

    assert forms.run("retry", "--webinar", WEBINAR, "--to", OTHER).code == Exit.OK
    assert [message["webinar_id"] for message in forms.queued] == [OTHER]
    assert forms.dynamodb.rows("Submissions")[0]["webinar_id"] == OTHER


def test_those_of_a_removed_form_can_only_be_discarded(forms: Forms) -> None:
    form = forms.add()
    forms.set_aside(form, EMAIL, BADGE)
    forms.dynamodb.delete_item(TableName="Forms", Key={"form_id": {"S": form.form_id}})

    ended = forms.run("failures")
    assert "its form was removed" in ended.out
    assert "registrar discard --reason unmapped_form" in ended.out
    assert forms.run("retry", *ONLY).code == Exit.NEGATIVE
    assert forms.run("discard", *ONLY, "--yes").code == Exit.OK
    assert (forms.queued, forms.dead_letters) == ([], 0)


def test_a_corrected_file_registers_what_no_mapping_can(forms: Forms, tmp_path: Path) -> None:
    submission_id = forms.set_aside(forms.add(), EMAIL)
    file = tmp_path / "work.csv"
    forms.run("failures", "--csv", str(file))
    header, row = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    cells = dict(zip(header, row, strict=True))
    assert (cells["webinar_id"], cells["email"], cells["first_name"]) == (WEBINAR, ANA, "")
    assert (cells["reason"], cells["detail"]) == ("unmapped_form", "first_name is missing")
    cells["first_name"] = "Ana"
    file.write_text(",".join(header) + "\n" + ",".join(f'"{cell}"' for cell in cells.values()), encoding="utf-8")

    assert forms.run("retry", "--corrected", str(file)).code == Exit.OK

    (message,) = forms.queued
    assert (message["first_name"], message["submission_id"]) == ("Ana", submission_id)
    (row_of_it,) = forms.dynamodb.rows("Submissions")
    assert row_of_it["email"] == ANA
    assert "queued_at" in row_of_it


# ── Erasing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fields", [{}, MAPPED], ids=["unmapped", "mapped"])
def test_forget_finds_the_address_in_any_field_and_in_no_other_one(forms: Forms, fields: dict[str, str]) -> None:
    form = forms.add(fields=fields)
    forms.set_aside(form, EMAIL, BADGE, FormField("q7", "Colleague", "text", f"Eve <{EVE.upper()}>"))
    forms.set_aside(form, FormField("q4_email", "E-mail", "email", "steve@example.com"), BADGE, number=2)

    assert forms.run("forget", EVE, "--yes", "--json").result["dead_letters"] == 1
    assert forms.dead_letters == 1
