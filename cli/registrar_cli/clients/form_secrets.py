"""Read and write `FormSecrets`: one JSON object with the signing secrets of all forms (contract 10).

Secrets Manager has no conditional write: each change reads the object right before it writes it.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from registrar.runtime.secret_text import NotAnObject, json_object

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.terminal.errors import Unreachable, WrongInput

MAX_BYTES: Final = 65_536  # of a secret's value, Secrets Manager


class FormSecrets:
    """The secrets of all forms.

    Every method raises `Unreachable` where Secrets Manager does not answer, or refuses.
    """

    def __init__(self, secrets: Any, secret_id: str) -> None:
        self._secrets = secrets
        self._secret_id = secret_id

    @classmethod
    def of(cls, session: Session) -> "FormSecrets":
        """Open the secret of the session's stack."""
        return cls(session.secrets, session.stack.resource("FormSecrets"))

    def read(self) -> dict[str, list[str]]:
        """Return the secrets of each form that has any, by form id, the newest last."""
        try:
            text = self._secrets.get_secret_value(SecretId=self._secret_id)["SecretString"]
        except self._secrets.exceptions.ResourceNotFoundException:
            return {}  # no value yet
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading FormSecrets") from error
        return _parsed(text)

    def change(self, form_id: str, change: Callable[[list[str]], list[str]]) -> list[str]:
        """Replace one form's secrets by what `change` makes of them, and return these.

        Raises:
            WrongInput: the object would be larger than Secrets Manager takes.
        """
        every = self.read()
        changed = change(every.pop(form_id, []))
        text = json.dumps(every | ({form_id: changed} if changed else {}))
        if len(text) > MAX_BYTES:
            raise WrongInput("FormSecrets is full: it holds the secrets of too many forms.", "Remove unused forms.")
        try:
            self._secrets.put_secret_value(SecretId=self._secret_id, SecretString=text)
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "writing FormSecrets") from error
        return changed


def _parsed(text: str) -> dict[str, list[str]]:
    """Parse the value as AcceptForm does: blank is no value yet."""
    try:
        found = json_object(text)
    except NotAnObject:
        found = {"": None}
    if not all(isinstance(listed, list) for listed in found.values()):
        what = "FormSecrets does not hold a JSON object of lists, so AcceptForm accepts no signed form."
        raise Unreachable(what, "Restore its previous version in Secrets Manager.")
    return {form_id: [str(one) for one in listed] for form_id, listed in found.items()}
