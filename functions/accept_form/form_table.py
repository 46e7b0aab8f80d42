"""Look up forms in FormTable, and count what each of them delivers (contract 10).

A form's id is its secret: it is in no error and no log line.
"""

import re
import time
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar.forms.providers.form import Form
from registrar.registrants.row import timestamp
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import StorageError

# The characters of tokens, of which `registrar forms add` writes 43. Nothing else is looked up.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


class FormTable:
    """Reads forms, each at most once a minute, and counts their submissions of the UTC day.

    Only a form that is open is remembered: some providers never deliver again after a 404 or 410, so that a form that
    was added, or enabled, a moment ago has to be found.
    """

    def __init__(self, dynamodb: Any, table: str, clock: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock
        self._known: dict[str, tuple[float, Form]] = {}  # with the time until which each is used

    def find(self, form_id: str) -> Form | None:
        """Return a form as it was at most `FORM_CACHE_SECONDS` ago; None if there is none.

        Raises:
            StorageError: the table cannot be read.
        """
        now = self._clock()
        if not _TOKEN.fullmatch(form_id):
            return None
        until, form = self._known.get(form_id, (0.0, None))
        if until > now:
            return form
        form = self._read(form_id)
        if form is not None and form.enabled:
            self._known[form_id] = (now + limits.FORM_CACHE_SECONDS, form)
        return form

    def _read(self, form_id: str) -> Form | None:
        try:
            response = self._dynamodb.get_item(TableName=self._table, Key=_key(form_id), ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise _storage_error(error) from error
        item = response.get("Item")
        return Form.from_item(item) if item else None

    def count(self, form: Form, is_unmapped: bool) -> int | None:
        """Count a submission, and return how many there are today; None if the form was removed meanwhile.

        It also counts those in a row of which no registrant can be made: `registrar doctor` warns of a form that
        delivers nothing else.

        Raises:
            StorageError: the write failed.
        """
        now = timestamp(self._clock())
        values = {":now": {"S": now}, ":day": {"S": now[:10]}, ":one": {"N": "1"}}
        values |= {} if is_unmapped else {":zero": {"N": "0"}}
        changed = "SET last_submission_at = :now" + ("" if is_unmapped else ", unmapped_in_a_row = :zero")
        one_more = "unmapped_in_a_row :one"
        first = "attribute_exists(form_id) AND (attribute_not_exists(counted_on) OR counted_on < :day)"
        for expression, condition in (
            (f"{changed} ADD submissions_today :one" + (f", {one_more}" if is_unmapped else ""), "counted_on >= :day"),
            (
                f"{changed}, counted_on = :day, submissions_today = :one" + (f" ADD {one_more}" if is_unmapped else ""),
                first,  # of the day
            ),
        ) * 2:  # another environment may count the day's first one between the two
            response = self._update(form, expression, condition, values)
            if response is not None:
                return int(response["Attributes"]["submissions_today"]["N"])
        return None

    def _update(self, form: Form, expression: str, condition: str, values: dict[str, Any]) -> Any:
        """Update the form's row; return None where the condition does not hold."""
        try:
            return self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(form.form_id),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValues="UPDATED_NEW",  # costs nothing
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return None
        except (ClientError, BotoCoreError) as error:
            raise _storage_error(error) from error


def _key(form_id: str) -> dict[str, Any]:
    return {"form_id": {"S": form_id}}


def _storage_error(error: ClientError | BotoCoreError) -> StorageError:
    return StorageError(f"FormTable: {error_code(error)}")
