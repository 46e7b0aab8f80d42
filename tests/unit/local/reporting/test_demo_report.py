"""The tables of `make demo`."""

import io
from collections import Counter

from rich.console import Console

from local.reporting.demo_report import outcome_notes, table_of, ways_in_table
from local.reporting.results import Results
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


def test_each_way_in_but_a_form_of_ones_own_has_its_line() -> None:
    samples = (
        *sent("ada@example.com"),
        Submission("97871060099", "eve@example.com", "Eve", "registered", via="typeform"),
        Submission("97871060099", "bob@example.com", "Bob", "registered", via="page"),
    )
    row = {"status": "registered", "join_url": "https://example.com/w/1"}
    rows = {("97871060099", "eve@example.com"): row}
    results = Results(Samples({}, samples, ()), (202, 200, 200), rows, Counter(), (), 0, {"You are registered."})
    out = io.StringIO()
    Console(file=out, width=100).print(ways_in_table(results))

    lines = [" ".join(line.split()) for line in out.getvalue().splitlines() if "via" in line]
    assert lines == [
        "via Typeform eve@example.com registered",
        "via the registration page bob@example.com no row",
    ]
    errors = list(results.errors())
    assert "submission 3: HTTP status 200, expected 303" in errors
    assert not any(error.startswith("submission 2") for error in errors)
