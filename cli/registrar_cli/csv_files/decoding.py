"""A file's bytes → its text and its records: encoding, BOM and delimiter are found, not asked for. Pure.

In: bytes, and an encoding if somebody knows better. Out: `Records`, each with the number of its first line.
"""

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
# What spreadsheets write beside Unicode; a guess among all encodings of the world takes rare ones for likely.
WESTERN: Final = "cp1252"
_WESTERN_CHARACTERS: Final = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸ\u2018\u2019“”„\u2013—…·ºª¿¡«»€°\u00a0"
)
_LIKELY: Final = [
    "cp1252",
    "cp1250",
    "cp1251",
    "mac_roman",
    "cp1253",
    "cp1254",
    "shift_jis",
    "gb18030",
    "euc_kr",
    "big5",
]
_SAMPLE_BYTES: Final = 200_000
# How spreadsheets' own files begin: a ZIP archive (xlsx, ods, numbers), an OLE document (xls).
_WORKBOOKS: Final = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))
CELL_CHARACTERS: Final = 131_072  # csv's own limit: beyond it a quotation mark was never closed


@dataclass(frozen=True)
class Record:
    """One record of the file. `line` is the number of its first line; `lines` how many it spans."""

    line: int
    lines: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return not any(cell.strip() for cell in self.cells)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text, and the name of the encoding in which it was read.

    Raises:
        WrongInput: it is empty, or a workbook, or no encoding fits.
    """
    if content.startswith(_WORKBOOKS):
        raise WrongInput("This is a workbook, not a CSV file.", "Open it, save it as “CSV UTF-8”, and give that file.")
    if not content.strip():
        raise WrongInput("The file is empty.", "Export it once more.")
    found = encoding or _encoding_of(content)
    try:
        return content.decode(found), found.removesuffix("-sig")
    except (UnicodeDecodeError, LookupError):
        raise WrongInput(
            f"The file cannot be read as {found}.", "Name its encoding with --encoding, or save it as CSV UTF-8."
        ) from None


def _encoding_of(content: bytes) -> str:
    for bom, name in _BOMS:
        if content.startswith(bom):
            return name
    if content[:_SAMPLE_BYTES].count(0) > len(content[:_SAMPLE_BYTES]) / 4:
        # UTF-16 without a mark: most letters have a byte of nothing, behind them or before them.
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
    """Some lines in UTF-8, some not, as when files were put together: one of them would be garbled unseen."""
    lines = non_ascii.splitlines()
    wrong = [line for line in lines if not _is_utf8(line)]
    # A line of another encoding is hardly ever UTF-8 by chance.
    if wrong and len(wrong) <= len(lines) / 2:
        number = next(number for number, line in enumerate(content.splitlines(), 1) if not _is_utf8(line))
        raise WrongInput(
            f"Line {number:,} is not UTF-8, and others are.",
            "Save the file anew as CSV UTF-8, after a look at the names; --encoding reads it in one way all the same.",
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _non_ascii_lines(content: bytes) -> bytes:
    """The lines that tell encodings apart, the first of them: most lines of most files are plain ASCII."""
    lines = [line for line in content.splitlines(keepends=True) if not line.isascii()]
    return b"".join(lines)[:_SAMPLE_BYTES]


def _reads_western(non_ascii: bytes) -> bool:
    """Whether it makes sense in the commonest encoding: names are too short for statistics of languages."""
    try:
        text = non_ascii.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    marked = [one for one in text if not one.isascii()]
    plain = sum(one.isascii() and one.isalpha() for one in text)
    # Greek or Cyrillic read so would be letters with accents, and hardly one without.
    return len(marked) < plain and set(marked) <= _WESTERN_CHARACTERS


def records(text: str, delimiter: str) -> Iterator[Record]:
    """The records of the text.

    Raises:
        WrongInput: it is no CSV.
    """
    csv.field_size_limit(CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield Record(line, reader.line_num - line + 1, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        # Its words name no content.
        raise WrongInput(
            f"Line {line}: this is no CSV ({error}).", "Look for a quotation mark that is opened and never closed."
        ) from error
