"""A corrected list of failures: whom its lines mean, what of a letter stays as it was, what is rejected."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from registrar_cli.csv_files.writer import write
from registrar_cli.dead_letters.corrections import read_corrections
from registrar_cli.dead_letters.queue import Letter
from registrar_cli.dead_letters.work_list import CSV_HEADER, cells
from registrar_cli.terminal.errors import WrongInput

from tests.unit.cli.conftest import WEBINAR, Queues, looked_at


def work_list(letters: list[Letter], columns: Sequence[str] = CSV_HEADER, **changes: str) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    for letter in letters:
        writer.writerow(dict(zip(CSV_HEADER, cells(letter), strict=True)) | changes)
    return file.getvalue().encode()


def test_a_corrected_row_is_sent_in_place_of_its_letter(queues: Queues) -> None:
    queues.bury_body(json.dumps({
        "webinar_id": WEBINAR, "email": "ada@exmaple.com", "first_name": "Ada", "submission_id": "id-1",
        "submitted_at": "2026-11-23T14:00:00Z",
    }), "email_not_allowed")  # fmt: skip
    letters = looked_at(queues)

    _, (correction,), rejects = read_corrections(work_list(letters, email="ada@example.com"), letters, None)

    assert rejects == []
    assert correction.letter == letters[0]
    assert correction.registrant.key.email == "ada@example.com"
    assert correction.registrant.submission_id == "id-1"
    assert correction.registrant.submitted_at == "2026-11-23T14:00:00Z"


def test_a_letter_of_nobody_can_be_filled_in(queues: Queues) -> None:
    queues.bury_body("no JSON", "malformed_message")
    letters = looked_at(queues)
    file = work_list(letters, email="ada@example.com", first_name="Ada", webinar_id=WEBINAR)

    _, corrections, _ = read_corrections(file, letters, None)

    assert [one.registrant.first_name for one in corrections] == ["Ada"]


def test_rows_without_the_letters_id_are_matched_by_person(queues: Queues) -> None:
    queues.bury("ada@example.com")
    letters = looked_at(queues)

    _, corrections, rejects = read_corrections(
        b"email,first_name\nAda@example.com,Augusta\nnobody@example.com,N\nbroken,B\n", letters, WEBINAR
    )

    assert [one.registrant.first_name for one in corrections] == ["Augusta"]
    assert [reject.line for reject in rejects] == [3, 4]


def test_a_list_comes_back_as_it_was_meant(queues: Queues, tmp_path: Path) -> None:
    queues.bury_body(
        json.dumps({"webinar_id": WEBINAR, "email": "+ada@example.com", "first_name": "=Ada"}), "webinar_full"
    )
    letters = looked_at(queues)
    write(tmp_path / "list.csv", CSV_HEADER, map(cells, letters))

    _, (correction,), _ = read_corrections((tmp_path / "list.csv").read_bytes(), letters, None)

    assert correction.registrant == letters[0].registrant


OTHER_WEBINAR = "91000000404"
MISTYPED = {
    "webinar_id": 97871060099,
    "email": "ada@exmaple",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "submission_id": "id-1",
    "submitted_at": "2026-11-23T14:00:00Z",
}


def test_a_mistyped_letter_is_listed_as_it_was_written(queues: Queues) -> None:
    queues.bury_body(json.dumps(MISTYPED), "invalid_registrant")

    (letter,) = looked_at(queues)

    assert letter.registrant is None
    assert cells(letter)[1:5] == [WEBINAR, "ada@exmaple", "Ada", "Lovelace"]


@pytest.mark.parametrize("body", ["no JSON", "[1]", '{"email": null, "first_name": true, "last_name": {"a": 1}}'])
def test_a_letter_without_readable_fields_is_listed_empty(queues: Queues, body: str) -> None:
    queues.bury_body(body, "malformed_message")

    assert cells(looked_at(queues)[0])[1:5] == [""] * 4


def test_a_list_can_be_written_whatever_a_letter_holds(queues: Queues, tmp_path: Path) -> None:
    queues.bury_body(json.dumps(MISTYPED | {"first_name": "A\ud800"}), "invalid_registrant")

    assert write(tmp_path / "list.csv", CSV_HEADER, map(cells, looked_at(queues))) == 1


@pytest.mark.parametrize("columns", [CSV_HEADER, ("letter", "webinar_id", "email", "first_name")])
def test_a_mistyped_letter_that_is_corrected_keeps_all_that_was_right(queues: Queues, columns: tuple[str, ...]) -> None:
    queues.bury_body(json.dumps(MISTYPED), "invalid_registrant")
    letters = looked_at(queues)

    _, (one,), rejects = read_corrections(work_list(letters, columns, email="ada@example.com"), letters, None)

    assert rejects == []
    assert json.loads(one.registrant.to_message()) == MISTYPED | {"webinar_id": WEBINAR, "email": "ada@example.com"}


def test_a_last_name_that_is_deleted_is_gone(queues: Queues) -> None:
    queues.bury_body(json.dumps(MISTYPED), "invalid_registrant")
    letters = looked_at(queues)

    _, (one,), _ = read_corrections(work_list(letters, email="ada@example.com", last_name=""), letters, None)

    assert one.registrant.last_name == ""


def test_what_is_wrong_still_is_told_by_its_field(queues: Queues) -> None:
    queues.bury_body(json.dumps(MISTYPED), "invalid_registrant")
    letters = looked_at(queues)

    _, corrections, (reject,) = read_corrections(work_list(letters, webinar_id=""), letters, None)

    assert corrections == []
    assert "webinar_id" in reject.reason
    assert "email" in reject.reason
    assert "exmaple" not in reject.reason


def test_all_letters_of_the_person_before_are_settled_with_the_corrected_one(queues: Queues) -> None:
    for reason in ("zoom_unavailable", "webinar_full", "email_not_allowed"):
        queues.bury("ada@exmaple.com", reason)
        queues.clock.sleep(60)
    queues.bury("ada@exmaple.com", "webinar_full", OTHER_WEBINAR)
    letters = looked_at(queues)

    _, (one,), _ = read_corrections(work_list(letters[2:3], email="ada@example.com"), letters, None)

    assert [one.letter, *one.others] == [letters[2], letters[0], letters[1]]


def test_the_letter_of_another_person_with_the_same_wrong_e_mail_stays(queues: Queues) -> None:
    for name in ("Ada", "Bob"):
        body = {"webinar_id": WEBINAR, "email": "info@example.com", "first_name": name}
        queues.bury_body(json.dumps(body), "host_not_allowed")
        queues.clock.sleep(5)
    letters = looked_at(queues)

    _, (one,), _ = read_corrections(work_list([letters[1]], email="bob@example.com"), letters, None)

    assert (one.registrant.first_name, one.others) == ("Bob", [])


def test_a_letter_is_corrected_whatever_number_is_in_it(queues: Queues) -> None:
    body = json.dumps({"webinar_id": WEBINAR, "email": "ada@exmaple.com", "first_name": "Ada"})
    queues.bury_body(body[:-1] + f', "more": {"1" * 5_000}}}', "email_not_allowed")
    letters = looked_at(queues)

    _, corrections, rejects = read_corrections(work_list(letters, email="ada@example.com"), letters, None)

    assert ([one.registrant.key.email for one in corrections], rejects) == (["ada@example.com"], [])


def test_a_letter_with_a_line_of_its_own_is_nobodys_other(queues: Queues) -> None:
    queues.bury("ada@exmaple.com", "zoom_unavailable")
    queues.bury("ada@exmaple.com", "webinar_full")
    letters = looked_at(queues)

    _, corrections, _ = read_corrections(work_list(letters, email="ada@example.com"), letters, None)

    assert [(one.letter, one.others) for one in corrections] == [(letters[0], []), (letters[1], [])]


def test_a_line_of_another_webinar_than_the_named_one_is_rejected(queues: Queues) -> None:
    queues.bury("ada@example.com")
    queues.bury("eve@example.com", webinar=OTHER_WEBINAR)
    letters = looked_at(queues)

    _, corrections, rejects = read_corrections(work_list(letters), letters, WEBINAR)

    assert [one.registrant.key.email for one in corrections] == ["ada@example.com"]
    assert [reject.reason for reject in rejects] == ["webinar_id is another than that of --webinar"]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"email,first_name\nada@example.com,Ada\n", b"", b"PK\x03\x04"])
def test_a_list_that_cannot_be_read_names_no_option_that_retry_lacks(content: bytes) -> None:
    with pytest.raises(WrongInput) as caught:
        read_corrections(content, [], None)

    assert "failures --csv" in caught.value.to_do
    assert "--map" not in caught.value.to_do
