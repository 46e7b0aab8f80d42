"""Write the commands that messages suggest, for the stack that this run of the command is about.

Pasted without `--stack`, a suggested `registrar discard` would act on the default stack.
"""

from typing import Final

from registrar_cli.terminal.options import DEFAULT_STACK

_CURRENT: Final = {"stack": DEFAULT_STACK}  # set once per run, by Session.open


def set_stack(name: str) -> None:
    """Set the stack that suggested commands name, unless it is the default one."""
    _CURRENT["stack"] = name


def suggest(command: str) -> str:
    """Return a command of this program: `retry` → `registrar retry --stack events`."""
    return f"registrar {command}" + ("" if _CURRENT["stack"] == DEFAULT_STACK else f" --stack {_CURRENT['stack']}")


def suggest_deployment(parameters: str = "") -> str:
    """Return the command that builds and deploys the code, with `--parameter-overrides` if there are parameters."""
    overrides = f" --parameter-overrides {parameters}" if parameters else ""
    return f"sam build && sam deploy --stack-name {_CURRENT['stack']}{overrides}"
