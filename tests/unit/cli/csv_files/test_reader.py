"""Reading registrants from a CSV file: delimiters, headers and encodings of spreadsheets and exports."""

import codecs

import pytest
from registrar_cli.csv_files.reader import Reading, read_registrants
from registrar_cli.terminal.errors import WrongInput

WEBINAR = "97871060099"
PLAIN = "email,first name,last name\nada@example.com,Ada,Lovelace\n"


def read(text: str, webinar: str | None = WEBINAR, mapped: dict[str, str] | None = None) -> Reading:
    return read_registrants(text.encode(), webinar, mapped)


def test_a_plain_file() -> None:
    reading = read(PLAIN)

    (entry,) = reading.entries
    assert entry.line == 2
    assert entry.registrant.key == (WEBINAR, "ada@example.com")
    assert (entry.registrant.first_name, entry.registrant.last_name) == ("Ada", "Lovelace")
    assert reading.rejects == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    reading = read(PLAIN.replace(",", delimiter))

    assert reading.layout.delimiter == delimiter
    assert len(reading.entries) == 1


def test_commas_in_cells_are_not_delimiters() -> None:
    reading = read("email;first name;company\nada@example.com;Ada;Engines, Analytical, Ltd\n")

    assert reading.layout.delimiter == ";"
    assert len(reading.entries) == 1


@pytest.mark.parametrize("header", [
    "E-Mail-Adresse,Vorname,Nachname",
    "Adresse e-mail,Prénom,Nom",
    "Correo electrónico,Nombre,Apellidos",
    "E-MAIL , First_Name , SURNAME ",
    "Indirizzo e-mail,Nome,Cognome",
    "mail,Vorname,Name",
    "メールアドレス,名,姓",
    "이메일,이름,성",
    "your-email,your-first-name,your-last-name",
])  # fmt: skip
def test_columns_are_found_in_the_common_spellings(header: str) -> None:
    reading = read(f"{header}\nada@example.com,Ada,Lovelace\n")

    assert dict(reading.layout.columns) == {"email": 0, "first_name": 1, "last_name": 2}


def test_columns_can_be_mapped() -> None:
    reading = read("email,mail 2,Rufname\nx,ada@example.com,Ada\n", mapped={"email": "Mail 2", "first_name": "rufname"})

    assert reading.entries[0].registrant.email == "ada@example.com"


def test_lines_before_the_header_are_skipped() -> None:
    reading = read("Webinar report\nTopic,Keynote\n\n" + PLAIN)

    assert [entry.line for entry in reading.entries] == [5]


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("cp1252", b""),
    ],
)
def test_the_encoding_is_found(encoding: str, bom: bytes) -> None:
    text = "email;Vorname;Nachname\njose@example.com;José;Muñoz\n"

    reading = read_registrants(bom + text.encode(encoding), WEBINAR)

    assert reading.entries[0].registrant.last_name == "Muñoz"


@pytest.mark.parametrize("text", ["name,phone\nAda,1\n", "a;b;c\n1;2;3\n"])
def test_missing_columns_are_named(text: str) -> None:
    with pytest.raises(WrongInput, match="email"):
        read(text)


def test_a_missing_header_is_reported_without_personal_data() -> None:
    with pytest.raises(WrongInput) as caught:
        read("ada@example.com,Ada,Lovelace\neve@example.com,Eve,Lovelace\n")

    assert "no header" in caught.value.what
    assert "first line" in caught.value.to_do
    assert "ada@" not in caught.value.what


def test_an_endless_cell_is_reported_with_its_line() -> None:
    with pytest.raises(WrongInput, match="Line 3"):
        read(PLAIN + 'x@example.com,"' + "y" * 200_000)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\r\n \n", "empty"),
        (b"email,first name\n", "no registrants"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "workbook"),
        (b"email,E-Mail,first name\nada@example.com,eve@example.com,Ada\n", "Two columns"),
        (PLAIN.encode() + b"eve@example.com,Ev\xe9,\n" + "zoe@example.com,Zoë,\n".encode(), "Line 3 is not UTF-8"),
    ],
)
def test_an_unusable_file_is_refused(content: bytes, expected: str) -> None:
    with pytest.raises(WrongInput, match=expected) as caught:
        read_registrants(content, WEBINAR)

    assert caught.value.to_do


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_bom_is_detected(encoding: str) -> None:
    reading = read_registrants((PLAIN + "zoe@example.com,Zoë,Ünal\n").encode(encoding), WEBINAR)

    assert reading.encoding == encoding
    assert [entry.registrant.first_name for entry in reading.entries] == ["Ada", "Zoë"]


def test_mixed_encodings_are_read_if_one_is_named() -> None:
    mixed = PLAIN.encode() + b"eve@example.com,Ev\xe9,\n" + "zoe@example.com,Zoë,\n".encode()

    assert len(read_registrants(mixed, WEBINAR, encoding="cp1252").entries) == 3


@pytest.mark.parametrize("mapped", [{"last_name": "Nahme"}, {"email": "Nahme"}])
def test_a_mapped_column_that_is_absent_is_reported(mapped: dict[str, str]) -> None:
    with pytest.raises(WrongInput, match=r"Nahme|email"):
        read(PLAIN, mapped=mapped)
