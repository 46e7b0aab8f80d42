"""Fault injection is the same for every fake, and raises what botocore raises."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)

from tests.fakes import FakeDynamoDb, FakeLambda, FakeSecrets, FakeSqs, NotModelledError, TimeIsUp, VirtualClock

KEY = {"id": {"S": "1"}}
ITEM = {"TableName": "t", "Item": KEY}


def _sqs() -> tuple[Any, str, Callable[[], Any]]:
    sqs = FakeSqs()
    url = sqs.add_queue("q")
    return sqs, "send_message", lambda: sqs.send_message(QueueUrl=url, MessageBody="x")


def _dynamodb() -> tuple[Any, str, Callable[[], Any]]:
    dynamodb = FakeDynamoDb()
    dynamodb.add_table("t", "id")
    return dynamodb, "put_item", lambda: dynamodb.put_item(**ITEM)


def _secrets() -> tuple[Any, str, Callable[[], Any]]:
    secrets = FakeSecrets()
    secrets.add_secret("s")
    return secrets, "put_secret_value", lambda: secrets.put_secret_value(SecretId="s", SecretString="v")


def _lambda() -> tuple[Any, str, Callable[[], Any]]:
    functions = FakeLambda()
    functions.register("f", lambda event, context: None)
    return functions, "invoke", lambda: functions.invoke(FunctionName="f")


every_fake = pytest.mark.parametrize("make", [_sqs, _dynamodb, _secrets, _lambda])


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


@every_fake
def test_fail_next_fails_so_many_calls_and_then_no_more(make: Any) -> None:
    fake, name, call = make()
    fake.fail_next(name, "InternalServerError", times=2)
    assert [code_of(call), code_of(call)] == ["InternalServerError"] * 2
    assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert fake.calls[name] == 3


@every_fake
def test_throttled_denied_and_unreachable_last_until_healed(make: Any) -> None:
    fake, name, call = make()
    fake.throttle(name)
    assert code_of(call) == code_of(call) == fake.throttled_code
    fake.heal(name)
    fake.deny()
    assert code_of(call) == fake.denied_code
    fake.heal()
    fake.unreachable(name)
    with pytest.raises(EndpointConnectionError):
        call()
    fake.heal()
    call()


@every_fake
def test_a_wrong_call_shape_is_refused_by_botocores_own_model(make: Any) -> None:
    fake, name, _ = make()
    with pytest.raises(ParamValidationError):
        getattr(fake, name)(Nonsense=1)
    with pytest.raises(TypeError):
        getattr(fake, name)("positional")


@every_fake
def test_chaos_is_the_same_for_the_same_seed(make: Any) -> None:
    def run(seed: int) -> list[str]:
        fake, _, call = make()
        fake.chaos(0.3, lost_rate=0.2, seed=seed)
        outcomes = []
        for _ in range(60):
            try:
                call()
            except (ClientError, EndpointConnectionError, ReadTimeoutError) as error:
                outcomes.append(type(error).__name__)
            else:
                outcomes.append("answered")
        return outcomes

    assert run(1) == run(1) != run(2)
    assert {"answered", "EndpointConnectionError", "ReadTimeoutError"} < set(run(1))


def test_a_fault_does_not_affect_other_operations_and_parameters() -> None:
    dynamodb, _, put = _dynamodb()
    dynamodb.fail_next("put_item", "InternalServerError", when=lambda params: params["Item"]["id"]["S"] == "2")
    put()
    dynamodb.get_item(TableName="t", Key=KEY)
    assert code_of(lambda: dynamodb.put_item(TableName="t", Item={"id": {"S": "2"}})) == "InternalServerError"


def test_a_lost_answer_has_taken_effect() -> None:
    dynamodb, _, put = _dynamodb()
    dynamodb.lose_answer("put_item")
    with pytest.raises(ReadTimeoutError):
        put()
    assert dynamodb.rows("t") == [{"id": "1"}]


def test_a_failed_call_has_no_effect() -> None:
    dynamodb, _, put = _dynamodb()
    dynamodb.fail_next("put_item", "ThrottlingException")
    with pytest.raises(dynamodb.exceptions.ThrottlingException):
        put()
    assert dynamodb.rows("t") == []


def test_a_concurrent_write_can_come_first() -> None:
    dynamodb, _, _ = _dynamodb()
    other = {"TableName": "t", "Item": {**KEY, "by": {"S": "other"}}}
    dynamodb.before_next("put_item", lambda _: dynamodb.put_item(**other))
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(**ITEM, ConditionExpression="attribute_not_exists(id)")
    assert dynamodb.rows("t") == [{"id": "1", "by": "other"}]


def test_a_fault_may_have_its_own_exception() -> None:
    dynamodb, _, put = _dynamodb()
    dynamodb.fail_next("put_item", TimeIsUp("killed in this call"))
    with pytest.raises(TimeIsUp):
        put()


def test_one_table_can_be_throttled_alone() -> None:
    dynamodb, _, put = _dynamodb()
    dynamodb.add_table("u", "id")
    dynamodb.throttle_table("t")
    assert code_of(put) == "ThrottlingException"
    keys = {"Keys": [KEY]}
    assert code_of(lambda: dynamodb.batch_get_item(RequestItems={"t": keys})) == "ThrottlingException"
    assert dynamodb.batch_get_item(RequestItems={"u": keys})["UnprocessedKeys"] == {}


def test_an_unknown_parameter_is_not_modelled() -> None:
    dynamodb, _, _ = _dynamodb()
    with pytest.raises(NotModelledError, match="IndexName"):
        dynamodb.scan(TableName="t", IndexName="by-date")


def test_requests_are_recorded_as_they_were_sent() -> None:
    dynamodb, _, _ = _dynamodb()
    item = {"id": {"S": "1"}}
    dynamodb.put_item(TableName="t", Item=item)
    item["id"]["S"] = "changed afterwards"
    assert dynamodb.requests_of("put_item") == [{"TableName": "t", "Item": {"id": {"S": "1"}}}]


def test_calls_take_virtual_time() -> None:
    clock = VirtualClock()
    sqs = FakeSqs(clock)
    url = sqs.add_queue("q")
    sqs.latency_s["send_message"] = 0.02
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert clock.monotonic() == pytest.approx(0.02)


def test_validation_and_records_can_be_switched_off_but_counting_not() -> None:
    sqs = FakeSqs(validate=False, record=False)
    url = sqs.add_queue("q")
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert (sqs.calls["send_message"], sqs.requests) == (1, [])
