"""Find a deployed stack by its name, with its outputs, parameters and resources, from CloudFormation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.terminal.errors import Unreachable


@dataclass(frozen=True)
class Stack:
    """A deployed stack. `resources` maps logical to physical ids."""

    name: str
    arn: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    resources: Mapping[str, str]

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
                raise _no_such_stack(name) from error
            raise aws.as_cli_error(error) from error
        except BotoCoreError as error:
            raise aws.as_cli_error(error, "reading the stack") from error
        return cls(
            name,
            found["StackId"],
            {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])},
            {one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", [])},
            {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in summaries},
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
        if not names.get(name):
            raise Unreachable(
                f"The stack {self.name} has no {kind} {name}.",
                "It was deployed from another version of template.yaml. Deploy this version, or name the right stack.",
            )
        return names[name]


def _no_such_stack(name: str) -> Unreachable:
    return Unreachable(
        f"There is no stack {name} in this account and region.",
        "Name it with --stack or REGISTRAR_STACK. AWS_PROFILE and AWS_REGION choose account and region.",
    )
