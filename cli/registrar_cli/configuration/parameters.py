"""Read the parameters of the deployed template, and check new values as CloudFormation will.

All of it comes from CloudFormation, nothing from the working directory, which may hold another version of the template.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.terminal.errors import Unreachable, WrongInput
from registrar_cli.terminal.formatting import did_you_mean
from registrar_cli.terminal.suggestions import suggest, suggest_deployment

# The layer is compiled for these: another value without another build ends in functions that do not start.
OF_THE_BUILD: Final = ("Architecture", "PythonRuntime")
_OWN: Final = "ZoomCallsPerSecond"  # every version of this product has it, and hardly another product


@dataclass(frozen=True)
class Parameter:
    """A parameter: its current `value`, and its `declaration` in the template."""

    name: str
    value: str
    declaration: Mapping[str, Any]

    @property
    def description(self) -> str:
        """Return what the parameter is for."""
        return str(self.declaration.get("Description", ""))

    @property
    def default(self) -> str:
        """Return the template's default."""
        return str(self.declaration.get("Default", ""))

    @property
    def allowed(self) -> list[str]:
        """Return the allowed values; empty where other constraints apply."""
        return [str(one) for one in self.declaration.get("AllowedValues", ())]

    def as_json(self) -> dict[str, Any]:
        """Return the parameter for JSON."""
        return {
            "name": self.name,
            "value": self.value,
            "default": self.default,
            "description": self.description,
            "allowed_values": self.allowed or None,
            "minimum": self.declaration.get("MinValue"),
            "maximum": self.declaration.get("MaxValue"),
            "pattern": self.declaration.get("AllowedPattern"),
        }

    def check(self, value: str) -> None:
        """Check a new value.

        Raises:
            WrongInput: CloudFormation would refuse it.
        """
        if problem := self._problem(value):
            raise WrongInput(f"{self.name} {problem}; given was {value!r}.", f"{self.name}: {self.description}")

    def _problem(self, value: str) -> str | None:
        rule = self.declaration
        if rule.get("Type") == "Number":
            number = _number(value)
            if number is None:
                return "must be a number"
            if not float(rule.get("MinValue", number)) <= number <= float(rule.get("MaxValue", number)):
                return f"must be between {rule.get('MinValue', 'any')} and {rule.get('MaxValue', 'any')}"
        if not int(rule.get("MinLength", 0)) <= len(value) <= int(rule.get("MaxLength", len(value))):
            return f"must have at most {rule.get('MaxLength', 'any')} characters, at least {rule.get('MinLength', 0)}"
        # CloudFormation removes spaces around the items of a list, and around nothing else.
        is_list = rule.get("Type") == "CommaDelimitedList"
        items = [item.strip() for item in value.split(",")] if is_list else [value]
        if self.allowed and not set(items) <= set(self.allowed):
            return f"must be {' or '.join(self.allowed)}"
        pattern = rule.get("AllowedPattern")
        if pattern and not all(re.fullmatch(pattern, item) for item in items):
            return f"must be {rule.get('ConstraintDescription', f'of the pattern {pattern}')}"
        return None


@dataclass(frozen=True)
class Change:
    """A parameter and its new value."""

    parameter: Parameter
    to: str

    def as_json(self) -> dict[str, str]:
        """Return the change for JSON."""
        return {"name": self.parameter.name, "from": self.parameter.value, "to": self.to}


def read_parameters(cloudformation: Any, stack: Stack) -> dict[str, Parameter]:
    """Return the parameters of the deployed template by name, in its order.

    Raises:
        Unreachable: the template cannot be read, or is that of another product.
    """
    try:
        template = cloudformation.get_template(StackName=stack.name, TemplateStage="Processed")["TemplateBody"]
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "reading the deployed template") from error
    # botocore parses JSON, which SAM's transform always returns; text is the YAML of a template without it.
    declarations = {} if isinstance(template, str) else template.get("Parameters", {})
    if _OWN not in declarations:
        raise Unreachable(
            f"The stack {stack.name} is no Zoom registrar: its template has no parameter {_OWN}.",
            f"Name the right stack (--stack or REGISTRAR_STACK), or {aws.ASK}.",
        )
    return {
        name: Parameter(name, stack.parameters.get(name, ""), declaration) for name, declaration in declarations.items()
    }


def parse_changes(assignments: Iterable[str], parameters: Mapping[str, Parameter]) -> list[Change]:
    """Return what the assignments, each NAME=VALUE, change; an assignment of the current value changes nothing.

    Raises:
        WrongInput: a name is unknown, belongs to the build or is given twice, or CloudFormation would refuse a value.
    """
    values: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise WrongInput(f"{name} has no value.", "Write NAME=VALUE, for example ZoomBudgetShare=50.")
        if name not in parameters:
            raise WrongInput(
                f"There is no parameter {name}.{did_you_mean(name, parameters)}",
                f"The parameters and their values: {suggest('configure')}",
            )
        parameters[name].check(value)
        if name in OF_THE_BUILD:
            raise WrongInput(
                f"{name} belongs to the build: the code must be built for the new value.",
                f"{suggest_deployment(assignment)} (docs/operations.md#another-python-version)",
            )
        if name in values:
            raise WrongInput(f"{name} is given twice.", "Give it once.")
        values[name] = value
    return [Change(parameters[name], value) for name, value in values.items() if value != parameters[name].value]


def _number(text: str) -> float | None:
    """Return the number, if it is written plainly: Python reads `1_0`, ` 50` and `nan` as numbers, too."""
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None
