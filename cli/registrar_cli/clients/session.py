"""Hold what one run of a command works with: the stack, the output, and AWS clients made on first use."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.terminal.output import Output
from registrar_cli.terminal.suggestions import set_stack


@dataclass
class Session:
    """What a command works with: the stack, the output and the clients."""

    stack: Stack
    output: Output

    @classmethod
    def open(cls, stack_name: str, as_json: bool) -> "Session":
        """Find the stack.

        Raises:
            Unreachable: the stack does not exist, or cannot be read.
        """
        set_stack(stack_name)
        return cls(Stack.find(stack_name), Output(as_json))

    @cached_property
    def cloudformation(self) -> Any:
        """Return the CloudFormation client."""
        return aws.client("cloudformation")

    @cached_property
    def sqs(self) -> Any:
        """Return the SQS client."""
        return aws.client("sqs")

    @cached_property
    def dynamodb(self) -> Any:
        """Return the DynamoDB client."""
        return aws.client("dynamodb")

    @cached_property
    def secrets(self) -> Any:
        """Return the Secrets Manager client."""
        return aws.client("secretsmanager")

    @cached_property
    def functions(self) -> Any:
        """Return the Lambda client."""
        return aws.client("lambda")
