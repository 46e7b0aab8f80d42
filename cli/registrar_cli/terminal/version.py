"""Show the version: `registrar --version`.

The number below is the project's only source of it: the wheel takes it from here (cli/pyproject.toml), and a test
compares template.yaml's output `Version` and the newest heading of CHANGELOG.md with it. It follows Semantic
Versioning; the interface that it counts changes of is docs/contract.md.
"""

from typing import Annotated

import typer

__version__ = "1.3.0"


def _show(asked: bool) -> None:
    if asked:
        typer.echo(f"registrar {__version__}")
        raise typer.Exit


def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show, is_eager=True, help="Show the version, and exit.")
    ] = False,
) -> None:
    """Take the options that belong to no subcommand; needs neither AWS nor the stack."""
