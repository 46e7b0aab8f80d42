"""How the error response to a batch names its invalid items: one possible wording per value of the `Naming` switch."""

from collections.abc import Sequence
from dataclasses import dataclass

from local.fake_zoom import errors
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.switches import Naming

MESSAGE = "Invalid field."


@dataclass(frozen=True, slots=True)
class InvalidItem:
    """One invalid item: its index in the batch as sent, its e-mail, the invalid field."""

    index: int
    email: str
    field: str


def refusal(naming: Naming, items: Sequence[InvalidItem], batch_size: int) -> ZoomError:
    """Return the error with which Zoom refuses a batch for these items."""
    if naming is Naming.NOT_NAMED:
        return errors.validation_failed()
    if naming is Naming.BY_EMAIL_IN_MESSAGE:
        return errors.validation_failed_for(items[0].email)
    return errors.validation_failed([_entry(naming, item, batch_size) for item in items])


def _entry(naming: Naming, item: InvalidItem, batch_size: int) -> tuple[str, str]:
    index, field = item.index, item.field
    match naming:
        case Naming.BY_INDEX_WITH_DOTS:
            return f"registrants.{index}.{field}", MESSAGE
        case Naming.BY_INDEX_FROM_ONE:
            return f"registrants[{index + 1}].{field}", MESSAGE
        case Naming.BY_WRONG_INDEX:
            return f"registrants[{(index + 1) % batch_size}].{field}", MESSAGE
        case Naming.BY_EMAIL:
            return field, f"Invalid field: {item.email}"
        case Naming.BY_FIELD_ONLY:
            return field, MESSAGE
        case _:
            return f"registrants[{index}].{field}", MESSAGE
