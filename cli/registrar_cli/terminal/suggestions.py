"""Name the stack in the commands that a message suggests: without that, they would be run for the default stack."""

import re
from typing import Final

from registrar_cli.terminal.options import DEFAULT_STACK

# "The registrar sends no e-mail" is a sentence, so the words that make a command are named; a test compares them.
COMMANDS: Final = (
    *("configure", "discard", "doctor", "export", "failures", "forget", "import"),
    *("list", "pause", "resume", "retry", "status", "watch"),
)
_REGISTRAR: Final = re.compile(rf"\bregistrar (?:{'|'.join(COMMANDS)})\b")
_SAM: Final = re.compile(r"\bsam deploy\b")


def for_stack(text: str, stack: str) -> str:
    """Return the text with the stack's name in every command, unless it is the default one."""
    if stack == DEFAULT_STACK:
        return text
    return _SAM.sub(rf"\g<0> --stack-name {stack}", _REGISTRAR.sub(rf"\g<0> --stack {stack}", text))
