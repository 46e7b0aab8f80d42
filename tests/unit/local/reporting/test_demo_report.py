"""The tables of `make demo`."""

import io

from rich.console import Console

from local.reporting.demo_report import table_of


def test_a_narrow_terminal_wraps_a_table_and_loses_no_text() -> None:
    table = table_of("Outcomes", "Webinar", ">Registrants", "Outcome")
    table.add_row("978 7106 0099", "100", "registered without a join URL")
    out = io.StringIO()
    Console(file=out, width=48).print(table)

    text = out.getvalue()
    assert "…" not in text
    assert {"978", "7106", "0099", "100", "registered", "without", "a", "join", "URL"} <= {*text.split()}
