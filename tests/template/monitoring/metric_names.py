"""The metrics that exist: those that the code emits, and those of AWS that alarms and dashboard may use."""

import json
from collections.abc import Mapping
from typing import Any

from registrar.observability.metrics import NAMESPACE, Metric

from tests.template.cloudformation import Template

OURS = {metric.title: metric for metric in Metric}

# AWS's names, as documented: the dimension, the type of resource that it names, and its attribute.
QUEUE = ("QueueName", "AWS::SQS::Queue", "QueueName")
FUNCTION = ("FunctionName", "AWS::Serverless::Function", "")
API = ("ApiId", "AWS::Serverless::HttpApi", "")
OF_AWS = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): QUEUE,
    ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible"): QUEUE,
    ("AWS/Lambda", "Errors"): FUNCTION,
    ("AWS/Lambda", "Throttles"): FUNCTION,
    ("AWS/Lambda", "Duration"): FUNCTION,
    ("AWS/Lambda", "Invocations"): FUNCTION,
    ("AWS/ApiGateway", "5xx"): API,  # of HTTP APIs; REST APIs call it 5XXError and have another dimension
}


def assert_emitted(template: Template, namespace: str, name: str, dimensions: Mapping[str, Any]) -> None:
    """Assert that this metric is emitted with exactly these dimensions."""
    if (namespace, name) == (NAMESPACE, "RequestsThrottled"):
        _assert_filtered(template, dimensions)
        return
    if namespace == NAMESPACE:
        assert name in OURS, f"no code emits {name}"
        assert dimensions == {"service": str(OURS[name].service), "stack": {"Ref": "AWS::StackName"}}, name
        return
    assert (namespace, name) in OF_AWS, f"{name} is not among the known metrics of {namespace}"
    dimension, type_, attribute = OF_AWS[namespace, name]
    assert dimensions.keys() == {dimension}, name
    (target,) = dimensions[dimension].values()
    logical_id, _, of = target.partition(".")
    assert template.resources[logical_id]["Type"] == type_, target
    assert of == attribute, target


def _assert_filtered(template: Template, dimensions: Mapping[str, Any]) -> None:
    """Assert that the metric filter counts the access log's lines with status 429, with these dimensions."""
    filter_ = template.properties("RequestsThrottledFilter")
    assert filter_["LogGroupName"] == {"Ref": "SubmissionApiLogGroup"}
    assert filter_["FilterPattern"] == '{ $.status = "429" }'
    (made,) = filter_["MetricTransformations"]
    assert (made["MetricNamespace"], made["MetricName"], made["MetricValue"]) == (NAMESPACE, "RequestsThrottled", "1")
    assert "DefaultValue" not in made  # CloudWatch refuses it beside dimensions
    line = json.loads(template.properties("SubmissionApi")["AccessLogSettings"]["Format"])
    fields = {one["Key"]: line[one["Value"].removeprefix("$.")] for one in made["Dimensions"]}
    assert line["status"] == "$context.status"
    assert fields == {"ApiId": "$context.apiId"}
    assert dimensions == {"ApiId": {"Ref": "SubmissionApi"}}
