"""One run of a command: the stack it is about, and the clients it asks, made on first use.

In: the stack's name. Out: a `Session`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.registrants.table import RegistrantRows
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

    @cached_property
    def registrants(self) -> RegistrantRows:
        """The rows."""
        return RegistrantRows(self.dynamodb, self.stack.registrant_table, self.stack.resource("SubmissionTable"))

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """The dead letters."""
        return DeadLetters(self.sqs, self.stack.dead_letter_url)

    @cached_property
    def mapping(self) -> EventSourceMapping:
        """What hands the queue to the consumer."""
        return EventSourceMapping(self.functions, self.stack.resource("RegisterBatchFunction"))

    @cached_property
    def queue_depths(self) -> QueueDepths:
        """How many wait where."""
        return QueueDepths(self.sqs, self.stack.queue_url, self.stack.dead_letter_url)
