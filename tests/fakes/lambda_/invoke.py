"""A fake of Lambda's Invoke, with registered Python callables as functions.

An exception of the callable becomes a `FunctionError` in the response. Only synchronous invocation is modelled.
"""

import io
import json
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Unpack, cast

from botocore.response import StreamingBody

from tests.fakes.client import ACCOUNT, REGION, FakeClient, Options, Response, operation
from tests.fakes.clock import TimeIsUp, VirtualClock
from tests.fakes.errors import ServiceError
from tests.fakes.faults import Params
from tests.fakes.lambda_.context import FakeLambdaContext

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

Function = Callable[[Any, FakeLambdaContext], Any]


class FakeLambda(FakeClient):
    """The functions of one account. Timeouts are not enforced."""

    service = "lambda"
    throttled_code = "TooManyRequestsException"
    # A callable may call this and other fakes, even from other threads.
    atomic = False

    def __init__(self, clock: VirtualClock | None = None, **options: Unpack[Options]) -> None:
        """Start without functions."""
        super().__init__(clock, **options)
        self._functions: dict[str, Function] = {}

    @property
    def client(self) -> "LambdaClient":
        """Return itself, typed as the client it stands for."""
        return cast("LambdaClient", self)

    def register(self, name: str, function: Function) -> str:
        """Register `function(event, context)` under a name and return its ARN."""
        self._functions[name] = function
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"

    @operation("FunctionName", "Payload")
    def invoke(self, params: Params) -> Response:
        """Run the callable of this name or ARN (Invoke)."""
        name = self._name(params["FunctionName"])
        event = _read_payload(params.get("Payload", b"{}"))
        payload, error = self._run(name, event)
        answer: Response = {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(payload), len(payload))}
        return answer | ({"FunctionError": "Unhandled"} if error else {})

    def _run(self, name: str, event: Any) -> tuple[bytes, BaseException | None]:
        context = FakeLambdaContext(self.clock, function_name=name, request_id=self.new_id())
        try:
            return json.dumps(self._functions[name](event, context)).encode(), None
        except (AssertionError, TimeIsUp):
            # A failed assertion of the test, and the kill of the caller: neither is an error of this function.
            raise
        except Exception as error:  # noqa: BLE001 - the runtime reports every exception
            report = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "requestId": context.aws_request_id,
                "stackTrace": traceback.format_tb(error.__traceback__),
            }
            return json.dumps(report).encode(), error

    def _name(self, name_or_arn: str) -> str:
        _, is_arn, name = name_or_arn.partition(":function:")
        name = name.partition(":")[0] if is_arn else name_or_arn
        if name not in self._functions:
            raise ServiceError(
                "ResourceNotFoundException",
                f"Function not found: arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
                Type="User",
            )
        return name


def _read_payload(content: str | bytes) -> Any:
    try:
        return json.loads(content or b"{}")
    except ValueError as broken:
        raise ServiceError(
            "InvalidRequestContentException", f"Could not parse request body into json: {broken}"
        ) from broken
