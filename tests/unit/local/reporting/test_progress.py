"""What `make demo` and `make serve` print while they start."""

import io

from rich.console import Console

from local.reporting.progress import progress_printer


def test_a_long_message_stays_beside_its_time() -> None:
    out = io.StringIO()

    progress_printer(Console(file=out, width=40))("Not deployed to the emulator: OneQuery, TwoQuery (no such thing).")

    first, *others = out.getvalue().splitlines()
    assert first.startswith("  0.0 s  Not deployed")
    assert others
    assert all(line.startswith(" " * 9) and line.strip() for line in others)
