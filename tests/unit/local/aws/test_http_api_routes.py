"""The routes of the HTTP API match the processed template, also after further deployments."""

from typing import Any

import pytest

from local.aws.http_api_routes import HttpApi, Route, http_apis, publish

KEY = "POST /webinars/{webinar_id}/registrants"


def integration(function: str) -> dict[str, Any]:
    uri = (
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        f"${{{function}.Arn}}/invocations"
    )
    return {
        "x-amazon-apigateway-integration": {
            "httpMethod": "POST",
            "type": "aws_proxy",
            "uri": {"Fn::Sub": uri},
            "payloadFormatVersion": "2.0",
        },
        "responses": {},
    }


def template(paths: dict[str, Any], cors: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what SAM generates for an AWS::Serverless::HttpApi."""
    body: dict[str, Any] = {"openapi": "3.0.1", "paths": paths}
    if cors is not None:
        body["x-amazon-apigateway-cors"] = cors
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}
    return {"Resources": {"SubmissionApi": api, "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}}}}


class Gateway:
    """The API Gateway client of an emulator with one API."""

    def __init__(self) -> None:
        self.cors: dict[str, Any] | None = None
        self.routes: dict[str, dict[str, str]] = {}
        self.integrations: dict[str, dict[str, str]] = {}

    def update_api(self, ApiId: str, CorsConfiguration: dict[str, Any]) -> None:  # noqa: N803
        self.cors = CorsConfiguration

    def get_routes(self, ApiId: str) -> dict[str, Any]:  # noqa: N803
        return {"Items": list(self.routes.values())}

    def create_integration(self, **parameters: str) -> dict[str, str]:
        created = {"IntegrationId": f"i{len(self.integrations)}", **parameters}
        self.integrations[created["IntegrationId"]] = created
        return created

    def create_route(self, **parameters: str) -> dict[str, str]:
        created = {"RouteId": f"r{len(self.routes)}", **parameters}
        self.routes[created["RouteId"]] = created
        return created

    def delete_route(self, ApiId: str, RouteId: str) -> None:  # noqa: N803
        del self.routes[RouteId]


def test_a_route_is_read_with_its_function() -> None:
    paths = {"/webinars/{webinar_id}/registrants": {"post": integration("AcceptSubmissionFunction"), "parameters": []}}
    (api,) = http_apis(template(paths))
    assert api == HttpApi("SubmissionApi", (Route(KEY, "AcceptSubmissionFunction", "2.0"),), None)


@pytest.mark.parametrize(
    ("path", "method", "key"),
    [
        ("/health", "get", "GET /health"),
        ("/files/{proxy+}", "x-amazon-apigateway-any-method", "ANY /files/{proxy+}"),
        ("/$default", "x-amazon-apigateway-any-method", "$default"),
    ],
)
def test_other_kinds_of_routes_are_read(path: str, method: str, key: str) -> None:
    (api,) = http_apis(template({path: {method: integration("OneFunction")}}))
    assert [route.key for route in api.routes] == [key]


def test_cors_settings_get_the_names_of_the_api_call() -> None:
    cors = {"allowOrigins": "*", "allowMethods": ["POST"], "allowHeaders": ["content-type"], "maxAge": 600}
    (api,) = http_apis(template({}, cors))
    assert api.cors == {
        "AllowOrigins": ["*"],
        "AllowMethods": ["POST"],
        "AllowHeaders": ["content-type"],
        "MaxAge": 600,
    }


def test_publishing_creates_routes_to_the_functions() -> None:
    gateway = Gateway()
    publish(HttpApi("SubmissionApi", (Route(KEY, "F", "2.0"),), {"MaxAge": 1}), "id", {"F": "arn:f"}, gateway)
    (route,) = gateway.routes.values()
    assert route["RouteKey"] == KEY
    assert gateway.integrations[route["Target"].removeprefix("integrations/")]["IntegrationUri"] == "arn:f"
    assert gateway.cors == {"MaxAge": 1}


def test_publishing_again_keeps_routes_and_removes_those_no_longer_in_the_template() -> None:
    gateway = Gateway()
    arns = {"F": "arn:f"}
    publish(HttpApi("A", (Route(KEY, "F", "2.0"), Route("GET /old", "F", "2.0")), None), "id", arns, gateway)
    (kept, _) = gateway.routes
    publish(HttpApi("A", (Route(KEY, "F", "2.0"),), None), "id", arns, gateway)
    assert list(gateway.routes) == [kept]
    assert gateway.cors is None
