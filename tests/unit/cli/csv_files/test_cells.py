"""Cells as other programs write them: marks, blanks, entities and formulas around names and addresses."""

import csv
import io

import pytest
from registrar_cli.csv_files.cells import escape_formula, unescape_formula
from registrar_cli.csv_files.reader import Reading, read_registrants

WEBINAR = "97871060099"


def read(text: str, webinar: str | None = WEBINAR) -> Reading:
    return read_registrants(text.encode(), webinar)


def people(reading: Reading) -> list[tuple[str, str, str]]:
    registrants = [entry.registrant for entry in reading.entries]
    return [(one.email, one.first_name, one.last_name) for one in registrants]


def test_a_quotation_mark_counts_after_a_blank() -> None:
    reading = read(
        'email, first_name, last_name\nada@example.com, "Ada", "Lovelace"\nbob@example.com, "Bob", "Ross, Jr."\n'
        'cid@example.com,  "Cid" ,  "de ""Cid"""\n'
    )

    assert reading.rejects == []
    assert people(reading) == [
        ("ada@example.com", "Ada", "Lovelace"),
        ("bob@example.com", "Bob", "Ross, Jr."),
        ("cid@example.com", "Cid", 'de "Cid"'),
    ]


def test_a_quotation_mark_in_the_wrong_place_is_what_the_reason_speaks_of() -> None:
    reading = read(
        'email,first name\nada@example.com,x"Ada, B."\nbob@example.com,Bob, B.\n'
        "cid@example.com,\u201cCid, B.\u201d\ndan@example.com,«Dan, B.»\n"
    )

    found = [reject.reason.partition(": ")[2][:33] for reject in reading.rejects]
    straight = 'only straight quotation marks (")'
    assert found == ["a quotation mark has to follow th", "put quotation marks around a comm", straight, straight]


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        ('"email,first_name,last_name"\n"ada@example.com,Ada,Lovelace"\n"bob@example.com,Bob,""Ross"""\n', ","),
        ('email;first_name;last_name\nada@example.com;Ada;Lovelace\n"bob@example.com;Bob;Ross"\n', ";"),
        ('"email\tfirst_name\tlast_name"\n"ada@example.com\tAda\tLovelace"\n"bob@example.com\tBob\tRoss"\n', "\t"),
    ],
)
def test_lines_in_quotation_marks_are_split(lines: str, delimiter: str) -> None:
    reading = read(lines)

    assert (reading.layout.delimiter, reading.rejects) == (delimiter, [])
    assert people(reading) == [("ada@example.com", "Ada", "Lovelace"), ("bob@example.com", "Bob", "Ross")]


@pytest.mark.parametrize(
    "line",
    [
        '"ada@example.com,Ada,Love\nlace"\n',
        '"ada@example.com,Ada,Lovelace\ncid@example.com,Cid,"\n',
        '"ada@example.com,Ada,Lovelace\r\ncid@example.com,Cid,\r\n"\n',
        '"\nada@example.com,Ada,Lovelace"\n',
    ],
)
def test_nothing_is_lost_of_several_lines_in_quotation_marks(line: str) -> None:
    reading = read(f'"email,first_name,last_name"\n{line}bob@example.com,Bob,Ross\n')

    assert people(reading) == [("bob@example.com", "Bob", "Ross")]
    assert [reject.line for reject in reading.rejects] == [2]


@pytest.mark.parametrize(
    "name",
    [
        *("L\u2019Écuyer", "D\u2019Élia", "d\u2019Ørsted", "N\u2019Öz", "Marie\u2013Élise", "JOSÉ\u2013MARIA"),
        *("Tomáš\u2019", "Lukáš\u2013Jan", "ÀÉ", "D\u2019Ávila", "O\u2019Óg"),
    ],
)
def test_a_right_name_is_never_repaired(name: str) -> None:
    # Read as a Mac's or as Windows's, these are UTF-8 by chance.
    assert people(read(f"email,first name\nx@example.com,{name}\n")) == [("x@example.com", name, "")]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ('="Ada"', "Ada"),
        ('"=""Lovelace"""', "Lovelace"),
        ("\u201cAda\u201d", "Ada"),
        ("\u201eAda\u201c", "Ada"),
        ("«Ada»", "Ada"),
        ("'Ada'", "Ada"),
        ("O'Brien", "O'Brien"),
        ("O&#039;Brien", "O'Brien"),
        ("O&#x27;Brien", "O'Brien"),
        ("O&apos;Brien", "O'Brien"),
        ("Siobh&aacute;n", "Siobhán"),
        ("Smith &amp; Sons", "Smith & Sons"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("\u00a0Ada\u00a0", "Ada"),
        ("\u200bAda", "Ada"),
        ("&nbsp;Ada", "Ada"),
        ("Zoe\u0308", "Zoë"),
        ("'=1+1", "=1+1"),
        ("Zo\u00c3\u00ab", "Zoë"),  # UTF-8 that was read as cp1252, latin_1 and mac_roman, and saved again
        ("\u00c3\u0081lvaro", "Álvaro"),
        ("M\u221a\u00baller", "Müller"),
        ("\u00c5\u0081ukasz", "Łukasz"),
        ("JOÃO", "JOÃO"),
        ("Ânh", "Ânh"),
    ],
)
def test_a_name_is_read_without_what_programs_put_around_it(cell: str, name: str) -> None:
    assert people(read(f"email\tfirst name\nx@example.com\t{cell}\n")) == [("x@example.com", name, "")]


