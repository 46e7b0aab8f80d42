"""`sam build && sam deploy` runs without prompts: `samconfig.toml` holds everything that SAM would ask for."""

import tomllib
from typing import Any

import pytest

from tests.template.cloudformation import ROOT, Template

TEXT = (ROOT / "samconfig.toml").read_text(encoding="utf-8")


def deploy_parameters(config: dict[str, Any], stack: str) -> dict[str, Any]:
    """Return what `sam deploy` reads for one of the file's environments."""
    return {**config[stack]["global"]["parameters"], **config[stack]["deploy"]["parameters"]}


def needs_no_prompt(config: dict[str, Any], stack: str = "default") -> None:
    assert config["version"] == 0.1
    deploy = deploy_parameters(config, stack)
    assert deploy["stack_name"]
    assert deploy["template_file"] == ".aws-sam/build/template.yaml"  # test_sam_cli.py: nothing else is uploaded
    assert deploy["resolve_s3"] is True  # no bucket to name
    assert deploy["confirm_changeset"] is False
    assert deploy["fail_on_empty_changeset"] is False  # deploying the same again is no error
    assert "CAPABILITY_IAM" in deploy["capabilities"]
    assert not deploy.get("guided")
    # Settings of the deploying account, not of the repository.
    assert not deploy.keys() & {
        "region",
        "profile",
        "parameter_overrides",
        "s3_bucket",
        "role_arn",
        "no_execute_changeset",
    }


@pytest.mark.parametrize("stack", ["default", "staging"])
def test_sam_needs_no_prompt(stack: str) -> None:
    needs_no_prompt(tomllib.loads(TEXT), stack)


def test_a_second_stack_differs_in_its_name_only() -> None:
    config = tomllib.loads(TEXT)
    first, second = deploy_parameters(config, "default"), deploy_parameters(config, "staging")

    assert {name for name in first | second if first.get(name) != second.get(name)} == {"stack_name", "s3_prefix"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("confirm_changeset = false", "confirm_changeset = true"),
        ("resolve_s3 = true\n", ""),
        ('template_file = ".aws-sam/build/template.yaml"\n', ""),
        ('capabilities = "CAPABILITY_IAM"\n', ""),
        ('stack_name = "zoom-registrar"\n', ""),
        ("fail_on_empty_changeset = false", 'region = "us-east-1"'),
    ],
)
def test_this_check_can_fail(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises((AssertionError, KeyError)):
        needs_no_prompt(tomllib.loads(TEXT.replace(old, new)))


def test_capability_iam_is_enough(template: Template) -> None:
    """Named roles would need CAPABILITY_NAMED_IAM, nested stacks and macros CAPABILITY_AUTO_EXPAND."""
    kinds = {resource["Type"] for resource in template.resources.values()}
    assert not kinds & {"AWS::Serverless::Application", "AWS::CloudFormation::Stack", "AWS::CloudFormation::Macro"}
    assert all("RoleName" not in role for role in template.of_type("AWS::IAM::Role").values())
    assert template.content["Transform"] == "AWS::Serverless-2016-10-31"


def test_validation_includes_the_linter() -> None:
    assert tomllib.loads(TEXT)["default"]["validate"]["parameters"]["lint"] is True
