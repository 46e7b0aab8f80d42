"""Parse multipart/form-data, as `fetch` sends a `FormData`, and Jotform its webhook. Files are dropped."""

import re
from typing import Final

from multipart import MultipartSegment, PushMultipartParser  # type: ignore[import-untyped]

from registrar import limits
from registrar.forms.http.content import codec_of, decoded, parameter_of

_QUOTED: Final = re.compile(r'"(?:\\.|[^"\\])*"')
_EXTENDED_FILENAME: Final = re.compile(r";\s*filename\*\s*=", re.IGNORECASE)

_Part = tuple[MultipartSegment, bytes]


def parse_multipart(body: bytes, content_type_header: str, charset: str | None) -> list[tuple[str, str]]:
    """Return the pairs of name and value; a part whose header names a charset is read in it, the others in the form's.

    Raises:
        ValueError: the boundary is wrong, a part is malformed or cannot be decoded, or there are too many.
        Unacceptable: 400, the form or a part names a charset that is unknown.
    """
    parts = [(segment, value) for segment, value in _parts(body, content_type_header) if not _is_file(segment)]
    # What has a charset of its own says nothing about the charset of the form.
    named = [(_name(segment), b"" if segment.charset else value) for segment, value in parts]
    return [
        (name, content.decode(codec_of(segment.charset)) if segment.charset else value)
        for (name, value), (segment, content) in zip(decoded(named, charset), parts, strict=True)
    ]


def _parts(body: bytes, content_type_header: str) -> list[_Part]:
    parts: list[_Part] = []
    parser = PushMultipartParser(
        parameter_of(content_type_header, "boundary") or "",
        max_segment_count=limits.FORM_PARTS,
        header_charset="latin-1",  # a character for each byte: the names are decoded with the values
        strict=True,
    )
    with parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                parts.append((event, b""))
            elif event:
                segment, value = parts[-1]
                parts[-1] = (segment, value + bytes(event))
    return parts


def _is_file(segment: MultipartSegment) -> bool:
    # Older Python clients write a name that is not ASCII as `filename*` alone, which the library does not know.
    parameters = _QUOTED.sub("", segment.header("Content-Disposition", ""))
    return segment.filename is not None or _EXTENDED_FILENAME.search(parameters) is not None


def _name(segment: MultipartSegment) -> bytes:
    return (segment.name or "").encode("latin-1")
