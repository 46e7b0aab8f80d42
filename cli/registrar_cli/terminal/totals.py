"""Print counts in one column and what they count in another."""

from rich.table import Table
from rich.text import Text

NUMBER_CHARACTERS = 8


class Totals:
    """Lines of totals; `table` is printed. Texts are literal: brackets in them are not markup."""

    def __init__(self) -> None:
        self.table = Table.grid(padding=(0, 2))
        self.table.add_column(justify="right", min_width=NUMBER_CHARACTERS, no_wrap=True)
        self.table.add_column(overflow="fold")

    def count(self, number: int, text: str, style: str = "bold") -> None:
        """Add a line with a number."""
        self.table.add_row(Text(f"{number:,}", style=style), Text(text))

    def note(self, text: str, style: str = "dim", sign: str = "") -> None:
        """Add a line without a number."""
        self.table.add_row(Text(sign), Text(text, style=style))
