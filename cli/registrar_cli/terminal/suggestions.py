"""Write the commands that messages suggest, for the stack that this run of the command is about.

Pasted without `--stack`, a suggested `registrar discard` would act on the default stack.
"""

import re
from typing import Final

from registrar_cli.terminal.options import DEFAULT_STACK

_CURRENT: Final = {"stack": DEFAULT_STACK}  # set once per run, by Session.open


def set_stack(name: str) -> None:
    """Set the stack that suggested commands name, unless it is the default one."""
    _CURRENT["stack"] = name


def suggest(command: str) -> str:
    """Return a command of this program: `retry` → `registrar retry --stack events`."""
    return f"registrar {command}" + ("" if _CURRENT["stack"] == DEFAULT_STACK else f" --stack {_CURRENT['stack']}")


def with_stack(text: str) -> str:
    """Name the stack in the commands of a text, which stand in backquotes as in `registrar retry`."""
    return re.sub("`registrar ([^`]+)`", lambda command: f"`{suggest(command[1])}`", text)


def suggest_deployment(parameters: str = "") -> str:
    """Return the command that builds the code and deploys it, both with the parameters: some belong to the build."""
    overrides = f" --parameter-overrides {parameters}" if parameters else ""
    return f"sam build{overrides} && sam deploy --stack-name {_CURRENT['stack']}{overrides}"
