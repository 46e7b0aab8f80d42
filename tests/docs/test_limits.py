"""docs/limits.md is the table of limits.py."""

from tests.docs.limits_table import DOCUMENT, Limit, limits, render


def test_the_limits_are_those_of_the_code() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == render(), "Run: .venv/bin/python -m tests.docs.limits_table"


def test_every_limit_is_in_a_section_and_has_a_unit_and_a_source() -> None:
    entries = list(limits())
    rows = [entry for entry in entries if isinstance(entry, Limit)]

    assert len(rows) > 50
    assert isinstance(entries[0], str)
    assert [row.name for row in rows if not (row.unit and row.source)] == []
