"""Any cell that `registrar` writes: no part of it is a formula in a spreadsheet, and it reads back as it was."""

import csv
import io
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from registrar_cli.csv_files.cells import escape_formula, unescape_formula

SIGNS = "=+-@\t\r＝＋－＠"  # noqa: RUF001  full-width forms are meant
CELLS = st.text(st.sampled_from(f"{SIGNS}\n,;|\"' \u00a0a1") | st.characters(codec="utf-8"), max_size=12)


@given(CELLS)
@settings(max_examples=1_000)
def test_no_part_of_a_cell_begins_a_formula(cell: str) -> None:
    parts = re.split(r"[,;|\t\r\n]", escape_formula(cell))

    assert not [part for part in parts if part.lstrip(' \u00a0"').startswith(tuple(SIGNS))]


@given(CELLS, st.sampled_from(",;\t|"))
@settings(max_examples=1_000)
def test_a_cell_reads_back_as_it_was(cell: str, delimiter: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerow([escape_formula(cell), "end"])

    ((read, _),) = csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=delimiter)
    assert unescape_formula(read) == cell
