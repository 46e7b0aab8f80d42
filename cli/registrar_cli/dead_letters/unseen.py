"""Letters that a look did not meet: somebody else has them in hand, or they came meanwhile.

In: how many. Out: a line that says so, for the screens; a command that ends with some of them is done in part.
"""

from rich.console import Console
from rich.text import Text

from registrar_cli.dead_letters.queue import PEEK_SECONDS
from registrar_cli.terminal.formatting import quantity


def print_not_visible(console: Console, not_visible: int) -> None:
    """Say it, if there are any: without them the rest would read as if it were all."""
    if not_visible:
        text = (
            f"● {quantity(not_visible, 'letter')} cannot be seen just now: somebody else looks at them, or they came"
            f" meanwhile. Ask again in {PEEK_SECONDS // 60} minutes."
        )
        console.print(Text(text, style="yellow"))
