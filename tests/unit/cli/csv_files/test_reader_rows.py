"""Reading the lines of a CSV file: valid registrants, duplicates, and rejects with line and reason."""

import pytest
from registrar_cli.csv_files.reader import Reading, read_registrants
from registrar_cli.terminal.errors import WrongInput

WEBINAR = "97871060099"
PLAIN = "email,first name,last name\nada@example.com,Ada,Lovelace\n"


def read(text: str, webinar: str | None = WEBINAR, mapped: dict[str, str] | None = None) -> Reading:
    return read_registrants(text.encode(), webinar, mapped)


def test_each_line_may_name_its_webinar() -> None:
    reading = read("email,first name,Webinar ID\nada@example.com,Ada,978 7106 0099\n", None)

    assert reading.entries[0].registrant.key.webinar_id == WEBINAR


def test_a_line_that_differs_from_webinar_is_rejected() -> None:
    reading = read("email,first name,webinar\nada@example.com,Ada,91000000404\neve@example.com,Eve,\n")

    assert [reject.line for reject in reading.rejects] == [2]
    assert [entry.registrant.email for entry in reading.entries] == ["eve@example.com"]


def test_a_column_of_titles_is_not_a_webinar_column() -> None:
    reading = read("email,first name,webinar\nada@example.com,Ada,Opening keynote\n")

    assert [entry.registrant.key.webinar_id for entry in reading.entries] == [WEBINAR]
    assert "webinar_id" not in reading.layout.columns


@pytest.mark.parametrize("damaged", ["8.22345E+10", "12345", "97.871.060.098", "9,7871E+10"])
def test_a_damaged_id_is_not_taken_for_a_title(damaged: str) -> None:
    reading = read(f'email,first name,webinar id\nada@example.com,Ada,"{damaged}"\n')

    assert (reading.entries, len(reading.rejects)) == ([], 1)


@pytest.mark.parametrize(
    ("webinars", "mapped"), [((WEBINAR, "Opening keynote"), {}), (("Closing", "Opening"), {"webinar_id": "webinar"})]
)
def test_a_title_in_a_webinar_column_is_rejected(webinars: tuple[str, str], mapped: dict[str, str]) -> None:
    reading = read(
        "email,first name,webinar\na@example.com,A,{}\nb@example.com,B,{}\n".format(*webinars), mapped=mapped
    )

    assert reading.rejects[-1].reason.startswith("webinar_id is not a webinar id")


def test_invalid_lines_are_rejected_with_reason_and_valid_ones_kept() -> None:
    reading = read(
        "email,first name,last name,note\n"
        "ada@example.com,Ada,Lovelace,\n"
        "ada@@example.com,Ada,Lovelace,\n"
        "\n"
        'eve@example.com,,,"two\nlines"\n'
        "bob@example.com,Bob,van Rossum, Dr.,,more\n"
        "cleo@example.com,Cleo\n"
    )

    assert [entry.registrant.email for entry in reading.entries] == ["ada@example.com", "cleo@example.com"]
    assert [(reject.line, reject.reason.split()[0]) for reject in reading.rejects] == [
        (3, "email"),
        (5, "first_name"),
        (7, "has"),
    ]


def test_a_reason_never_quotes_the_line() -> None:
    reading = read("email,first name\nsecret@@example.com,Xanthippe\nxanthippe@example.com,\n")

    assert not any("secret" in reject.reason or "anthippe" in reject.reason for reject in reading.rejects)


def test_an_unclosed_quotation_mark_is_reported() -> None:
    registrants = "".join(f"person{n}@example.com,P{n},x\n" for n in range(5))

    reading = read(f'email,first name,note\n{registrants}eve@example.com,Eve,"oops\n{registrants}')

    (reject,) = reading.rejects
    assert reject.line == 7
    assert "lines 7 to 12" in reject.reason


@pytest.mark.parametrize(
    "swallowed", ["wrong@@example.com,Bob,x", "bob@example.com,Bob", 'bob@example.com,Bob,"hi, you"']
)
def test_a_registrant_inside_a_cell_of_another_is_noticed(swallowed: str) -> None:
    reading = read(f'email,first name,note\neve@example.com,Eve,"oops\n{swallowed}\n')

    assert "lines 2 to 3" in reading.rejects[0].reason


def test_a_registrant_whose_own_quotation_mark_closes_the_cell_is_noticed() -> None:
    reading = read(
        "email,first_name,last_name,company,city\n"
        'eve@example.com,Eve,X,"ACME,Rome\n'
        '"bob@example.com","Bob","Ross",,\n'
        "cid@example.com,Cid,X,,\n"
    )

    assert [(reject.line, "not closed" in reject.reason) for reject in reading.rejects] == [(2, True)]
    assert [entry.registrant.email for entry in reading.entries] == ["cid@example.com"]


@pytest.mark.parametrize(
    "comment", ["Please invite\nmy boss: boss@example.com", "two:\nboss@example.com\nbob@example.com", "a@b\nc, d"]
)
def test_a_comment_may_have_lines_and_e_mails(comment: str) -> None:
    reading = read(f'email,first name,note\neve@example.com,Eve,"{comment}"\n')

    assert [entry.registrant.email for entry in reading.entries] == ["eve@example.com"]


def test_duplicates_are_queued_once() -> None:
    reading = read(PLAIN + "ADA@Example.com,Ada,Lovelace\nAda@example.com,Eve,\n")

    assert len(reading.entries) == 1
    assert reading.repeats == 1
    (reject,) = reading.rejects
    assert "line 2" in reject.reason


def test_without_a_webinar_the_option_is_suggested() -> None:
    with pytest.raises(WrongInput) as caught:
        read(PLAIN, webinar=None)

    assert "--webinar" in caught.value.to_do