@pytest.mark.parametrize(
    "cell",
    [
        *("ada@example.com;", "ada@example.com.", "ada@example.com,", ":ada@example.com", "mailto:ada@example.com"),
        *("Ada Lovelace <ada@example.com>", "<ada@example.com>", "Ada <mailto:ada@example.com>;", "'ada@example.com'"),
        *("\u200bada@example.com", "\u00a0ada@example.com\u00a0", '="ada@example.com"', "\ufeffada@example.com"),
    ],
)
def test_an_address_is_read_without_what_is_around_it(cell: str) -> None:
    reading = read(f"email\tfirst name\n{cell}\tAda\n")

    assert (people(reading), reading.rejects) == ([("ada@example.com", "Ada", "")], [])


@pytest.mark.parametrize("cell", ["a@example.com; b@example.com", "A <a@example.com>, B <b@example.com>"])
def test_two_addresses_in_a_cell_are_rejected_as_such(cell: str) -> None:
    (reject,) = read(f"email\tfirst name\n{cell}\tAda\n").rejects

    assert "more than one e-mail" in reject.reason


def test_composed_and_decomposed_names_are_equal() -> None:
    reading = read("email,first name\nzoe@example.com,Zo\u00eb\nzoe@example.com,Zoe\u0308\n")

    assert (len(reading.entries), reading.repeats, reading.rejects) == (1, 1, [])


def test_an_id_may_be_written_with_blanks_of_any_kind() -> None:
    reading = read("email,first name,webinar id\nada@example.com,Ada,978\u00a07106\u202f0099\n", None)

    assert reading.keys == [(WEBINAR, "ada@example.com")]


@pytest.mark.parametrize("cell", ["9.7871E+10", '"9,7871E+10"', "9.78710600E10"])
def test_a_shortened_id_is_rejected_as_such(cell: str) -> None:
    (reject,) = read(f"email,first name,webinar id\nada@example.com,Ada,{cell}\n", None).rejects

    assert "shortened by a spreadsheet" in reject.reason


def test_files_that_were_joined_are_read_as_one() -> None:
    reading = read(
        "email,first name\nada@example.com,Ada\n\ufeffbob@example.com,Bob\n"
        '\ufeffemail,first name\ncid@example.com,Cid\n\ufeff"dan@example.com",Dan\n'
    )

    assert [first for _, first, _ in people(reading)] == ["Ada", "Bob", "Cid", "Dan"]
    assert reading.rejects == []


FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\r=1", "＝1+1"]  # noqa: RUF001  full-width is read as a formula too


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "Ada;", "Ada,", "Ada\t", "Ada|", "Ada\n", "Ada; ", 'Ada;"', "Ada;\u00a0"])
def test_no_part_of_a_cell_is_a_formula_in_any_locale(before: str, formula: str) -> None:
    cell = escape_formula(f"{before}{formula};")

    for delimiter in ",;\t|":
        file = io.StringIO()
        csv.writer(file).writerow(["ada@example.com", cell, "L"])
        for parts in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=delimiter):
            assert not any(part.strip(' "\u00a0').startswith(tuple("=+-@＝\t\r")) for part in parts if part.strip())  # noqa: RUF001
    assert unescape_formula(cell) == f"{before}{formula};"


@pytest.mark.parametrize("value", ["'-", "'=1+1", "''@", "a,'=1", "'a", "'"])
def test_an_apostrophe_of_its_own_comes_back(value: str) -> None:
    assert unescape_formula(escape_formula(value)) == value


def test_addresses_with_something_around_them() -> None:
    reading = read("email,first name\nada@example.com;,Ada\nbob@example.com.,Bob\nCid X <cid@example.com>,Cid\n")

    assert people(reading) == [
        ("ada@example.com", "Ada", ""),
        ("bob@example.com", "Bob", ""),
        ("cid@example.com", "Cid", ""),
    ]
