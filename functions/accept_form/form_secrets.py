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
    """Reads the secrets of each form at most once a minute.

    All of them are in one object, but each form has its own minute: a new form would otherwise have no secret until the
    object is read again, and everything would pass.
    """

    def __init__(self, secrets: Any, secret_id: str, clock: Callable[[], float] = time.time) -> None:
        self._secrets = secrets
        self._secret_id = secret_id
        self._clock = clock
        self._known: dict[str, tuple[float, list[str]]] = {}  # with the time until which each is used

    def of(self, form_id: str) -> list[str]:
        """Return a form's secrets as they were at most `FORM_CACHE_SECONDS` ago; empty if it has none.

        Raises:
            SecretsUnreadable: Secrets Manager did not answer, or the value is not what it should be.
        """
        now = self._clock()
        until, secrets = self._known.get(form_id, (0.0, []))
        if until <= now:
            secrets = _texts(self._read().get(form_id, []))
            self._known[form_id] = (now + limits.FORM_CACHE_SECONDS, secrets)
        return secrets

    def _read(self) -> dict[str, Any]:
        try:
            return json_object(self._secrets.get_secret_value(SecretId=self._secret_id)["SecretString"])
        except NotAnObject as not_an_object:
            raise SecretsUnreadable(f"FormSecrets: {not_an_object}") from None
        except KeyError:
            raise SecretsUnreadable("FormSecrets: not text") from None
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and _NO_VALUE in error.response["Error"]["Message"]:
                return {}
            raise SecretsUnreadable(f"FormSecrets: {error_code(error)}") from error


def _texts(secrets: object) -> list[str]:
    if not isinstance(secrets, list) or not all(isinstance(one, str) and one for one in secrets):
        raise SecretsUnreadable("FormSecrets: the entry of this form is not a list of texts")
    return secrets
