"""docs/forms/providers.md has a recipe for every provider, with a command that `registrar` takes."""

import re
import shlex

import pytest
from registrar.forms.providers.providers import PROVIDERS
from registrar_cli.app import command_line
from registrar_cli.forms.recipes import RECIPES, Secret

from tests.docs.documents import read, shell_blocks

DOCUMENT = "docs/forms/providers.md"
ADD = "registrar forms add "
COMMANDS = [line for block in shell_blocks(DOCUMENT) for line in block.splitlines() if line.startswith(ADD)]
BY_HAND = {"Squarespace", "Zapier", "Make"}  # without a webhook, or with the one of `generic`
SECRETS = {Secret.NONE: {None}, Secret.OPERATOR: {None, "generate"}, Secret.PROVIDER: {None, "-"}}


def test_every_provider_has_a_recipe() -> None:
    assert {command.split()[3] for command in COMMANDS} == PROVIDERS.keys()
    assert set(re.findall(r"^### (.+)$", read(DOCUMENT), re.MULTILINE)) >= BY_HAND


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one_of_the_command_line(command: str) -> None:
    _, *names, provider = shlex.split(command)[:4]
    group = command_line()
    for name in names:
        group = group.get_command(None, name)
    given = group.make_context("add", shlex.split(command)[3:]).params

    assert given["webinar"] == "97871060099"
    assert given["secret"] in SECRETS[RECIPES[provider].secret], "the provider makes no such secret"
