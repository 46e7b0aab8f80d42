"""Clean the cells of files that other programs wrote, and keep the cells of our own from being formulas.

Values come from strangers, so no cell may begin a formula, nor may any part of one: a spreadsheet whose list separator
is `;` splits a cell of a comma file at every `;`.
"""

import html
import re
import unicodedata
from decimal import Decimal
from typing import Final

from registrar.registrants.invisible import trimmed

from registrar_cli.csv_files.encoding.likely import mixes_scripts

_STARTS: Final = "=+\\-@\t\r＝＋－＠"  # noqa: RUF001  what spreadsheets read as the start of a formula (OWASP)
# At the start of a cell, or after what another locale takes for a delimiter.
_FORMULA: Final = re.compile(rf"((?:^|(?<=[,;|\t\r\n]))[ \u00a0\"]*)('*[{_STARTS}])")
_ESCAPED_FORMULA: Final = re.compile(rf"((?:^|(?<=[,;|\t\r\n]))[ \u00a0\"]*)'('*[{_STARTS}])")

_TEXT_FORMULA: Final = re.compile(r'="(.*)"', re.DOTALL)  # exports write ="…" so that Excel keeps text as it is
_QUOTED: Final = re.compile(r"""("|')(.*)\1|“(.*)”|„(.*)[“”]|«(.*)»""", re.DOTALL)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_IN_ANGLE_BRACKETS: Final = re.compile(r"[^<>]*<([^<>]*)>")
_PLAIN: Final = re.compile(r"[\w@.+ -]*", re.ASCII)  # most cells: nothing to clean but blanks
_WITH_DECIMALS: Final = re.compile(r"\A(\d+)[.,]0+\Z")
_SHORTENED: Final = re.compile(r"(\d)(?:[.,](\d+))?[Ee]\+?(\d{1,2})")
_WRONGLY_READ_AS: Final = ("cp1252", "latin_1", "mac_roman")
# Rare letters and signs for phonetics; a capital before a dash would become one.
_NEVER_IN_NAMES: Final = re.compile(r"[\x80-\x9f\u0180-\u019f\u01b1-\u0217\u021c-\u02ff\u030d-\u0326\u0329-\u036f]")
_AROUND_ADDRESS: Final = " \t.,;:"
_ADDRESS: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def clean(cell: str) -> str:
    """Return what a cell of a strange file says: without blanks, marks, entities and escapes around it; composed."""
    if _PLAIN.fullmatch(cell):
        return cell.strip()
    text = unescape_formula(trimmed(cell))
    formula = _TEXT_FORMULA.fullmatch(text)
    if formula:
        text = formula[1].replace('""', '"')
        text = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        text = next(inner for inner in quoted.groups()[1:] if inner is not None)
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return unicodedata.normalize("NFC", trimmed(_repaired(text)))


def _repaired(text: str) -> str:
    """Undo the wrong decoding of an earlier program: `ZoÃ«` is Zoë, written as UTF-8 and read as something else.

    What is no such text hardly ever decodes. Where a right name does, read as a Mac's, the result is no name.
    """
    for encoding in _WRONGLY_READ_AS:
        try:
            repaired = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if _may_be_repaired(text, repaired, encoding):
            return repaired
    return text


def _may_be_repaired(text: str, repaired: str, encoding: str) -> bool:
    # A Mac's reading has letters only where others have signs: without a sign in it, the text may be right.
    has_sign = encoding != "mac_roman" or any(unicodedata.category(one)[0] == "S" for one in text)
    is_name = not _NEVER_IN_NAMES.search(repaired) and not any(map(mixes_scripts, repaired.split()))
    return has_sign and is_name


def address(cell: str) -> str:
    """Return the e-mail of a cell such as `Ada <ada@example.com>`, `mailto:ada@example.com` or `ada@example.com;`."""
    text = clean(cell)
    bracketed = _IN_ANGLE_BRACKETS.fullmatch(text.rstrip(_AROUND_ADDRESS))
    text = (bracketed[1] if bracketed else text).strip(_AROUND_ADDRESS)
    return text[7:] if text[:7].casefold() == "mailto:" else text


def webinar_id(cell: str) -> str:
    """Return the webinar id of a cell; programs that take it for a number write `97871060099.0`."""
    return _WITH_DECIMALS.sub(r"\1", clean(cell))


def is_shortened(cell: str) -> bool:
    """Return whether a spreadsheet has shortened a long number: `9.7871E+10`."""
    return _SHORTENED.fullmatch(cell) is not None


def is_shortened_from(cell: str, number: str) -> bool:
    """Return whether this shortened cell may stand for the number: its digits are those of the number, rounded."""
    found = _SHORTENED.fullmatch(cell)
    if not found:
        return False
    whole, decimals, exponent = found[1], found[2] or "", int(found[3])
    unit = Decimal(10) ** (exponent - len(decimals))
    return abs(Decimal(whole + decimals) * unit - Decimal(number)) <= unit / 2


def count_addresses(cell: str) -> int:
    """Count what looks like an e-mail in a cell."""
    return len(_ADDRESS.findall(cell))


def escape_formula(value: object) -> str:
    """Return the value as text of which no spreadsheet executes any part."""
    return _FORMULA.sub(r"\1'\2", "" if value is None else str(value))


def unescape_formula(cell: str) -> str:
    """Reverse `escape_formula`, for a file that comes back."""
    return _ESCAPED_FORMULA.sub(r"\1\2", cell)
