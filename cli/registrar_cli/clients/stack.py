"""Find a deployed stack by its name, with its outputs, parameters and resources, from CloudFormation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.terminal.errors import Unreachable

_NEVER_DEPLOYED: Final = {
    *("REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_FAILED"),
    *("ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_IN_PROGRESS", "DELETE_FAILED"),
}


@dataclass(frozen=True)
class Stack:
    """A deployed stack. `resources` maps logical to physical ids; `status` is CloudFormation's."""

    name: str
    arn: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    resources: Mapping[str, str]
    status: str = ""

    @classmethod
    def find(cls, name: str, cloudformation: Any = None) -> "Stack":
        """Read the stack from CloudFormation.

        Raises:
            Unreachable: no such stack exists in this account and region, or it cannot be read.
        """
        cloudformation = cloudformation or aws.client("cloudformation")
        try:
            found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
            summaries = [summary for page in pages for summary in page["StackResourceSummaries"]]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":  # AWS's code for an absent stack
                raise _no_such_stack(name, cloudformation.meta.region_name) from error
            raise aws.as_cli_error(error) from error
        except BotoCoreError as error:
            raise aws.as_cli_error(error, "reading the stack") from error
        return cls(
            name,
            found["StackId"],
            {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])},
            {one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", [])},
            {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in summaries},
            found["StackStatus"],
        )

    @property
    def queue_url(self) -> str:
        """Return the URL of RegistrationQueue."""
        return self.output("RegistrationQueueUrl")

    @property
    def dead_letter_url(self) -> str:
        """Return the URL of DeadLetterQueue."""
        return self.output("DeadLetterQueueUrl")

    @property
    def registrant_table(self) -> str:
        """Return the name of RegistrantTable."""
        return self.output("RegistrantTableName")

    def output(self, name: str) -> str:
        """Return an output of the template."""
        return self._of(self.outputs, name, "output")

    def resource(self, logical_id: str) -> str:
        """Return the physical id of a resource."""
        return self._of(self.resources, logical_id, "resource")

    def number(self, parameter: str) -> float:
        """Return a parameter as a number."""
        return float(self._of(self.parameters, parameter, "parameter"))

    @property
    def auto_approves(self) -> bool:
        """Return whether registrants are approved although the webinar asks for manual approval (AutoApprove)."""
        return self.parameters.get("AutoApprove", "true") == "true"

    def _of(self, names: Mapping[str, str], name: str, kind: str) -> str:
        if names.get(name):
            return names[name]
        if self.status in _NEVER_DEPLOYED:
            raise Unreachable(
                f"The first deployment of the stack {self.name} failed or has not finished: it is {self.status}.",
                f"If you did not deploy it, {aws.ASK}. docs/operations.md#a-first-deployment-that-fails",
            )
        raise Unreachable(
            f"The stack {self.name} has no {kind} {name}.",
            f"It was deployed from another version of template.yaml. Name the right stack, or {aws.ASK}.",
        )


def _no_such_stack(name: str, region: str) -> Unreachable:
    try:
        account = f", account {aws.client('sts').get_caller_identity()['Account']}"
    except (ClientError, BotoCoreError):
        account = ""  # who asks is not what failed
    return Unreachable(
        f"There is no stack {name} in region {region}{account}.",
        "AWS_REGION and AWS_PROFILE choose region and account, --stack or REGISTRAR_STACK the stack. "
        f"If you do not know them, {aws.ASK}.",
    )
