"""Create the routes of the HTTP API, which the emulator does not read from the template.

On AWS the OpenAPI body that SAM generates defines routes, integrations and CORS. ministack ignores it, so this module
creates them with API calls after each deployment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HTTP_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"})
HTTP_API_TYPE = "AWS::ApiGatewayV2::Api"


@dataclass(frozen=True)
class Route:
    """A route to a function."""

    key: str
    """Method and path as API Gateway writes them: `POST /webinars/{webinar_id}/registrants`."""
    function: str
    """Its logical id."""
    payload_version: str


@dataclass(frozen=True)
class HttpApi:
    """An HTTP API of the template."""

    logical_id: str
    routes: tuple[Route, ...]
    cors: Mapping[str, Any] | None


def http_apis(template: Mapping[str, Any]) -> Iterator[HttpApi]:
    """Find the HTTP APIs of a processed template."""
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == HTTP_API_TYPE:
            body = resource["Properties"].get("Body", {})
            yield HttpApi(logical_id, tuple(_routes(body)), _cors(body))


def _routes(body: Mapping[str, Any]) -> Iterator[Route]:
    for path, methods in body.get("paths", {}).items():
        for method, operation in methods.items():
            if method not in HTTP_METHODS:
                continue
            integration = operation["x-amazon-apigateway-integration"]
            verb = "ANY" if method.startswith("x-") else method.upper()
            key = "$default" if path == "/$default" else f"{verb} {path}"
            yield Route(key, _function(integration["uri"]), integration["payloadFormatVersion"])


def _function(uri: Mapping[str, str]) -> str:
    """Return the logical id in `…/functions/${AcceptSubmissionFunction.Arn}/invocations`."""
    before_end = uri["Fn::Sub"].rpartition(".Arn}")[0]
    return before_end.rpartition("${")[2]


def _cors(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Translate OpenAPI's names (`allowOrigins`) to those of the API call (`AllowOrigins`)."""
    found = body.get("x-amazon-apigateway-cors")
    if found is None:
        return None
    lists = ("allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders")
    settings = {name[0].upper() + name[1:]: value for name, value in found.items()}
    for name in (name[0].upper() + name[1:] for name in lists if name in found):
        settings[name] = [settings[name]] if isinstance(settings[name], str) else list(settings[name])
    return settings


def publish(api: HttpApi, api_id: str, function_arns: Mapping[str, str], gateway: Any) -> None:
    """Create and delete routes of the emulator's API to match the template, without touching those that match."""
    if api.cors is not None:
        gateway.update_api(ApiId=api_id, CorsConfiguration=dict(api.cors))
    present = {route["RouteKey"]: route["RouteId"] for route in gateway.get_routes(ApiId=api_id)["Items"]}
    for route in api.routes:
        if route.key in present:
            del present[route.key]
            continue
        integration = gateway.create_integration(
            ApiId=api_id,
            IntegrationType="AWS_PROXY",
            IntegrationMethod="POST",
            IntegrationUri=function_arns[route.function],
            PayloadFormatVersion=route.payload_version,
        )
        gateway.create_route(ApiId=api_id, RouteKey=route.key, Target=f"integrations/{integration['IntegrationId']}")
    for surplus in present.values():
        gateway.delete_route(ApiId=api_id, RouteId=surplus)
