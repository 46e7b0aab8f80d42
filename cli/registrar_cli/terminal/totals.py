"""Numbers with what they count, one below the other: how commands tell what they did.

In: numbers and words. Out: a table for rich, in which long words stay in their column. The words are text: brackets in
them are no markup.
"""

from rich.table import Table
from rich.text import Text

NUMBER_CHARACTERS = 8


class Totals:
    """Is filled line by line; `table` is what to print."""

    def __init__(self) -> None:
        self.table = Table.grid(padding=(0, 2))
        self.table.add_column(justify="right", min_width=NUMBER_CHARACTERS, no_wrap=True)
        self.table.add_column(overflow="fold")

    def count(self, number: int, text: str, style: str = "bold") -> None:
        """So many of what."""
        self.table.add_row(Text(f"{number:,}", style=style), Text(text))

    def note(self, text: str, style: str = "dim", sign: str = "") -> None:
        """Something that has no number."""
        self.table.add_row(Text(sign), Text(text, style=style))
