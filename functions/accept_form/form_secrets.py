"""Read FormSecrets: one JSON object, form id → list of signing secrets (contract 10)."""

import time
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar.runtime.aws import error_code
from registrar.runtime.secret_text import NotAnObject, json_object

# A secret without a value yet and one that does not exist have the same code; with the latter, everything would pass.
_NO_VALUE: Final = "secret value for staging label"


class SecretsUnreadable(RuntimeError):
    """The secrets cannot be read, so that no signature can be verified. The message holds no value."""


class FormSecrets:
    """The secrets of all forms, read at most once a minute."""

    def __init__(self, secrets: Any, secret_id: str, clock: Callable[[], float] = time.time) -> None:
        self._secrets = secrets
        self._secret_id = secret_id
        self._clock = clock
        self._read_at = float("-inf")
        self._value: dict[str, Any] = {}

    def of(self, form_id: str) -> list[str]:
        """Return a form's secrets as they were at most `FORM_CACHE_SECONDS` ago; empty if it has none.

        Raises:
            SecretsUnreadable: Secrets Manager did not answer, or the value is not what it should be.
        """
        if self._clock() - self._read_at >= limits.FORM_CACHE_SECONDS:
            started = self._clock()
            self._value = self._read()
            self._read_at = started
        secrets = self._value.get(form_id, [])
        if not isinstance(secrets, list) or not all(isinstance(one, str) and one for one in secrets):
            raise SecretsUnreadable("FormSecrets: the entry of this form is not a list of texts")
        return secrets

    def _read(self) -> dict[str, Any]:
        try:
            return json_object(self._secrets.get_secret_value(SecretId=self._secret_id)["SecretString"])
        except NotAnObject as not_an_object:
            raise SecretsUnreadable(f"FormSecrets: {not_an_object}") from None
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and _NO_VALUE in error.response["Error"]["Message"]:
                return {}
            raise SecretsUnreadable(f"FormSecrets: {error_code(error)}") from error
