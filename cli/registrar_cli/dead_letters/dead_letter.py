"""One message of `DeadLetterQueue`, with the registrant in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registrar.forms.providers.form import Form
from registrar.forms.providers.set_aside import SetAside, from_body
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import InvalidRegistrant, Key, MalformedMessage, Registrant

from registrar_cli.dead_letters.body import webinar_in


@dataclass(frozen=True)
class DeadLetter:
    """One dead letter. `key` is None if the body holds none; `registrant` is None if the body holds no valid one.

    `set_aside` is what a provider's form sent (contract 10). `body` is then the message that the mapping of its `form`
    makes of it, as far as it goes; `form` is None if the form was removed. `problem` says why there is no registrant.
    """

    message_id: str
    receipt_handle: str = field(repr=False)
    body: str = field(repr=False)
    group_id: str | None
    attributes: Mapping[str, str]
    sent_at: float  # epoch seconds
    key: Key | None
    registrant: Registrant | None
    set_aside: SetAside | None = field(default=None, repr=False)
    form: Form | None = None
    problem: str = ""

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> "DeadLetter":
        """Read a message from ReceiveMessage."""
        attributes = {name: one.get("StringValue", "") for name, one in message.get("MessageAttributes", {}).items()}
        system, body = message["Attributes"], message["Body"]
        key, registrant = _parse(body)
        sent_at = int(system["SentTimestamp"]) / 1000  # SQS counts milliseconds
        handle, group_id = message["ReceiptHandle"], system.get("MessageGroupId")
        set_aside = None if key else from_body(body)
        return cls(message["MessageId"], handle, body, group_id, attributes, sent_at, key, registrant, set_aside)

    @property
    def reason(self) -> str | None:
        """Return the reason; None where SQS moved the message after crashes.

        What a form sent stays unmapped, also if it was sent to the consumer as it was, which rejects it as malformed.
        """
        return Reason.UNMAPPED_FORM if self.set_aside else self.attributes.get("reason")

    @property
    def detail(self) -> str:
        """Return what is wrong with it: of what a form sent, by the form's present mapping."""
        return self.problem or self.attributes.get("detail", "")

    @property
    def is_unmapped(self) -> bool:
        """Return whether a form sent it, and its mapping makes no registrant of it."""
        return self.set_aside is not None and self.registrant is None

    @property
    def webinar_id(self) -> str | None:
        """Return the webinar id, which may be readable where the registrant is not."""
        return self.key.webinar_id if self.key else webinar_in(self.body)


def _parse(body: str) -> tuple[Key | None, Registrant | None]:
    try:
        registrant = Registrant.from_message(body)
    except InvalidRegistrant as invalid:
        return invalid.key, None
    except MalformedMessage:
        return None, None
    return registrant.key, registrant
