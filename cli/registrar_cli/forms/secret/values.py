"""Make or read the signing secret of a form. It is never an argument: other users of the machine could see it."""

import base64
import binascii
import secrets as random
import sys
from typing import Annotated, Final

import typer

from registrar_cli.forms.recipes import RECIPES, Secret
from registrar_cli.terminal.errors import Interrupted, WrongInput

GENERATE: Final = "generate"
STANDARD_INPUT: Final = "-"
_STANDARD_WEBHOOKS: Final = {"generic", "google"}
_PREFIX: Final = "whsec_"
_BYTES: Final = range(24, 65)  # of a Standard Webhooks secret, by its specification

SecretFrom = Annotated[
    str | None,
    typer.Option(
        "--secret",
        metavar="-|generate",
        help="The secret the provider signs with: - reads it from the terminal or standard input.",
    ),
]


def obtain_secret(provider: str, source: str) -> str:
    """Return a new secret: a random one, or the one that is typed or piped in.

    Raises:
        Interrupted: Ctrl-C at the prompt.
        WrongInput: the provider takes none, makes its own, or what was given cannot be one.
    """
    kind = RECIPES[provider].secret
    if kind == Secret.NONE:
        raise WrongInput(f"{provider} signs nothing, so it needs no secret.", "Omit --secret: the URL is the secret.")
    if source == GENERATE:
        if kind == Secret.PROVIDER:
            raise WrongInput(f"{provider} makes the secret itself.", "Copy it there, and give --secret -")
        return _random(provider)
    if source != STANDARD_INPUT:
        to_do = "Give --secret - and type it, or pipe it in; --secret generate makes one."
        raise WrongInput("A secret on the command line can be seen by others.", to_do)
    return _checked(provider, _read())


def _random(provider: str) -> str:
    if provider in _STANDARD_WEBHOOKS:
        return _PREFIX + base64.b64encode(random.token_bytes(32)).decode()
    return random.token_urlsafe(24)


def _read() -> str:
    if sys.stdin.isatty():
        try:
            return str(typer.prompt("Secret (not shown)", hide_input=True, err=True)).strip()
        except typer.Abort:
            sys.stderr.write("\n")  # the terminal's `^C` stands behind the prompt
            raise Interrupted("Interrupted at the prompt: nothing was changed.", "Run it again.") from None
    return sys.stdin.read().strip()


def _checked(provider: str, secret: str) -> str:
    if not secret or not secret.isprintable():
        raise WrongInput("The secret is empty or holds control characters.", "Copy it again, as one line.")
    if provider in _STANDARD_WEBHOOKS and not _is_standard(secret):
        to_do = "--secret generate makes one. Elsewhere: whsec_ and the base64 of 24 to 64 random bytes."
        raise WrongInput("This is no secret of Standard Webhooks.", to_do)
    return secret


def _is_standard(secret: str) -> bool:
    try:
        return len(base64.b64decode(secret.removeprefix(_PREFIX), validate=True)) in _BYTES
    except (binascii.Error, ValueError):
        return False
