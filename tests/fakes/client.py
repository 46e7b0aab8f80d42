"""The base of all fakes: a client that takes calls as boto3 does.

A call is, in this order: counted, recorded, checked against botocore's service model, delayed on the virtual clock,
failed if a fault says so (`faults.py`), and executed under one lock. It returns the result of the fake's method with
`ResponseMetadata`, or raises botocore's exception.
"""

from __future__ import annotations

import copy
import functools
import random
import threading
import types
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import botocore.session
from botocore import xform_name
from botocore.errorfactory import ClientExceptionsFactory
from botocore.exceptions import ClientError, ParamValidationError
from botocore.paginate import Paginator, PaginatorModel
from botocore.validate import ParamValidator

from tests.fakes.clock import VirtualClock
from tests.fakes.errors import ErrorSource, NotModelledError, ServiceError
from tests.fakes.faults import FaultInjection, InjectedErrors, Params

Response = dict[str, Any]

REGION = "us-east-1"
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Call:
    """One recorded call."""

    operation: str
    params: Params


class Options(TypedDict, total=False):
    """Options of every fake. Without `validate` and `record` it is twice as fast, for runs of many thousand calls."""

    validate: bool
    record: bool
    seed: int


def operation(*modelled: str) -> Callable[[Callable[[Any, Params], Response]], Callable[..., Response]]:
    """Turn a method into an API operation; a parameter that is not in `modelled` raises NotModelledError."""
    known = frozenset(modelled)

    def decorate(method: Callable[[Any, Params], Response]) -> Callable[..., Response]:
        name = method.__name__

        @functools.wraps(method)
        def call(self: FakeClient, /, **params: Any) -> Response:
            return self._call(name, params, known, functools.partial(method, self))

        return call

    return decorate


class FakeClient(FaultInjection):
    """A client of one service, with a clock, counters and faults."""

    service = ""  # botocore's name of the service
    # Calls of one fake exclude each other, but not where an effect runs other code (FakeLambda).
    atomic = True

    def __init__(self, clock: VirtualClock | None = None, **options: Unpack[Options]) -> None:
        """Make a service without any resource."""
        super().__init__()
        self.clock = clock or VirtualClock()
        self.validate = options.get("validate", True)
        self.record = options.get("record", True)
        self.calls: Counter[str] = Counter()
        self.requests: list[Call] = []
        # Called after every call that took effect, before its caller gets the response, even if that is then lost.
        self.on_effect: Callable[[str, Params, Response], None] | None = None
        # Virtual seconds that a call takes, by operation; 0 by default.
        self.latency_s: dict[str, float] = {}
        self.random = random.Random(options.get("seed", 0))
        self.lock = threading.RLock()
        self.endpoint_url = f"https://{self.service}.{REGION}.amazonaws.com/"
        self.exceptions = _exceptions(self.service)
        self.meta = types.SimpleNamespace(region_name=REGION, endpoint_url=self.endpoint_url)

    def requests_of(self, name: str) -> list[Params]:
        """Return the parameters of the recorded calls of one operation."""
        return [call.params for call in self.requests if call.operation == name]

    def get_paginator(self, name: str) -> Paginator[Any]:
        """Return botocore's own paginator over this fake."""
        pages = _session().get_component("data_loader").load_service_model(self.service, "paginators-1")
        model = _operation_model(self.service, name)
        return Paginator(getattr(self, name), PaginatorModel(pages).get_paginator(model.name), model)

    def error(self, name: str, error: ErrorSource) -> BaseException:
        """Return the exception that the caller of `name` gets for an injected error."""
        if isinstance(error, str):
            return self._client_error(name, ServiceError(error, f"{error} injected by the test"))
        return error if isinstance(error, BaseException) else error()

    def new_id(self) -> str:
        """Return a fresh UUID, the same for the same seed."""
        with self.lock:
            return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _call(
        self, name: str, params: Params, modelled: frozenset[str], effect: Callable[[Params], Response]
    ) -> Response:
        self._note(name, params)
        if self.validate:
            _check_parameters(self.service, name, params)
        unknown = params.keys() - modelled
        if unknown:
            raise NotModelledError(f"{self.service}.{name}: the fake does not know {sorted(unknown)}")
        # Even for 0 seconds: a killed environment makes no call.
        self.clock.sleep(self.latency_s.get(name, 0.0))
        injected = self._injected_errors(name, params)
        if injected.before is not None:
            raise self.error(name, injected.before)
        return self._take_effect(name, params, effect, injected)

    def _note(self, name: str, params: Params) -> None:
        with self.lock:
            self.calls[name] += 1
            if self.record:
                self.requests.append(Call(name, copy.deepcopy(params)))

    def _take_effect(
        self, name: str, params: Params, effect: Callable[[Params], Response], injected: InjectedErrors
    ) -> Response:
        try:
            if self.atomic:
                with self.lock:
                    answer = effect(params)
            else:
                answer = effect(params)
        except ServiceError as refusal:
            raise self._client_error(name, refusal) from refusal
        if self.on_effect is not None:
            self.on_effect(name, params, answer)
        if injected.after is not None:
            raise self.error(name, injected.after)
        answer["ResponseMetadata"] = {"HTTPStatusCode": 200, "RequestId": "fake", "RetryAttempts": 0}
        return answer

    def _error_members(self, refusal: ServiceError) -> dict[str, Any]:
        """Return the `Error` member in the form of this service's protocol."""
        return {"Code": refusal.code, "Message": refusal.message}

    def _client_error(self, name: str, refusal: ServiceError) -> ClientError:
        members = self._error_members(refusal)
        response = {
            "Error": members,
            "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "fake", "RetryAttempts": 0},
            **refusal.extra,
        }
        modelled = self.exceptions.from_code(members.get("QueryErrorCode") or members["Code"])
        error: ClientError = modelled(response, _operation_model(self.service, name).name)
        return error


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@functools.cache
def _exceptions(service: str) -> Any:
    """Return what boto3 calls `client.exceptions`."""
    return _exceptions_factory().create_client_exceptions(_session().get_service_model(service))


@functools.cache
def _exceptions_factory() -> ClientExceptionsFactory:
    return ClientExceptionsFactory()


@functools.cache
def _operation_model(service: str, name: str) -> Any:
    model = _session().get_service_model(service)
    for operation_name in model.operation_names:
        if xform_name(operation_name) == name:
            return model.operation_model(operation_name)
    raise NotModelledError(f"{service} has no operation {name}")


def _check_parameters(service: str, name: str, params: Params) -> None:
    """Raise botocore's ParamValidationError for a call that boto3 would not send."""
    report = ParamValidator().validate(params, _operation_model(service, name).input_shape)
    if report.has_errors():
        raise ParamValidationError(report=report.generate_report())
