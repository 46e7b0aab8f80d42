"""The functions' variables, timeouts and events, and the HTTP API."""

from dataclasses import fields

import pytest
from registrar import limits
from registrar.runtime.settings import (
    AcceptFormSettings,
    AcceptSubmissionSettings,
    DescribeWebinarSettings,
    RefreshTokenSettings,
    RegisterBatchSettings,
    RegistrationPageSettings,
    Settings,
)

from tests.template.cloudformation import Check, Template, assert_can_fail, references

SETTINGS: dict[str, type[Settings]] = {
    "AcceptSubmissionFunction": AcceptSubmissionSettings,
    "AcceptFormFunction": AcceptFormSettings,
    "RegistrationPageFunction": RegistrationPageSettings,
    "DescribeWebinarFunction": DescribeWebinarSettings,
    "RegisterBatchFunction": RegisterBatchSettings,
    "RefreshTokenFunction": RefreshTokenSettings,
}
ROUTES = {
    "AcceptSubmissionFunction": ["/webinars/{webinar_id}/registrants", "/meetings/{meeting_id}/registrants"],
    "AcceptFormFunction": ["/forms/{form_id}"],
}
PAGES = ["/webinars/{webinar_id}", "/meetings/{meeting_id}", "/submissions/{submission_id}", "/embed.js"]
AWS_CALL_SECONDS = limits.AWS_TRIES * (limits.AWS_CONNECT_SECONDS + limits.AWS_READ_SECONDS)
HTTP_API_SECONDS = 30  # API Gateway answers 504 after that


def every_variable_is_a_setting_and_every_setting_a_variable(template: Template) -> None:
    assert template.of_type("AWS::Serverless::Function").keys() == SETTINGS.keys()
    assert "Environment" not in template.content["Globals"]["Function"]
    for name, settings in SETTINGS.items():
        variables = template.properties(name)["Environment"]["Variables"]
        assert variables.keys() == {field.name.upper() for field in fields(settings)}, name


def every_variable_refers_to_what_its_name_says(template: Template) -> None:
    for name in SETTINGS:
        for variable, value in template.properties(name)["Environment"]["Variables"].items():
            (reference, *_) = references(value)
            meant, name_of = variable.replace("_", "").lower(), reference.removeprefix("AWS::").lower()
            assert meant in {name_of, f"{name_of}url"}, variable


def every_function_has_time_for_its_calls(template: Template) -> None:
    accept_submission = template.properties("AcceptSubmissionFunction")["Timeout"]
    # The row and the message, the second of which fails; Turnstile, connecting and reading; 2 s to start.
    turnstile = limits.TURNSTILE_TRIES * 2 * limits.TURNSTILE_SECONDS
    assert 2 * AWS_CALL_SECONDS + turnstile + 2 < accept_submission < HTTP_API_SECONDS
    accept_form = template.properties("AcceptFormFunction")["Timeout"]
    # Two slow calls, the second of which fails; the wait for another delivery's message; 3 s to start and for the rest.
    assert 2 * AWS_CALL_SECONDS + limits.CLAIM_SECONDS + 3 < accept_form < HTTP_API_SECONDS
    page = template.properties("RegistrationPageFunction")["Timeout"]
    # A form: one read and the lookup. A status: three reads. 2 s to start.
    slowest = AWS_CALL_SECONDS + max(2 * AWS_CALL_SECONDS, limits.AWS_CONNECT_SECONDS + limits.LOOKUP_WAIT_SECONDS)
    assert slowest + 2 < page < HTTP_API_SECONDS
    # An earlier lookup has ended when the next may begin.
    lookup = template.properties("DescribeWebinarFunction")["Timeout"]
    assert limits.LOOKUP_SECONDS < limits.LOOKUP_WAIT_SECONDS < lookup <= limits.LOOKUP_AGAIN_SECONDS
    refresher = template.properties("RefreshTokenFunction")["Timeout"]
    assert refresher > limits.TOKEN_CALL_SECONDS + 2 * AWS_CALL_SECONDS
    assert refresher < limits.REFRESH_CALL_SECONDS  # the consumer waits for it
    assert refresher < limits.MINT_LEASE_SECONDS  # a killed invocation's lease expires only after that


