"""Read and write `FormTable`: the provider's forms whose submissions the stack accepts (contract 10)."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from registrar.forms.providers.form import Form

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.terminal.errors import NotFound


class FormTable:
    """The rows of FormTable. AcceptForm may use a row for a minute after it was changed.

    Every method raises `Unreachable` where the table does not answer, or refuses.
    """

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    @classmethod
    def of(cls, session: Session) -> "FormTable":
        """Open the table of the session's stack."""
        return cls(session.dynamodb, session.stack.resource("FormTable"))

    def forms(self) -> list[Form]:
        """Return all forms, sorted by name."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        try:
            forms = [Form.from_item(item) for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading FormTable") from error
        return sorted(forms, key=lambda form: (form.name.casefold(), form.form_id))

    def add(self, form: Form) -> None:
        """Write a new form; its random id is no other form's."""
        condition = "attribute_not_exists(form_id)"
        try:
            self._dynamodb.put_item(TableName=self._table, Item=form.to_item(), ConditionExpression=condition)
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "writing FormTable") from error

    def change(self, form: Form, values: Mapping[str, Any]) -> None:
        """Set attributes of a form, in DynamoDB's types; None removes one. All others stay as AcceptForm wrote them.

        Raises:
            NotFound: the form was removed meanwhile.
        """
        parts = {
            "SET": [f"#{name} = :{name}" for name, value in values.items() if value is not None],
            "REMOVE": [f"#{name}" for name, value in values.items() if value is None],
        }
        typed = {f":{name}": value for name, value in values.items() if value is not None}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(form),
                UpdateExpression=" ".join(f"{verb} {', '.join(names)}" for verb, names in parts.items() if names),
                ConditionExpression="attribute_exists(form_id)",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                **({"ExpressionAttributeValues": typed} if typed else {}),
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            raise NotFound(f"The form {form.name} was removed meanwhile.", "Nothing was changed.") from None
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "writing FormTable") from error

    def remove(self, form: Form) -> None:
        """Delete a form."""
        try:
            self._dynamodb.delete_item(TableName=self._table, Key=_key(form))
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "deleting from FormTable") from error


def _key(form: Form) -> dict[str, Any]:
    return {"form_id": {"S": form.form_id}}
