"""Suggested commands act on the stack that the command was about."""

import pytest
from registrar.registrants.row import Row
from registrar_cli.registrants.explanation import explain
from registrar_cli.terminal.suggestions import set_stack, suggest, suggest_deployment, with_stack


@pytest.fixture
def events() -> None:
    set_stack("events")


def test_the_default_stack_needs_no_name() -> None:
    assert suggest("retry") == "registrar retry"


@pytest.mark.usefixtures("events")
def test_another_stack_is_named() -> None:
    assert suggest("discard --registered") == "registrar discard --registered --stack events"
    assert "`registrar watch --stack events`" in explain(None).action
    assert "`registrar failures --stack events`" in explain(Row(status="rejected", reason="webinar_full")).action
    assert with_stack("`registrar retry`, then `registrar watch`") == (
        "`registrar retry --stack events`, then `registrar watch --stack events`"
    )


@pytest.mark.usefixtures("events")
def test_code_is_built_before_it_is_deployed() -> None:
    assert suggest_deployment() == "sam build && sam deploy --stack-name events"
    assert suggest_deployment("A=1").endswith("--stack-name events --parameter-overrides A=1")
