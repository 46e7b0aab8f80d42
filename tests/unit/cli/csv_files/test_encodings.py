"""Encodings: how files that state none are read, likeliest guess first, and that a guess is known to be one."""

from typing import Any

import charset_normalizer
import pytest
from registrar_cli.csv_files.encoding.decoding import decode
from registrar_cli.csv_files.encoding.likely import likely_encodings
from registrar_cli.csv_files.reader import read_registrants
from registrar_cli.terminal.errors import WrongInput

WEBINAR = "97871060099"
HEADER = "email;first name;last name\n"


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("mac_roman", ["Ada;Müller", "Zoë;König", "José;García"]),
        ("mac_roman", ["Élodie;Lefèvre", "François;Noël"]),
        ("mac_roman", ["MARÍA;NÚÑEZ"]),
        ("mac_roman", ["Åsa;Öberg"]),
        ("cp1256", ["محمد;علي", "فاطمة;حسن", "أحمد;خالد"]),
        ("cp1256", ["محمد;علي"]),
        ("cp1251", ["Иван;Петров", "Юрий;Щербаков"]),
        ("cp1251", ["Олексій;Шевченко"]),
        ("cp1250", ["Łukasz;Żółć", "Świętosław;Wiśniewski", "Jiří;Dvořák"]),
        ("cp1253", ["Γιώργος;Παπαδόπουλος", "Μαρία;Νικολάου"]),
        ("cp1254", ["Şükrü;Öztürk", "Işıl;Yıldız"]),  # noqa: RUF001
        ("cp1255", ["דוד;כהן", "שרה;לוי"]),
        ("cp850", ["Jürgen;Müller", "José;Núñez"]),  # Excel's “CSV (MS-DOS)”
        ("cp874", ["สมชาย;ใจดี"]),
        ("shift_jis", ["山田;太郎", "佐藤;花子"]),
        ("gb18030", ["王;小明", "李;伟", "张;丽华"]),
        ("big5", ["陳;怡君", "林;志明"]),
        ("euc_kr", ["김;민준", "이;서연"]),
        ("mac_latin2", ["Łukasz;Wójcik", "Małgorzata;Żółć", "Wiesław;Dąbrowski"]),
        ("iso8859_2", ["Jiří;Novák", "Věra;Dvořáková", "Kateřina;Šťastná"]),
        ("mac_cyrillic", ["Иван;Петров", "Мария;Сидорова"]),
        ("mac_greek", ["Γιώργος;Παπαδόπουλος", "Ελένη;Νικολάου"]),
        ("koi8_r", ["Иван;Петров", "Мария;Сидорова"]),
        ("cp866", ["Иван;Петров", "Мария;Сидорова"]),
        ("euc_jp", ["太郎;山田", "花子;佐藤"]),
        ("cp1252", ["Zoë;Müller"]),
        ("cp1252", ["João;Conceição", "Siân;O\u2019Brien"]),
        ("cp1252", ["Dupré;McDonald", "Åsa;Öberg"]),
    ],
)
def test_names_are_read_as_they_were_written(encoding: str, names: list[str]) -> None:
    text = HEADER + "".join(f"person{n}@example.com;{name}\n" for n, name in enumerate(names))

    reading = read_registrants(text.encode(encoding), WEBINAR)

    assert [f"{one.registrant.first_name};{one.registrant.last_name}" for one in reading.entries] == names
    assert reading.guesses[0] == reading.encoding
    assert reading.samples


def test_where_letters_do_not_decide_the_right_encoding_is_among_the_guesses() -> None:
    reading = read_registrants((HEADER + "a@example.com;Žygimantas;Šimkūnas\n").encode("cp1257"), WEBINAR)

    assert "cp1257" in reading.guesses[:4]


def test_the_names_of_columns_decide_where_the_letters_of_names_do_not() -> None:
    reading = read_registrants("E-mail;Jméno;Příjmení\na@example.com;Jiří;Dvořák\n".encode("cp1250"), WEBINAR)

    assert (reading.encoding, reading.guesses[:2]) == ("cp1250", ("cp1250", "cp1252"))
    assert reading.samples == ["Jiří Dvořák"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_stated_encoding_is_no_guess(encoding: str) -> None:
    content = (HEADER + "zoe@example.com;Zoë;Müller\n").encode(encoding)

    assert read_registrants(content, WEBINAR, encoding=None if encoding.startswith("utf") else encoding).guesses == ()


def test_names_in_ascii_need_no_confirmation() -> None:
    content = (HEADER.replace("\n", ";Größe\n") + "ada@example.com;Ada;Lovelace;1\n").encode("cp1252")

    assert read_registrants(content, WEBINAR).samples == []


def test_an_encoding_that_does_not_fit_is_reported() -> None:
    with pytest.raises(WrongInput, match="cannot be read as ascii"):
        decode("Zoë".encode(), encoding="ascii")


@pytest.mark.parametrize("end", ["\r", "\n"])
def test_only_a_sample_of_a_large_file_is_weighed(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[int] = []
    from_bytes = charset_normalizer.from_bytes

    def spy(sample: bytes, **options: Any) -> Any:
        weighed.append(len(sample))
        return from_bytes(sample, **options)

    monkeypatch.setattr(charset_normalizer, "from_bytes", spy)
    line = f"{'x' * 30_000}é@example.com,Zoë{end}".encode("cp1252")
    for content in (line, 2_000 * f"zoe@example.com,Zoë{end}".encode("cp1252")):
        likely_encodings(content)

    assert max(weighed) <= 20_000
