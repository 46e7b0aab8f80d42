"""Find the lines of a file whose own columns say that the person is not to be registered.

Zoom's reports and the exports of ticket shops list denied and cancelled registrations too; others have a column for the
person's consent.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from registrar.registrants.field_names import plain_name

# Compared like the names of columns: without case, accents, spaces and punctuation.
_STATUS_COLUMNS: Final = frozenset({
    *("approvalstatus", "registrationstatus", "attendeestatus", "registrantstatus", "orderstatus", "ticketstatus"),
    *("status", "anmeldestatus", "genehmigungsstatus", "statutdapprobation", "estadodeaprobacion"),
})  # fmt: skip
_DECLINED: Final = (
    *("denied", "declined", "cancel", "refunded", "deleted", "notattending", "abgelehnt", "abgesagt", "storniert"),
    *("refuse", "annul", "rechazad", "rifiutat", "recusad", "afgewezen", "geannuleerd"),
)  # how such a status begins: cancelled by host, canceled, cancelado, annulé
_CONSENT_COLUMNS: Final = frozenset({
    *("consent", "gdprconsent", "dataconsent", "privacyconsent", "einwilligung", "consentement", "consentimiento"),
    *("consenso", "consentimento", "toestemming", "samtycke", "samtykke"),
})  # fmt: skip
_NO: Final = frozenset({"no", "n", "false", "0", "nein", "non", "nee", "nej", "nao", "declined", "denied", "withdrawn"})


def check_columns(header: Sequence[str], mapped_places: Sequence[int]) -> dict[int, str]:
    """Return the name of each status and consent column by its index, but for columns that a field uses."""
    known = _STATUS_COLUMNS | _CONSENT_COLUMNS
    return {
        place: name for place, name in enumerate(header) if plain_name(name) in known and place not in mapped_places
    }


def why_ineligible(cells: Sequence[str], columns: Mapping[int, str]) -> str | None:
    """Return which column of a line says no, and what it says; None if none does.

    An empty cell says nothing.
    """
    for place, name in columns.items():
        value = cells[place].strip() if place < len(cells) else ""
        plain = plain_name(value)
        says_no = plain in _NO if plain_name(name) in _CONSENT_COLUMNS else plain.startswith(_DECLINED)
        if plain and says_no:
            return f"{name} “{value}”"
    return None
