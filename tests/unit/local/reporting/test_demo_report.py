"""The tables of `make demo`."""

import io

from rich.console import Console

from local.reporting.demo_report import outcome_notes, table_of
from local.reporting.samples import INVALID_FORM, Message, Samples, Submission


def test_a_narrow_terminal_wraps_a_table_and_loses_no_text() -> None:
    table = table_of("Outcomes", "Webinar", ">Registrants", "Outcome")
    table.add_row("978 7106 0099", "100", "registered without a join URL")
    out = io.StringIO()
    Console(file=out, width=48).print(table)

    text = out.getvalue()
    assert "…" not in text
    assert {"978", "7106", "0099", "100", "registered", "without", "a", "join", "URL"} <= {*text.split()}


def test_a_table_without_column_names_has_no_empty_header() -> None:
    table = table_of("Calls to Zoom", "", ">")
    table.add_row("calls", "18")
    out = io.StringIO()
    Console(file=out, width=48).print(table)

    assert [line.strip() for line in out.getvalue().splitlines() if line.strip()] == ["Calls to Zoom", "calls   18"]


def sent(*emails: str, expected: str = "registered") -> tuple[Submission, ...]:
    return tuple(Submission("97871060099", email, "Ada", expected) for email in emails)


def test_who_sent_the_form_twice_is_said_however_the_address_was_typed() -> None:
    twice = sent("ada@example.com", "Ada@Example.com", "eve@example.com")

    assert outcome_notes(Samples({}, twice, ())) == ["1 registrant submitted the form twice: registered once."]


def test_a_message_that_is_no_form_is_explained() -> None:
    (note,) = outcome_notes(Samples({}, sent("ada@example.com"), (Message("{}", "malformed_message"),)))

    assert "sent to the queue directly" in note


def test_an_invalid_form_is_no_repeat() -> None:
    assert outcome_notes(Samples({}, sent("x", "x", expected=INVALID_FORM), ())) == []
