"""Every AWS operation that the consumer calls, and the faults that last until `heal`."""

from collections.abc import Callable
from typing import Any

OPERATIONS = [
    ("sqs", "receive_message"),
    ("sqs", "change_message_visibility_batch"),
    ("sqs", "delete_message_batch"),
    ("sqs", "send_message_batch"),
    ("dynamodb", "batch_get_item"),
    ("dynamodb", "get_item"),
    ("dynamodb", "batch_write_item"),
    ("dynamodb", "put_item"),
    ("dynamodb", "update_item"),
    ("secrets", "get_secret_value"),
    ("functions", "invoke"),
]
LASTING_FAULTS: dict[str, Callable[[Any, str], None]] = {
    "denied": lambda fake, operation: fake.deny(operation),
    "throttled": lambda fake, operation: fake.throttle(operation),
    "out of reach": lambda fake, operation: fake.unreachable(operation),
    "responses lost": lambda fake, operation: fake.lose_answer(operation, times=10**6),
}
