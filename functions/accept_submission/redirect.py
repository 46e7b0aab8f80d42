"""Where a browser goes after its form was accepted, so that a reload sends nothing again (contract 2)."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, unquote_plus

from registrar import limits
from registrar.forms.http.origins import is_named, origin_of
from registrar.forms.http.paths import FROM_REGISTRANTS, status_path

_ID: Final = "submission_id"
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))


def next_url_of(value: str, allowed_origins: Sequence[str]) -> str:
    """Return a form's `_next`, or nothing if its origin is not named. `*` names none."""
    is_usable = is_named(origin_of(value), allowed_origins) and len(_escaped(value)) <= limits.NEXT_URL_CHARACTERS
    return value if is_usable else ""


def location_of(submission_id: str, next_url: str) -> str:
    """Return the next page's address: the status page, or `next_url` with the submission's id in its query."""
    if not next_url:
        return FROM_REGISTRANTS + status_path(submission_id)
    address, mark, fragment = next_url.partition("#")
    page, _, query = address.partition("?")
    # A page that is shown again has the id of an earlier submission, and would read that one.
    others = [one for one in query.split("&") if one and unquote_plus(one.partition("=")[0]) != _ID]
    return _escaped(f"{page}?{'&'.join([*others, f'{_ID}={submission_id}'])}{mark}{fragment}")


def _escaped(url: str) -> str:
    """Return the URL for a header, which is ASCII."""
    return quote(url, safe=_ASCII)
