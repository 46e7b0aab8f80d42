"""The fake Lambda: results and errors of a registered callable."""

import json
from typing import Any

import pytest

from tests.fakes import FakeLambda, NotModelledError


@pytest.fixture
def functions() -> FakeLambda:
    return FakeLambda()


def answer_of(response: dict[str, Any]) -> Any:
    return json.loads(response["Payload"].read())


def test_an_answer(functions: FakeLambda) -> None:
    arn = functions.register("echo", lambda event, context: {"got": event, "by": context.function_name})
    for name in ("echo", arn, f"{arn}:live"):
        for payload in (b'{"a": 1}', '{"a": 1}'):
            response = functions.invoke(FunctionName=name, Payload=payload)
            assert response["StatusCode"] == 200
            assert "FunctionError" not in response
            assert answer_of(response) == {"got": {"a": 1}, "by": "echo"}
    assert answer_of(functions.invoke(FunctionName="echo"))["got"] == {}


def test_an_exception_is_a_function_error_and_no_exception(functions: FakeLambda) -> None:
    functions.register("broken", lambda event, context: event["missing"])
    response = functions.invoke(FunctionName="broken", Payload=b"{}")
    assert (response["StatusCode"], response["FunctionError"]) == (200, "Unhandled")
    assert answer_of(response)["errorType"] == "KeyError"


def test_what_cannot_be_invoked(functions: FakeLambda) -> None:
    with pytest.raises(functions.exceptions.ResourceNotFoundException, match="Function not found"):
        functions.invoke(FunctionName="none")
    functions.register("f", lambda event, context: None)
    with pytest.raises(functions.exceptions.InvalidRequestContentException):
        functions.invoke(FunctionName="f", Payload=b"{")


def test_only_synchronous_invocations_are_modelled(functions: FakeLambda) -> None:
    functions.register("f", lambda event, context: None)
    with pytest.raises(NotModelledError):
        functions.invoke(FunctionName="f", InvocationType="Event")


def test_a_function_may_invoke_another(functions: FakeLambda) -> None:
    functions.register("inner", lambda event, context: 1)
    functions.register("outer", lambda event, context: answer_of(functions.invoke(FunctionName="inner")))
    assert answer_of(functions.invoke(FunctionName="outer")) == 1
    assert functions.calls["invoke"] == 2
