"""The metrics that exist: those that the code emits, and those of AWS that alarms and dashboard may use."""

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
