"""A form of a provider, as `registrar forms add` writes it to FormTable (contract 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from registrar import limits


@dataclass(frozen=True, kw_only=True)
class Form:
    """One row of FormTable. Either `webinar_id` is set, or `webinar_from` names the field that holds it.

    `fields` maps a field of ours, `answers.<title>` or `submission_id` to the provider's own key; what is absent is
    found by type and by the usual labels. The id is the only secret of providers that sign nothing: it is never logged.
    """

    form_id: str = field(repr=False)
    provider: str
    name: str = ""
    webinar_id: str | None = None
    webinar_from: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True
    created_at: str | None = None
    last_submission_at: str | None = None
    daily_ceiling: int = limits.FORM_DAILY_CEILING
    """Submissions of a UTC day, beyond which they are set aside."""
    unmapped_in_a_row: int = 0
    """How many of the last submissions made no registrant; AcceptForm counts them."""

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read DynamoDB's typed attributes, ignoring those that a later version adds."""
        return cls(
            form_id=item["form_id"]["S"],
            provider=_text(item, "provider") or "",
            name=_text(item, "name") or "",
            webinar_id=_text(item, "webinar_id"),
            webinar_from=_text(item, "webinar_from"),
            fields={name: value["S"] for name, value in item.get("fields", {}).get("M", {}).items() if "S" in value},
            enabled=item.get("enabled", {}).get("BOOL", True),
            created_at=_text(item, "created_at"),
            last_submission_at=_text(item, "last_submission_at"),
            daily_ceiling=int(item.get("daily_ceiling", {}).get("N", limits.FORM_DAILY_CEILING)),
            unmapped_in_a_row=int(item.get("unmapped_in_a_row", {}).get("N", 0)),
        )

    def to_item(self) -> dict[str, Any]:
        """Return DynamoDB's typed attributes, without the absent ones."""
        texts = {
            "form_id": self.form_id,
            "provider": self.provider,
            "name": self.name,
            "webinar_id": self.webinar_id,
            "webinar_from": self.webinar_from,
            "created_at": self.created_at,
            "last_submission_at": self.last_submission_at,
        }
        return {
            **{name: {"S": value} for name, value in texts.items() if value},
            "fields": {"M": {name: {"S": key} for name, key in self.fields.items()}},
            "enabled": {"BOOL": self.enabled},
            "daily_ceiling": {"N": str(self.daily_ceiling)},
        }


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name, {}).get("S")
    return None if value is None else str(value)
