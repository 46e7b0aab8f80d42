"""Decode a CSV file and split it into records: the encoding and the BOM are detected."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import charset_normalizer

from registrar_cli.terminal.errors import WrongInput

DELIMITERS: Final = (",", ";", "\t", "|")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose BOM begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets write besides Unicode. Guessing among all encodings would prefer rare ones.
WESTERN: Final = "cp1252"
_WESTERN_CHARACTERS: Final = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸ\u2018\u2019“”„\u2013—…·ºª¿¡«»€°\u00a0"
)
_LIKELY: Final = [
    *("cp1252", "cp1250", "cp1251", "mac_roman", "cp1253", "cp1254"),
    *("shift_jis", "gb18030", "euc_kr", "big5"),
]
_SAMPLE_BYTES: Final = 200_000
# First bytes of workbooks: a ZIP archive (xlsx, ods, numbers), an OLE document (xls).
_WORKBOOKS: Final = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))
CELL_CHARACTERS: Final = 131_072  # csv's default limit: a longer cell means an unclosed quotation mark


@dataclass(frozen=True)
class Record:
    """One record. `line` is the number of its first line; `lines` is how many it spans."""

    line: int
    lines: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Return whether every cell is blank."""
        return not any(cell.strip() for cell in self.cells)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        WrongInput: the file is empty or a workbook, or no encoding fits.
    """
    if content.startswith(_WORKBOOKS):
        raise WrongInput("This is a workbook, not a CSV file.", "Save it as “CSV UTF-8” and give that file.")
    if not content.strip():
        raise WrongInput("The file is empty.", "Export it again.")
    found = encoding or _encoding_of(content)
    try:
        return content.decode(found), found.removesuffix("-sig")
    except (UnicodeDecodeError, LookupError):
        raise WrongInput(
            f"The file cannot be read as {found}.", "Name its encoding with --encoding, or save it as “CSV UTF-8”."
        ) from None


def _encoding_of(content: bytes) -> str:
    for bom, name in _BOMS:
        if content.startswith(bom):
            return name
    if content[:_SAMPLE_BYTES].count(0) > len(content[:_SAMPLE_BYTES]) / 4:
        # UTF-16 without a BOM: most characters have a zero byte, after them (LE) or before them (BE).
        return "utf-16-le" if content[:_SAMPLE_BYTES:2].count(0) < content[1:_SAMPLE_BYTES:2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        non_ascii = _non_ascii_lines(content)
        _refuse_mixture(content, non_ascii)
        if _reads_western(non_ascii):
            return WESTERN
        best = charset_normalizer.from_bytes(non_ascii, cp_isolation=_LIKELY).best()
        return best.encoding if best else WESTERN
    return "utf-8"


def _refuse_mixture(content: bytes, non_ascii: bytes) -> None:
    """Refuse a file with lines in UTF-8 and lines that are not: some names would be garbled silently."""
    lines = non_ascii.splitlines()
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


def _non_ascii_lines(content: bytes) -> bytes:
    """Return the first lines that are not ASCII: only they distinguish encodings."""
    lines = [line for line in content.splitlines(keepends=True) if not line.isascii()]
    return b"".join(lines)[:_SAMPLE_BYTES]


def _reads_western(non_ascii: bytes) -> bool:
    """Return whether the text makes sense as cp1252; names are too short for language statistics."""
    try:
        text = non_ascii.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    marked = [one for one in text if not one.isascii()]
    plain = sum(one.isascii() and one.isalpha() for one in text)
    # Greek or Cyrillic, decoded as cp1252, is almost all accented characters.
    return len(marked) < plain and set(marked) <= _WESTERN_CHARACTERS


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield the records of the text.

    Raises:
        WrongInput: the text is not CSV.
    """
    csv.field_size_limit(CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield Record(line, reader.line_num - line + 1, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        # csv's messages quote no content.
        raise WrongInput(
            f"Line {line} is not CSV ({error}).", "Look for a quotation mark that is never closed."
        ) from error
