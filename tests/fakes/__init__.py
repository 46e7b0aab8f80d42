"""Stateful in-memory fakes of the AWS services that the registrar uses, in the shape of low-level boto3 clients.

    FakeSqs ─→ EventSourceMapping ─→ the handler under test ─→ FakeSqs, FakeDynamoDb, FakeSecrets, FakeLambda

All of them run on one VirtualClock, refuse what AWS refuses, count their calls, and fail in the same way (`faults.py`).
They import nothing of the product, so that no defect of it can hide in them.
"""

from tests.fakes.clock import TimeIsUp, VirtualClock
from tests.fakes.dynamodb.client import FakeDynamoDb
from tests.fakes.errors import NotModelledError
from tests.fakes.lambda_.context import FakeLambdaContext
from tests.fakes.lambda_.event_source_mapping import EventSourceMapping, Invocation
from tests.fakes.lambda_.invoke import FakeLambda
from tests.fakes.secrets import FakeSecrets
from tests.fakes.sqs.client import FakeSqs
from tests.fakes.sqs.queue import Delivery

__all__ = [
    "Delivery",
    "EventSourceMapping",
    "FakeDynamoDb",
    "FakeLambda",
    "FakeLambdaContext",
    "FakeSecrets",
    "FakeSqs",
    "Invocation",
    "NotModelledError",
    "TimeIsUp",
    "VirtualClock",
]
