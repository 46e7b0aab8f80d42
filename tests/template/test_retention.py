"""Retention and deletion of what holds data: tables, secrets, logs."""

import json

import pytest

from tests.template.cloudformation import Check, Template, assert_can_fail

KEYS = {
    "SubmissionTable": {"HASH": "submission_id"},
    "FormTable": {"HASH": "form_id"},
    "RegistrantTable": {"HASH": "webinar_id", "RANGE": "email"},
    "WebinarTable": {"HASH": "webinar_id"},
    "AccountTable": {"HASH": "name"},
}


def tables_have_the_keys_of_the_contract(template: Template) -> None:
    tables = template.of_type("AWS::DynamoDB::Table")
    assert tables.keys() == KEYS.keys()
    for name, table in tables.items():
        assert {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]} == KEYS[name]
        defined = {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]}
        assert defined == dict.fromkeys(KEYS[name].values(), "S")
        assert "TableName" not in table  # a fixed name could not be deployed twice


def tables_scale_expire_and_can_be_restored(template: Template) -> None:
    for name, table in template.of_type("AWS::DynamoDB::Table").items():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        expiry = (
            None if name == "FormTable" else {"AttributeName": "expires_at", "Enabled": True}
        )  # it holds no registrant
        assert table.get("TimeToLiveSpecification") == expiry
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def registrants_survive_the_stack(template: Template) -> None:
    resource = template.resources["RegistrantTable"]
    assert resource["DeletionPolicy"] == "Retain"
    assert resource["UpdateReplacePolicy"] == "Retain"
    assert resource["Properties"]["DeletionProtectionEnabled"] is True


def every_data_resource_has_deletion_policies(template: Template) -> None:
    kinds = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup")
    for name, resource in template.resources.items():
        if resource["Type"] in kinds:
            assert resource["DeletionPolicy"] in {"Delete", "Retain"}, name
            assert resource["UpdateReplacePolicy"] in {"Delete", "Retain"}, name