def functions_share_their_configuration(template: Template) -> None:
    function = template.content["Globals"]["Function"]
    assert function["Handler"] == "app.handler"
    assert function["Layers"] == [{"Ref": "RegistrarLayer"}]
    assert function["Tracing"] == "Active"
    for name in SETTINGS:
        assert template.properties(name)["MemorySize"] >= 512, name
        assert "FunctionName" not in template.properties(name), name
        assert "VpcConfig" not in template.properties(name), name


def each_way_in_has_its_routes(template: Template) -> None:
    for name, paths in ROUTES.items():
        route = {"ApiId": {"Ref": "SubmissionApi"}, "Method": "POST", "PayloadFormatVersion": "2.0"}
        events = [{"Type": "HttpApi", "Properties": {**route, "Path": path}} for path in paths]
        assert list(template.properties(name)["Events"].values()) == events


def pages_have_their_routes(template: Template) -> None:
    events = [event["Properties"] for event in template.properties("RegistrationPageFunction")["Events"].values()]
    assert [event["Path"] for event in events] == PAGES
    assert {(event["Method"], event["PayloadFormatVersion"]) for event in events} == {("GET", "2.0")}
    assert "Events" not in template.properties("DescribeWebinarFunction")  # it is invoked, and never by strangers


def import_warnings_do_not_fail_the_deployment(template: Template) -> None:
    """API Gateway may warn about the schema that SAM writes for the path parameter."""
    assert "FailOnWarnings" not in template.properties("SubmissionApi")


def api_is_throttled(template: Template) -> None:
    api = template.properties("SubmissionApi")
    for route in (api["DefaultRouteSettings"], *api["RouteSettings"].values()):
        assert 1 <= route["ThrottlingRateLimit"] <= 1_000  # requests per second
        assert route["ThrottlingRateLimit"] <= route["ThrottlingBurstLimit"] <= 5_000


