"""One run of a command: the stack it is about, and the clients it asks, made on first use.

In: the stack's name. Out: a `Session`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.terminal.output import Output


@dataclass
class Session:
    """What commands work with."""

    stack: Stack
    output: Output

    @classmethod
    def open(cls, stack_name: str, as_json: bool) -> "Session":
        """Find the stack.

        Raises:
            Unreachable: it is not there, or cannot be seen.
        """
        return cls(Stack.find(stack_name), Output(as_json))

    @cached_property
    def sqs(self) -> Any:
        """The client of SQS."""
        return aws.client("sqs")

    @cached_property
    def dynamodb(self) -> Any:
        """The client of DynamoDB."""
        return aws.client("dynamodb")

    @cached_property
    def secrets(self) -> Any:
        """The client of Secrets Manager."""
        return aws.client("secretsmanager")

    @cached_property
    def functions(self) -> Any:
        """The client of Lambda."""
        return aws.client("lambda")
