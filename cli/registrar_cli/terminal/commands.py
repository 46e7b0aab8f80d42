"""Define how commands are loaded, how their help looks, and how they take a webinar id that is written with spaces.

A command's module is imported when the command runs: `registrar --help` and shell completion need only names and
summaries, and `status` does not wait for what reads CSV files.
"""

import importlib
from collections.abc import Sequence
from typing import Any, Final

import typer
from registrar import limits
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.signals import importing

MARKUP: Final = "markdown"  # of docstrings, which are the commands' help


class CommandGroup(TyperGroup):
    """The command `registrar` itself."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options."""
        return _without_types(super().get_params(ctx))


class Subgroup(CommandGroup):
    """A group of commands, such as `registrar forms`; alone, it shows its help."""

    def __init__(self, name: str, summary: str, panel: str) -> None:
        super().__init__(
            name=name,
            help=summary,
            rich_help_panel=panel,
            rich_markup_mode=MARKUP,
            context_settings={"help_option_names": ["-h", "--help"]},
        )

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the name of the command."""
        return super().parse_args(ctx, args or ["--help"])


class Command(TyperCommand):
    """A command that takes a webinar id as Zoom writes it, `978 7106 0099`, without quotation marks."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options and arguments."""
        return _without_types(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments.

        Raises:
            WrongInput: there are more arguments than the command takes.
        """
        ctx.allow_extra_args = True
        surplus = super().parse_args(ctx, args)
        if surplus and not ctx.resilient_parsing:
            self._take_up(ctx, surplus)
            ctx.args = []
        return []

    def _take_up(self, ctx: Any, surplus: Sequence[str]) -> None:
        webinar = ctx.params.get("webinar")
        if all(map(_is_number, [webinar, *surplus])) and len(webinar) < limits.WEBINAR_ID_DIGITS_MIN:
            ctx.params["webinar"] = "".join([webinar, *surplus])
            return
        arguments = [one for one in self.params if isinstance(one, TyperArgument)]
        takes = f"one {arguments[-1].display_name_raw}" if arguments else "no argument"
        # Without the arguments themselves, which may be e-mails.
        raise WrongInput(
            f"{ctx.command_path} takes {takes}; {len(surplus)} more given.",
            f"For the usage, run: {ctx.command_path} --help",
        )


class LazyCommand(TyperCommand):
    """A command by name, whose function is imported when the command runs or shows its help."""

    def __init__(self, name: str, function: str, summary: str, panel: str) -> None:
        super().__init__(name, help=summary, rich_help_panel=panel)
        self._function = function  # module:name

    def load(self) -> Any:
        """Import the function and return the command made of it."""
        module, _, function = self._function.partition(":")
        app = typer.Typer(add_completion=False, rich_markup_mode=MARKUP)
        with importing():
            app.command(self.name, cls=Command)(getattr(importlib.import_module(module), function))
        return typer.main.get_command(app)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Return the context of the loaded command, which is run in place of this one."""
        return self.load().make_context(info_name, args, parent, **extra)


def _without_types(params: list[Any]) -> list[Any]:
    """Hide Python's types, such as <bool> and <str>, in the help: a flag takes no value, an argument is named."""
    for param in params:
        if isinstance(param, TyperArgument):
            param.display_type_rich = lambda ctx: None  # type: ignore[method-assign]
        elif isinstance(param, TyperOption) and param.is_flag:
            param.metavar = ""
    return params


def _is_number(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdigit()
