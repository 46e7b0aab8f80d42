"""Update a stack's parameters and wait for the end. The code stays: CloudFormation uses the deployed template again."""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.redaction import without_personal_data

from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.configuration.parameters import Change
from registrar_cli.terminal.errors import Failed, Unreachable

POLL_SECONDS: Final = 3.0
WAIT_SECONDS: Final = 1_800.0  # an update of parameters takes a minute or two
DONE: Final = "UPDATE_COMPLETE"
ROLLBACK_FAILED: Final = "UPDATE_ROLLBACK_FAILED"
_NOT_ROLLED_BACK: Final = "UPDATE_FAILED"  # after a deployment with --disable-rollback: the stack runs
_NEVER_BEGUN: Final = "REVIEW_IN_PROGRESS"  # a first deployment's change set that no one executed
UPDATABLE: Final = {"CREATE_COMPLETE", DONE, "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}
# The template declares unnamed roles and uses a transform.
_CAPABILITIES: Final = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_NO_CHANGE: Final = "No updates are to be performed"
_CONSEQUENCE: Final = "cancelled"  # the reason of resources that stopped because of another one's failure


class StackUpdate:
    """One update of one stack."""

    def __init__(
        self,
        cloudformation: Any,
        stack: Stack,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cloudformation = cloudformation
        self._stack = stack
        self._sleep = sleep
        self._clock = clock
        self._token = f"registrar-{uuid.uuid4()}"  # marks the events of this update

    def check_status(self) -> None:
        """Check that the stack can be updated.

        Raises:
            Failed: it cannot, in its present status.
        """
        name, status = self._stack.name, self._stack.status
        if status in UPDATABLE:
            return
        if status.endswith("_IN_PROGRESS") and status != _NEVER_BEGUN:
            to_do = f"Wait until it has ended: aws cloudformation describe-stacks --stack-name {name}"
        elif status == ROLLBACK_FAILED:
            to_do = f"Repair it first: aws cloudformation continue-update-rollback --stack-name {name}"
        elif status == _NOT_ROLLED_BACK:
            to_do = f"Roll it back first: aws cloudformation rollback-stack --stack-name {name}"
        else:
            to_do = "Delete it and deploy again: docs/operations.md#a-first-deployment-that-fails"
        raise Failed(f"The stack {name} cannot be updated: it is {status}. Nothing was changed.", to_do)

    def start(self, changes: Sequence[Change], names: Iterable[str]) -> bool:
        """Start the update; all other parameters, among `names`, keep their values. Return whether there is any.

        Raises:
            Failed: CloudFormation refuses the update.
            Unreachable: it cannot be reached.
        """
        new = {change.parameter.name: change.to for change in changes}
        parameters = [
            {"ParameterKey": name, "ParameterValue": new[name]}
            if name in new
            else {"ParameterKey": name, "UsePreviousValue": True}
            for name in names
        ]
        try:
            self._cloudformation.update_stack(
                StackName=self._stack.name,
                UsePreviousTemplate=True,
                Parameters=parameters,
                Capabilities=_CAPABILITIES,
                ClientRequestToken=self._token,
            )
        except ClientError as error:
            message = error.response["Error"].get("Message", "")
            if _NO_CHANGE in message:
                return False
            if error.response["Error"]["Code"] == "ValidationError":
                raise Failed(f"CloudFormation refuses the update: {_safe(message)}", "Nothing was changed.") from error
            raise aws.as_cli_error(error) from error
        except BotoCoreError as error:
            raise aws.as_cli_error(error, "updating the stack") from error
        return True

    def progress(self) -> Iterator[int]:
        """Yield, until the update ends, how many resources are updated.

        Raises:
            Failed: the update failed; CloudFormation has restored the previous values, unless the message says so.
            Unreachable: CloudFormation does not answer, or the update takes too long.
        """
        deadline = self._clock() + WAIT_SECONDS
        while (status := self._status()).endswith("_IN_PROGRESS"):
            yield sum(event["ResourceStatus"] == DONE for event in self._events() if not self._is_stack(event))
            if self._clock() > deadline:
                raise Unreachable(
                    f"The update takes longer than {WAIT_SECONDS / 60:.0f} minutes, and goes on.", self._look()
                )
            self._sleep(POLL_SECONDS)
        if status == DONE:
            return
        what = f"The update failed: {self._reason()}"
        if status == "UPDATE_ROLLBACK_COMPLETE":
            raise Failed(what, "CloudFormation has restored the previous values. Correct the cause and try again.")
        repair = f"Repair it: aws cloudformation continue-update-rollback --stack-name {self._stack.name}"
        raise Failed(what, f"The stack is {status}. {repair if status == ROLLBACK_FAILED else self._look()}")

    def _look(self) -> str:
        return f"To follow it: aws cloudformation describe-stack-events --stack-name {self._stack.name}"

    def _status(self) -> str:
        try:
            found = self._cloudformation.describe_stacks(StackName=self._stack.name)["Stacks"][0]
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading the stack; the update goes on") from error
        return str(found["StackStatus"])

    def _events(self) -> list[dict[str, Any]]:
        """Return the events of this update, the newest first."""
        pages = self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=self._stack.name)
        try:
            events = (event for page in pages for event in page["StackEvents"])
            return list(takewhile(lambda event: event.get("ClientRequestToken") == self._token, events))
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading the stack's events; the update goes on") from error

    def _is_stack(self, event: dict[str, Any]) -> bool:
        return bool(event.get("PhysicalResourceId") == self._stack.arn)

    def _reason(self) -> str:
        """Return the first failure that is not the consequence of another one."""
        failures = [event for event in reversed(self._events()) if event["ResourceStatus"].endswith("_FAILED")]
        causes = [one for one in failures if _CONSEQUENCE not in one.get("ResourceStatusReason", _CONSEQUENCE)]
        if not causes:
            return f"CloudFormation names no reason. {self._look()}"
        return f"{causes[0]['LogicalResourceId']}: {_safe(causes[0]['ResourceStatusReason'])}"


def _safe(text: str) -> str:
    return without_personal_data(text, ())
