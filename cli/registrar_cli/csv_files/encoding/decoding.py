"""Decode a CSV file: the encoding and the BOM are detected."""

import codecs
from dataclasses import dataclass
from typing import Final

from registrar_cli.csv_files.encoding.likely import likely_encodings
from registrar_cli.terminal.errors import WrongInput

_BOM: Final = "\ufeff"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose BOM begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES: Final = 200_000
# First bytes of workbooks: a ZIP archive (xlsx, ods, numbers), an OLE document (xls).
_WORKBOOKS: Final = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))


@dataclass(frozen=True)
class Decoded:
    """The text of a file. Where nothing in the file states its encoding, `guesses` are the likely ones, in order."""

    text: str
    encoding: str
    guesses: tuple[str, ...] = ()


def decode(content: bytes, encoding: str | None = None) -> Decoded:
    """Decode the file, and remove every BOM: files that were joined have one inside.

    Raises:
        WrongInput: the file is empty or a workbook, or no encoding fits.
    """
    if content.startswith(_WORKBOOKS):
        raise WrongInput("This is a workbook, not a CSV file.", "Save it as “CSV UTF-8” and give that file.")
    if not content.strip():
        raise WrongInput("The file is empty.", "Export it again.")
    stated = encoding or _stated_encoding(content)
    guesses = [] if stated else _guess(content)
    found = stated or guesses[0]
    try:
        text = content.decode(found).replace(_BOM, "")
    except (UnicodeDecodeError, LookupError):
        raise WrongInput(
            f"The file cannot be read as {found}.", "Name its encoding with --encoding, or save it as “CSV UTF-8”."
        ) from None
    return Decoded(text, found.removesuffix("-sig"), tuple(guesses))


def _stated_encoding(content: bytes) -> str | None:
    """Return the encoding that the bytes themselves prove; None if none does."""
    for bom, name in _BOMS:
        if content.startswith(bom):
            return name
    if content[:_SAMPLE_BYTES].count(0) > len(content[:_SAMPLE_BYTES]) / 4:
        # UTF-16 without a BOM: most characters have a zero byte, after them (LE) or before them (BE).
        return "utf-16-le" if content[:_SAMPLE_BYTES:2].count(0) < content[1:_SAMPLE_BYTES:2].count(0) else "utf-16-be"
    return "utf-8" if _is_utf8(content) else None


def _guess(content: bytes) -> list[str]:
    non_ascii = [line for line in content.splitlines(keepends=True) if not line.isascii()]
    _refuse_mixture(content, non_ascii)
    return likely_encodings(b"".join(non_ascii))


def _refuse_mixture(content: bytes, lines: list[bytes]) -> None:
    """Refuse a file with lines in UTF-8 and lines that are not: some names would be garbled silently."""
    wrong = [line for line in lines if not _is_utf8(line)]
    # Text in another encoding is almost never valid UTF-8 by chance.
    if wrong and len(wrong) <= len(lines) / 2:
        number = next(number for number, line in enumerate(content.splitlines(), 1) if not _is_utf8(line))
        raise WrongInput(
            f"Line {number:,} is not UTF-8, but other lines are.",
            "Check the names and save the file as “CSV UTF-8”, or give --encoding to read it as it is.",
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
