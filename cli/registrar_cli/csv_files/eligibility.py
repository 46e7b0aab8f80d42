"""Find the lines of a file whose own columns say that the person is not to be registered.

Zoom's reports and the exports of ticket shops list denied and cancelled registrations too; others have a column for the
person's consent.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from registrar.registrants.field_names import plain_name

# Compared like the names of columns: without case, accents, spaces and punctuation.
_STATUS_COLUMNS: Final = frozenset(map(plain_name, (
    *("approvalstatus", "registrationstatus", "attendeestatus", "registrantstatus", "orderstatus", "ticketstatus"),
    *("status", "paymentstatus", "rsvpstatus", "attendance", "anmeldestatus", "registrierungsstatus"),
    *("genehmigungsstatus", "statutdapprobation", "etatdelapprobation", "estadodeaprobacion", "statusdaaprovacao"),
    *("statusdeaprovacao", "statoapprovazione", "statodiapprovazione", "goedkeuringsstatus", "statuszatwierdzenia"),
    *("статусутверждения", "статусодобрения"),
    *("承認ステータス", "承認状況", "ステータス", "审批状态", "批准状态", "核准狀態", "승인상태"),
)))  # fmt: skip
_DECLINED: Final = tuple(map(plain_name, (
    *("denied", "declined", "cancel", "refunded", "deleted", "notattending", "withdrawn", "blocked"),
    *("abgelehnt", "abgesagt", "storniert", "refuse", "annul", "rechazad", "denegad", "rifiutat", "negat", "recusad"),
    *("negad", "rejeitad", "afgewezen", "geannuleerd", "odrzucon", "anulowan", "отклонен", "отказан", "отменен"),
    *("拒否", "却下", "キャンセル", "已拒绝", "拒绝", "已取消", "取消", "已拒絕", "거부", "거절", "취소"),
)))  # how a word of such a status begins: cancelled by host, von Host abgelehnt, cancelado, annulé  # fmt: skip
_NEGATIONS: Final = frozenset({"not", "non", "nicht", "no", "nao", "niet", "nie", "не"})
_CONSENT_COLUMNS: Final = frozenset({
    *("consent", "gdprconsent", "dataconsent", "privacyconsent", "einwilligung", "consentement", "consentimiento"),
    *("consenso", "consentimento", "toestemming", "samtycke", "samtykke", "rsvp"),
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
        says_no = plain_name(value) in _NO if plain_name(name) in _CONSENT_COLUMNS else _is_declined(value)
        if says_no:
            return f"{name} “{value}”"
    return None


def _is_declined(status: str) -> bool:
    """Return whether the status, or a word of it, begins as those do: `Cancelled`, `Vom Host storniert`."""
    words = [plain_name(word) for word in status.split()]
    if plain_name(status).startswith(_DECLINED):
        return True
    return any(word.startswith(_DECLINED) for word in words) and _NEGATIONS.isdisjoint(words)
