"""The deployed functions emit metrics, and the alarms and the dashboard use them."""

from local.reporting.metrics import Reading
from tests.stack.conftest import Deployment, eventually

ADA = {"email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace"}


def test_a_form_and_its_registration_are_counted_under_the_stack_s_name(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()

    deployment.post(webinar_id, data=ADA)
    deployment.row_with("registered", webinar_id, "ada@example.com")

    names = {"SubmissionsAccepted", "Registered", "ZoomCalls", "TimeToJoinUrl", "DailyBudgetUsed", "TokenAge"}
    reading = eventually(lambda: _reading_with(deployment, names))
    assert {one.dimensions["stack"] for one in reading.emitted} == {"zoom-registrar"}
    services = {one.dimensions["service"] for one in reading.emitted}
    assert services >= {"accept-submission", "register-batch", "refresh-token"}
    assert 0 <= min(reading.values("TimeToJoinUrl")) < 60
    assert "registered" in reading.line()


def test_the_logs_contain_a_submission_s_id_from_the_form_to_the_call(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()

    submission_id = deployment.post(webinar_id, json=ADA).json()["submission_id"]
    deployment.row_with("registered", webinar_id, "ada@example.com")

    functions = ("AcceptSubmissionFunction", "RegisterBatchFunction")
    lines = [line for name in functions for line in deployment.log(name).splitlines() if submission_id in line]
    assert ["Submission accepted" in lines[0], "Zoom answered" in lines[1]] == [True, True]
    assert all(webinar_id in line for line in lines)
    assert "zoom_tracking_id" in lines[1]


def test_alarms_and_dashboard_are_deployed_with_resolved_names(deployment: Deployment) -> None:
    cloudwatch = deployment.stack.client("cloudwatch")

    alarms = {one["AlarmName"]: one for one in cloudwatch.describe_alarms()["MetricAlarms"]}
    dead_letters = alarms[deployment.stack.physical_id("DeadLettersAlarm")]
    waiting = alarms[deployment.stack.physical_id("RegistrantsWaitingAlarm")]
    assert dead_letters["Dimensions"][0]["Value"] == deployment.stack.outputs["DeadLetterQueueUrl"].rpartition("/")[2]
    assert dead_letters["OKActions"] == dead_letters["AlarmActions"] == [deployment.stack.outputs["AlarmTopicArn"]]
    assert {one["Name"]: one["Value"] for one in waiting["Dimensions"]} == {
        "service": "register-batch",
        "stack": "zoom-registrar",
    }
    body = cloudwatch.get_dashboard(DashboardName=deployment.stack.physical_id("Dashboard"))["DashboardBody"]
    assert "${" not in body
    assert '"zoom-registrar"' in body


def _reading_with(deployment: Deployment, names: set[str]) -> Reading | None:
    reading = Reading.of(deployment.stack)
    return reading if names <= {one.name for one in reading.emitted} else None