def every_log_group_has_retention_and_one_writer(template: Template) -> None:
    groups = template.of_type("AWS::Logs::LogGroup")
    assert all(group["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups.values())
    functions = template.of_type("AWS::Serverless::Function")
    used = [function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions.values()]
    for api in template.of_type("AWS::Serverless::HttpApi").values():
        destination = api["AccessLogSettings"]["DestinationArn"]["Fn::GetAtt"]
        used.append(destination.removesuffix(".Arn"))
    assert sorted(used) == sorted(groups)  # one group each, and no group without a writer


def access_log_needs_no_resource_policy(template: Template) -> None:
    """A group elsewhere takes space in the account's one resource policy; the stack's id keeps names apart for good."""
    name, variables = template.properties("SubmissionApiLogGroup")["LogGroupName"]["Fn::Sub"]
    assert name.startswith("/aws/vendedlogs/${AWS::StackName}/")
    assert name.endswith("-${StackUuid}")
    # arn:aws:cloudformation:region:account:stack/name/uuid
    assert variables == {"StackUuid": {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}}
    others = [group for group in template.of_type("AWS::Logs::LogGroup").values() if "LogGroupName" in group]
    assert len(others) == 1  # a fixed name could not be deployed twice


def logs_are_json(template: Template) -> None:
    logging = template.content["Globals"]["Function"]["LoggingConfig"]
    assert logging["LogFormat"] == "JSON"
    assert logging["ApplicationLogLevel"] == "INFO"
    for function in template.of_type("AWS::Serverless::Function").values():
        assert function["LoggingConfig"].keys() == {"LogGroup"}  # the rest is in Globals


def access_log_is_json_without_personal_data_and_form_ids(template: Template) -> None:
    line = json.loads(template.properties("SubmissionApi")["AccessLogSettings"]["Format"])
    assert {"requestId", "status", "routeKey"} <= line.keys()
    # `routeKey` is the route's template: `POST /forms/{form_id}`. The path would hold the id, which is a secret.
    named = {value.removeprefix("$context.") for value in line.values()}
    assert named == {
        "apiId",
        "requestId",
        "requestTime",
        "routeKey",
        "status",
        "responseLength",
        "integrationLatency",
        "integrationErrorMessage",
    }


def secrets_start_empty(template: Template) -> None:
    secrets = template.of_type("AWS::SecretsManager::Secret")
    assert secrets.keys() == {"FormSecrets", "TurnstileSecret", "ZoomCredentialsSecret", "ZoomTokenSecret"}
    given = json.loads(secrets["ZoomCredentialsSecret"]["SecretString"])
    assert given == {"account_id": "", "client_id": "", "client_secret": ""}
    assert secrets["ZoomTokenSecret"].keys() == {"Description"}  # no value: "token missing"
    assert secrets["FormSecrets"].keys() == {"Description"}  # no value: nothing to write over the forms'
    assert secrets["TurnstileSecret"].keys() == {"Description"}  # no value: no submission is accepted


CHECKS: list[Check] = [
    tables_have_the_keys_of_the_contract,
    tables_scale_expire_and_can_be_restored,
    registrants_survive_the_stack,
    every_data_resource_has_deletion_policies,
    every_log_group_has_retention_and_one_writer,
    access_log_needs_no_resource_policy,
    logs_are_json,
    access_log_is_json_without_personal_data_and_form_ids,
    secrets_start_empty,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (
        tables_have_the_keys_of_the_contract,
        "{AttributeName: email, KeyType: RANGE}",
        "{AttributeName: mail, KeyType: RANGE}",
    ),
    (
        tables_have_the_keys_of_the_contract,
        "{AttributeName: email, AttributeType: S}",
        "{AttributeName: email, AttributeType: B}",
    ),
    (
        tables_scale_expire_and_can_be_restored,
        "{AttributeName: expires_at, Enabled: true}",
        "{AttributeName: expires, Enabled: true}",
    ),
    (
        tables_scale_expire_and_can_be_restored,
        "{AttributeName: expires_at, Enabled: true}",
        "{AttributeName: expires_at, Enabled: false}",
    ),
    (tables_scale_expire_and_can_be_restored, "PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false"),
    (registrants_survive_the_stack, "DeletionPolicy: Retain", "DeletionPolicy: Delete"),
    (
        registrants_survive_the_stack,
        "DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain",
        "DeletionPolicy: Retain",
    ),
    (registrants_survive_the_stack, "      DeletionProtectionEnabled: true\n", ""),
    (every_data_resource_has_deletion_policies, "    DeletionPolicy: Delete\n", ""),
    (every_log_group_has_retention_and_one_writer, "RetentionInDays: !Ref LogRetentionDays", "LogGroupClass: STANDARD"),
    (
        every_log_group_has_retention_and_one_writer,
        "LogGroup: !Ref RefreshTokenLogGroup",
        "LogGroup: !Ref RegisterBatchLogGroup",
    ),
    (
        every_log_group_has_retention_and_one_writer,
        "DestinationArn: !GetAtt SubmissionApiLogGroup.Arn",
        "DestinationArn: !GetAtt RefreshTokenLogGroup.Arn",
    ),
    (access_log_needs_no_resource_policy, "/aws/vendedlogs/", "/aws/apigateway/"),
    (access_log_needs_no_resource_policy, "-${StackUuid}", ""),
    (access_log_needs_no_resource_policy, "!Select [2,", "!Select [1,"),
    (logs_are_json, "LogFormat: JSON", "LogFormat: Text"),
    (logs_are_json, "ApplicationLogLevel: INFO", "ApplicationLogLevel: DEBUG"),
    (
        access_log_is_json_without_personal_data_and_form_ids,
        '"status":"$context.status"',
        '"ip":"$context.identity.sourceIp"',
    ),
    (
        access_log_is_json_without_personal_data_and_form_ids,
        '"routeKey":"$context.routeKey",',
        '"routeKey":"$context.routeKey","path":"$context.path",',
    ),
    (access_log_is_json_without_personal_data_and_form_ids, '"requestId":', '"request":'),
    (secrets_start_empty, '"client_id": ""', '"client_id": "x"'),
    (
        secrets_start_empty,
        "its API URL; written by RefreshToken, or manually.",
        "its API URL.\n      SecretString: '{}'",
    ),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_data_is_retained_as_designed(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)
