"""Corrected lists: which dead letter a line belongs to, what stays as it was sent, what is rejected."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from registrar_cli.csv_files.writer import write
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.retry.corrections import guessed_encodings, read_corrections
from registrar_cli.dead_letters.work_list import CSV_HEADER, csv_row
from registrar_cli.terminal.errors import WrongInput

from tests.unit.cli.conftest import WEBINAR, Queues, peek


def work_list(dead_letters: list[DeadLetter], columns: Sequence[str] = CSV_HEADER, **changes: str) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    for dead_letter in dead_letters:
        writer.writerow(dict(zip(CSV_HEADER, csv_row(dead_letter), strict=True)) | changes)
    return file.getvalue().encode()


def test_a_corrected_line_replaces_its_dead_letter(queues: Queues) -> None:
    queues.add_dead_letter_body(json.dumps({
        "webinar_id": WEBINAR, "email": "ada@exmaple.com", "first_name": "Ada", "submission_id": "id-1",
        "submitted_at": "2026-11-23T14:00:00Z",
    }), "email_not_allowed")  # fmt: skip
    dead_letters = peek(queues)

    _, (correction,), rejects = read_corrections(work_list(dead_letters, email="ada@example.com"), dead_letters, None)

    assert rejects == []
    assert correction.dead_letter == dead_letters[0]
    assert correction.registrant.key.email == "ada@example.com"
    assert correction.registrant.submission_id == "id-1"
    assert correction.registrant.submitted_at == "2026-11-23T14:00:00Z"


def test_a_dead_letter_without_a_registrant_can_be_filled_in(queues: Queues) -> None:
    queues.add_dead_letter_body("no JSON", "malformed_message")
    dead_letters = peek(queues)
    file = work_list(dead_letters, email="ada@example.com", first_name="Ada", webinar_id=WEBINAR)

    _, corrections, _ = read_corrections(file, dead_letters, None)

    assert [one.registrant.first_name for one in corrections] == ["Ada"]


def test_lines_without_a_message_id_are_matched_by_webinar_and_e_mail(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    dead_letters = peek(queues)

    _, corrections, rejects = read_corrections(
        b"email,first_name\nAda@example.com,Augusta\nnobody@example.com,N\nbroken,B\n", dead_letters, WEBINAR
    )

    assert [one.registrant.first_name for one in corrections] == ["Augusta"]
    assert [reject.line for reject in rejects] == [3, 4]


def test_a_written_list_is_read_back_unchanged(queues: Queues, tmp_path: Path) -> None:
    queues.add_dead_letter_body(
        json.dumps({"webinar_id": WEBINAR, "email": "+ada@example.com", "first_name": "=Ada"}), "webinar_full"
    )
    dead_letters = peek(queues)
    write(tmp_path / "list.csv", CSV_HEADER, map(csv_row, dead_letters))

    _, (correction,), _ = read_corrections((tmp_path / "list.csv").read_bytes(), dead_letters, None)

    assert correction.registrant == dead_letters[0].registrant


OTHER_WEBINAR = "91000000404"
MISTYPED = {
    "webinar_id": 97871060099,
    "email": "ada@exmaple",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "submission_id": "id-1",
    "submitted_at": "2026-11-23T14:00:00Z",
}


def test_a_mistyped_dead_letter_is_listed_as_it_was_sent(queues: Queues) -> None:
    queues.add_dead_letter_body(json.dumps(MISTYPED), "invalid_registrant")

    (dead_letter,) = peek(queues)

    assert dead_letter.registrant is None
    assert csv_row(dead_letter)[1:5] == [WEBINAR, "ada@exmaple", "Ada", "Lovelace"]


@pytest.mark.parametrize("body", ["no JSON", "[1]", '{"email": null, "first_name": true, "last_name": {"a": 1}}'])
def test_a_dead_letter_without_readable_fields_is_listed_empty(queues: Queues, body: str) -> None:
    queues.add_dead_letter_body(body, "malformed_message")

    assert csv_row(peek(queues)[0])[1:5] == [""] * 4


def test_a_list_can_be_written_with_a_lone_surrogate(queues: Queues, tmp_path: Path) -> None:
    queues.add_dead_letter_body(json.dumps(MISTYPED | {"first_name": "A\ud800"}), "invalid_registrant")

    assert write(tmp_path / "list.csv", CSV_HEADER, map(csv_row, peek(queues))) == 1


@pytest.mark.parametrize("columns", [CSV_HEADER, ("dead_letter", "webinar_id", "email", "first_name")])
def test_a_corrected_dead_letter_keeps_all_other_fields(queues: Queues, columns: tuple[str, ...]) -> None:
    queues.add_dead_letter_body(json.dumps(MISTYPED), "invalid_registrant")
    dead_letters = peek(queues)

    _, (one,), rejects = read_corrections(work_list(dead_letters, columns, email="ada@example.com"), dead_letters, None)

    assert rejects == []
    assert json.loads(one.registrant.to_message()) == MISTYPED | {"webinar_id": WEBINAR, "email": "ada@example.com"}


def test_a_deleted_last_name_is_removed(queues: Queues) -> None:
    queues.add_dead_letter_body(json.dumps(MISTYPED), "invalid_registrant")
    dead_letters = peek(queues)

    _, (one,), _ = read_corrections(work_list(dead_letters, email="ada@example.com", last_name=""), dead_letters, None)

    assert one.registrant.last_name == ""


def test_fields_that_are_still_wrong_are_named(queues: Queues) -> None:
    queues.add_dead_letter_body(json.dumps(MISTYPED), "invalid_registrant")
    dead_letters = peek(queues)

    _, corrections, (reject,) = read_corrections(work_list(dead_letters, webinar_id=""), dead_letters, None)

    assert corrections == []
    assert "webinar_id" in reject.reason
    assert "email" in reject.reason
    assert "exmaple" not in reject.reason


def test_all_dead_letters_of_a_registrant_are_settled_with_the_corrected_one(queues: Queues) -> None:
    for reason in ("zoom_unavailable", "webinar_full", "email_not_allowed"):
        queues.add_dead_letter("ada@exmaple.com", reason)
        queues.clock.sleep(60)
    queues.add_dead_letter("ada@exmaple.com", "webinar_full", OTHER_WEBINAR)
    dead_letters = peek(queues)

    _, (one,), _ = read_corrections(work_list(dead_letters[2:3], email="ada@example.com"), dead_letters, None)

    assert [one.dead_letter, *one.others] == [dead_letters[2], dead_letters[0], dead_letters[1]]


def test_the_dead_letter_of_another_registrant_with_the_same_mistyped_e_mail_stays(queues: Queues) -> None:
    for name in ("Ada", "Bob"):
        body = {"webinar_id": WEBINAR, "email": "info@example.com", "first_name": name}
        queues.add_dead_letter_body(json.dumps(body), "host_not_allowed")
        queues.clock.sleep(5)
    dead_letters = peek(queues)

    _, (one,), _ = read_corrections(work_list([dead_letters[1]], email="bob@example.com"), dead_letters, None)

    assert (one.registrant.first_name, one.others) == ("Bob", [])


def test_a_dead_letter_with_a_huge_number_can_be_corrected(queues: Queues) -> None:
    body = json.dumps({"webinar_id": WEBINAR, "email": "ada@exmaple.com", "first_name": "Ada"})
    queues.add_dead_letter_body(body[:-1] + f', "more": {"1" * 5_000}}}', "email_not_allowed")
    dead_letters = peek(queues)

    _, corrections, rejects = read_corrections(work_list(dead_letters, email="ada@example.com"), dead_letters, None)

    assert ([one.registrant.key.email for one in corrections], rejects) == (["ada@example.com"], [])


def test_a_dead_letter_with_its_own_line_is_not_settled_with_another(queues: Queues) -> None:
    queues.add_dead_letter("ada@exmaple.com", "zoom_unavailable")
    queues.add_dead_letter("ada@exmaple.com", "webinar_full")
    dead_letters = peek(queues)

    _, corrections, _ = read_corrections(work_list(dead_letters, email="ada@example.com"), dead_letters, None)

    assert [(one.dead_letter, one.others) for one in corrections] == [(dead_letters[0], []), (dead_letters[1], [])]


def test_with_webinar_a_line_of_another_webinar_is_rejected(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    queues.add_dead_letter("eve@example.com", webinar=OTHER_WEBINAR)
    dead_letters = peek(queues)

    _, corrections, rejects = read_corrections(work_list(dead_letters), dead_letters, WEBINAR)

    assert [one.registrant.key.email for one in corrections] == ["ada@example.com"]
    assert [reject.reason for reject in rejects] == ["webinar_id differs from --webinar"]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"email,first_name\nada@example.com,Ada\n", b"", b"PK\x03\x04"])
def test_an_unreadable_list_suggests_no_option_that_retry_lacks(content: bytes) -> None:
    with pytest.raises(WrongInput) as caught:
        read_corrections(content, [], None)

    assert "failures --csv" in caught.value.to_do
    assert "--map" not in caught.value.to_do


@pytest.mark.parametrize(
    "cell", ["9.7871E+10", "9,7871E+10", "9.78711E+10", "9.7871060099E10", "1E+11", "97871060099.0"]
)
@pytest.mark.parametrize("webinar", [None, WEBINAR])
def test_an_id_that_a_spreadsheet_has_shortened_is_that_of_the_dead_letter(
    queues: Queues, cell: str, webinar: str | None
) -> None:
    queues.add_dead_letter("ada@exmaple.com")
    dead_letters = peek(queues)
    file = work_list(dead_letters, email="ada@example.com", webinar_id=cell)

    _, (one,), rejects = read_corrections(file, dead_letters, webinar)

    assert (one.registrant.key, rejects) == ((WEBINAR, "ada@example.com"), [])


@pytest.mark.parametrize("cell", ["9.7872E+10", "9.1E+10", "9.7871E+11"])
def test_another_shortened_id_is_rejected(queues: Queues, cell: str) -> None:
    queues.add_dead_letter("ada@example.com")
    dead_letters = peek(queues)

    _, _, (reject,) = read_corrections(work_list(dead_letters, webinar_id=cell), dead_letters, None)

    assert "webinar_id" in reject.reason


def test_names_of_a_corrected_list_that_depend_on_its_encoding_are_known(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    content = work_list(peek(queues), first_name="Zoë").decode()

    samples, guesses = guessed_encodings(content.encode("mac_roman"))

    assert (samples, guesses[0]) == (["Zoë"], "mac_roman")
    assert guessed_encodings(content.encode("utf-8")) == ([], ())
    assert guessed_encodings(content.replace("Zoë", "Ada").encode("mac_roman")) == ([], ())
