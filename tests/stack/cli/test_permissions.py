"""Every command runs with the template's `OperatorPolicy` alone; the emulator enforces IAM.

tests/template/test_operator_policy.py compares the policy with the calls in the code.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.stack.cli.conftest import Run, csv_file, dead_letter_for, registered
from tests.stack.conftest import END_SECONDS, Deployment

ADA, EVE = "ada@example.com", "eve@example.com"


@pytest.fixture
def operator(deployment: Deployment, environment: dict[str, str]) -> Iterator[None]:
    """Make the commands run as a user who has only `OperatorPolicy`."""
    iam, user, policy = deployment.stack.client("iam"), "operator", deployment.stack.outputs["OperatorPolicyArn"]
    iam.create_user(UserName=user)
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    environment |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    yield
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    iam.detach_user_policy(UserName=user, PolicyArn=policy)
    iam.delete_user(UserName=user)


@pytest.mark.usefixtures("operator")
def test_the_operators_policy_allows_every_command(deployment: Deployment, run: Run, tmp_path: Path) -> None:
    webinar_id = deployment.webinar()
    full = deployment.webinar(capacity=0)

    checks = json.loads(run("doctor", webinar_id, "--json").stdout)["checks"]
    assert not [check for check in checks if "denies" in check["says"]]
    run("import", str(csv_file(tmp_path / "people.csv", ADA)), "--webinar", webinar_id)
    registered(deployment, webinar_id, ADA)
    run("status", ADA)
    run("status", ADA, "--webinar", webinar_id)
    run("list", webinar_id)
    run("export", webinar_id, "--output", str(tmp_path / "out.csv"))
    run("watch", webinar_id, "--times", "1")
    run("configure")
    run("pause")
    run("resume")
    dead_letter_for(deployment, full)
    run("failures", "--webinar", full, code=3)
    deployment.zoom.set_webinar(full, capacity=10)
    run("retry", "--webinar", full)
    registered(deployment, full, EVE)
    run("forget", EVE, "--cancel-at-zoom", "--yes")
    dead_letter_for(deployment, wrong := deployment.webinar(capacity=0))
    run("retry", "--webinar", wrong, "--to", webinar_id)
    assert json.loads(run("list", wrong, "--json").stdout)["sums"] == {"corrected": 1}
    over = deployment.webinar(capacity=0)
    dead_letter_for(deployment, over)
    run("discard", "--webinar", over, "--yes")


@pytest.mark.usefixtures("operator")
def test_the_operators_policy_allows_every_command_about_forms(deployment: Deployment, run: Run) -> None:
    webinar_id = deployment.webinar()
    added = json.loads(run("forms", "add", "cf7", "--webinar", webinar_id, "--name", "sign-up", "--json").stdout)
    fields = {"your-email": EVE, "badge": "Eve"}
    # The emulator is reached by another host name than AWS's.
    url = f"{deployment.stack.submission_url}/forms/{added['url'].rpartition('/')[2]}"
    answer = requests.post(url, json=fields, timeout=END_SECONDS)
    assert (answer.status_code, answer.json()["status"]) == (200, "set_aside")

    assert json.loads(run("forms", "list", "--json").stdout)["forms"][0]["set_aside"] == 1
    assert added["url"] in run("forms", "show", "sign-up").stdout
    assert "first_name=badge" in run("forms", "try", "sign-up", code=3).stdout
    run("forms", "change", "sign-up", "--map", "first_name=badge")
    run("retry", "--reason", "unmapped_form")
    registered(deployment, webinar_id, EVE)
    assert json.loads(run("status", answer.json()["submission_id"], "--json").stdout)[0]["email"] == EVE
    run("forms", "add", "typeform", "--webinar", webinar_id, "--name", "signed", "--secret", "generate")
    run("forms", "secret", "signed", "generate")
    run("forms", "secret", "signed", "--drop-old")
    checks = json.loads(run("doctor", "--json").stdout)["checks"]
    assert [check["light"] for check in checks if check["what"] == "forms"] == ["yellow"], "signed never delivered"
    for form in ("sign-up", "signed"):
        run("forms", "disable", form)
        run("forms", "enable", form)
        run("forms", "remove", form, "--yes")


@pytest.mark.usefixtures("operator")
def test_changing_parameters_needs_the_rights_of_a_deployment(run: Run) -> None:
    error = json.loads(run("configure", "LogRetentionDays=30", "--yes", "--json", code=4).stderr)["error"]

    assert "denies cloudformation:UpdateStack" in error["what"]
    assert "ask the person who deployed" in error["to_do"]


@pytest.mark.parametrize("days", [30, 90])
def test_configure_changes_a_parameter_and_leaves_the_code(deployment: Deployment, run: Run, days: int) -> None:
    functions, function = deployment.stack.client("lambda"), deployment.stack.physical_id("RegisterBatchFunction")
    before = functions.get_function(FunctionName=function)["Configuration"]["CodeSha256"]

    result = json.loads(run("configure", f"LogRetentionDays={days}", "--yes", "--json").stdout)

    assert [change["to"] for change in result["changes"]] == [str(days)]
    log_group = deployment.stack.physical_id("RegisterBatchLogGroup")
    (found,) = deployment.stack.client("logs").describe_log_groups(logGroupNamePrefix=log_group)["logGroups"]
    assert found["retentionInDays"] == days
    assert functions.get_function(FunctionName=function)["Configuration"]["CodeSha256"] == before
    assert "Nothing to change" in run("configure", f"LogRetentionDays={days}", "--yes").stdout