def every_route_has_a_throttle_of_its_own(template: Template) -> None:
    """A route without one shares the stage's; settings for a route that does not exist fail the deployment."""
    events = [
        event["Properties"]
        for function in template.of_type("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    routes = {f"{event['Method']} {event['Path']}" for event in events}
    assert template.properties("SubmissionApi")["RouteSettings"].keys() == routes


def api_answers_cors(template: Template) -> None:
    cors = template.properties("SubmissionApi")["CorsConfiguration"]
    assert cors["AllowOrigins"] == {"Ref": "AllowedOrigins"}
    assert cors["AllowMethods"] == ["GET", "POST"]  # the embedded form is fetched, and sent
    # Monitoring scripts add baggage, sentry-trace and traceparent; libraries add X-Requested-With. `*` is any header,
    # because no credentials are sent.
    assert cors["AllowHeaders"] == ["*"]
    assert "AllowCredentials" not in cors  # there are no sessions
    assert cors["MaxAge"] <= 7_200
    assert cors["ExposeHeaders"] == ["retry-after"]


def token_is_minted_twice_in_its_lifetime(template: Template) -> None:
    (event,) = template.properties("RefreshTokenFunction")["Events"].values()
    assert event["Type"] == "ScheduleV2"
    schedule = event["Properties"]
    assert schedule["ScheduleExpression"] == "rate(30 minutes)"
    assert "Input" not in schedule  # `{}`: mint
    assert schedule.get("State", "ENABLED") == "ENABLED"
    assert schedule["OmitName"] is True  # a fixed name could not be deployed twice
    assert schedule["RetryPolicy"]["MaximumEventAgeInSeconds"] < 1_800


def alarm_email_is_subscribed(template: Template) -> None:
    subscription = template.resources["AlarmEmailSubscription"]
    assert subscription["Condition"] == "HasAlarmEmail"
    assert subscription["Properties"]["TopicArn"] == {"Ref": "AlarmTopic"}
    assert subscription["Properties"]["Endpoint"] == {"Ref": "AlarmEmail"}
    assert template.content["Conditions"]["HasAlarmEmail"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}


CHECKS: list[Check] = [
    every_variable_is_a_setting_and_every_setting_a_variable,
    every_variable_refers_to_what_its_name_says,
    every_function_has_time_for_its_calls,
    functions_share_their_configuration,
    each_way_in_has_its_routes,
    pages_have_their_routes,
    import_warnings_do_not_fail_the_deployment,
    api_is_throttled,
    every_route_has_a_throttle_of_its_own,
    api_answers_cors,
    token_is_minted_twice_in_its_lifetime,
    alarm_email_is_subscribed,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (
        import_warnings_do_not_fail_the_deployment,
        "      CorsConfiguration:",
        "      FailOnWarnings: true\n      CorsConfiguration:",
    ),
    (every_variable_is_a_setting_and_every_setting_a_variable, "          DRAIN_SECONDS: !Ref DrainSeconds\n", ""),
    (
        every_variable_is_a_setting_and_every_setting_a_variable,
        "          AUTO_APPROVE:",
        "          LOG_LEVEL: !Ref AutoApprove\n          AUTO_APPROVE:",
    ),
    (
        every_variable_refers_to_what_its_name_says,
        "DEAD_LETTER_QUEUE_URL: !Ref DeadLetterQueue",
        "DEAD_LETTER_QUEUE_URL: !Ref RegistrationQueue",
    ),
    (
        every_variable_refers_to_what_its_name_says,
        "ZOOM_CALLS_PER_DAY: !Ref ZoomCallsPerDay",
        "ZOOM_CALLS_PER_DAY: !Ref ZoomCallsPerSecond",
    ),
    (
        every_variable_refers_to_what_its_name_says,
        "ZOOM_TOKEN_SECRET: !GetAtt ZoomTokenSecret.Id",
        "ZOOM_TOKEN_SECRET: !GetAtt ZoomCredentialsSecret.Id",
    ),
    (every_function_has_time_for_its_calls, "Timeout: 29\n", "Timeout: 20\n"),
    (every_function_has_time_for_its_calls, "Timeout: 29\n", "Timeout: 31\n"),
    (every_function_has_time_for_its_calls, "Timeout: 25\n", "Timeout: 20\n"),
    (every_function_has_time_for_its_calls, "Timeout: 30\n", "Timeout: 36\n"),
    (every_function_has_time_for_its_calls, "Timeout: 30\n", "Timeout: 10\n"),
    (functions_share_their_configuration, "Layers: [!Ref RegistrarLayer]", "Layers: []"),
    (
        functions_share_their_configuration,
        "      CodeUri: functions/refresh_token/\n",
        "      CodeUri: functions/refresh_token/\n      FunctionName: x\n",
    ),
    (each_way_in_has_its_routes, "Path: /webinars/{webinar_id}/registrants", "Path: /{proxy+}"),
    (each_way_in_has_its_routes, "Path: /forms/{form_id}", "Path: /forms/{form_id+}"),
    (each_way_in_has_its_routes, "Method: POST", "Method: ANY"),
    (pages_have_their_routes, "Path: /embed.js", "Path: /embed"),
    (every_function_has_time_for_its_calls, "Timeout: 28 ", "Timeout: 10 "),
    (each_way_in_has_its_routes, '"2.0"', '"1.0"'),
    (api_is_throttled, "ThrottlingRateLimit: 500", "ThrottlingRateLimit: 10000"),
    (api_is_throttled, "        ThrottlingBurstLimit: 1000  # requests in a burst\n", ""),
    (api_is_throttled, "          ThrottlingRateLimit: 200", "          ThrottlingRateLimit: 2000"),
    (every_route_has_a_throttle_of_its_own, "        GET /embed.js: *throttle\n", ""),
    (every_route_has_a_throttle_of_its_own, "GET /embed.js: *throttle", "GET /embed: *throttle"),
    (api_answers_cors, "AllowOrigins: !Ref AllowedOrigins", 'AllowOrigins: ["*"]'),
    (api_answers_cors, 'AllowHeaders: ["*"]', "AllowHeaders: [content-type]"),
    (api_answers_cors, "        AllowMethods:", "        AllowCredentials: true\n        AllowMethods:"),
    (api_answers_cors, "AllowMethods: [GET, POST]", "AllowMethods: [POST]"),
    (token_is_minted_twice_in_its_lifetime, "rate(30 minutes)", "rate(60 minutes)"),
    (token_is_minted_twice_in_its_lifetime, "OmitName: true", "OmitName: false"),
    (alarm_email_is_subscribed, "    Condition: HasAlarmEmail\n", ""),
    (alarm_email_is_subscribed, "!Not [!Equals", "!And [!Equals"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_functions_are_configured_as_designed(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)
