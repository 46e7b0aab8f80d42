"""multipart/form-data: text parts are read, each in its charset; files are dropped; everything else is unreadable."""

import pytest
from registrar import limits
from registrar.forms.http.multipart import parse_multipart
from registrar.forms.http.request import Unacceptable

TYPE = "multipart/form-data; boundary=X"


def part(name: bytes, value: bytes, more: bytes = b"", headers: bytes = b"") -> bytes:
    """Return one part; `more` follows the name, `headers` follow its line."""
    return b'--X\r\nContent-Disposition: form-data; name="%b"%b\r\n%b\r\n%b\r\n' % (name, more, headers, value)


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--X--\r\n"


ADA = part(b"first_name", b"Ada")
FILE = part(b"photo", b"\xff\xd8" * 100, b'; filename="ada.jpg"', b"Content-Type: image/jpeg\r\n")

UNREADABLE = {
    "nothing": (b"", TYPE),
    "another boundary": (body(ADA), "multipart/form-data; boundary=Y"),
    "no boundary": (body(ADA), "multipart/form-data"),
    "an empty boundary": (body(ADA), 'multipart/form-data; boundary=""'),
    "a numbered boundary": (body(ADA), "multipart/form-data; boundary*0=X; boundary*=X"),
    "cut off in a part": (body(ADA)[:-12], TYPE),
    "cut off at the end": (ADA, TYPE),
    "no name": (body(b"--X\r\nContent-Disposition: form-data\r\n\r\nAda\r\n"), TYPE),
    "no disposition": (body(b"--X\r\n\r\nAda\r\n"), TYPE),
    "an attachment": (body(ADA.replace(b"form-data", b"attachment")), TYPE),
    "bare line feeds": (body(ADA).replace(b"\r\n", b"\n"), TYPE),
    "a header of 8 KB": (body(part(b"x" * 8_192, b"")), TYPE),
    "too many parts": (body(ADA * (limits.FORM_PARTS + 1)), TYPE),
    "neither UTF-8 nor windows-1252": (body(part(b"first_name", b"\x81")), TYPE),
    "another charset than its own": (
        body(part(b"first_name", b"\xff", headers=b"Content-Type: text/plain; charset=utf-8\r\n")),
        TYPE,
    ),
    "JSON": (b'{"first_name": "Ada"}', TYPE),
}


@pytest.mark.parametrize(("content", "content_type"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_form_is_refused(content: bytes, content_type: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the text is the parser's
        parse_multipart(content, content_type, None)


@pytest.mark.parametrize(
    "content",
    [
        body(part(b"first_name", b"Ada", headers=b"Content-Type: text/plain; charset=Shift_JIS\r\n")),
        body(part(b"_charset_", b"utf-16"), ADA),
    ],
)
def test_an_unknown_charset_is_named(content: bytes) -> None:
    with pytest.raises(Unacceptable, match="Use UTF-8"):
        parse_multipart(content, TYPE, None)


@pytest.mark.parametrize(
    "file", [FILE, FILE.replace(b'filename="ada.jpg"', b'filename=""'), part(b"a", b"", b'; filename="x"')]
)
def test_files_are_dropped(file: bytes) -> None:
    assert parse_multipart(body(file, ADA, file), TYPE, None) == [("first_name", "Ada")]


def test_a_form_without_fields_is_empty() -> None:
    assert parse_multipart(body(), TYPE, None) == []


def test_fields_keep_their_order_and_repetitions() -> None:
    content = body(part(b"b", b"1"), part(b"a", b" 2\r\n3 "), part(b"b", b""))
    assert parse_multipart(content, TYPE, None) == [("b", "1"), ("a", " 2\r\n3 "), ("b", "")]


CHARSETS = {
    "UTF-8": (body(part("größe".encode(), "Zoë".encode())), None),
    "a part's own": (
        body(part("größe".encode(), b"Zo\xeb", headers=b"Content-Type: text/plain; charset=ISO-8859-1\r\n")),
        None,
    ),
    "_charset_": (body(part("größe".encode("latin-1"), b"Zo\xeb"), part(b"_charset_", b"latin1")), None),
    "the request's": (body(part("größe".encode("latin-1"), b"Zo\xeb")), "iso-8859-15"),
    "unnamed, windows-1252": (body(part("größe".encode("latin-1"), b"Zo\xeb")), None),
}


@pytest.mark.parametrize(("content", "charset"), CHARSETS.values(), ids=CHARSETS)
def test_names_and_values_are_read_in_their_charset(content: bytes, charset: str | None) -> None:
    assert parse_multipart(content, TYPE, charset)[0] == ("größe", "Zoë")


@pytest.mark.parametrize("boundary", ["----=_Part_1/2", '"a b:c?"', "----WebKitFormBoundary7MA4YWxkTrZu0gW"])
def test_a_boundary_may_have_any_form_that_programs_send(boundary: str) -> None:
    content = body(ADA).replace(b"--X", b"--" + boundary.strip('"').encode())
    assert parse_multipart(content, f"multipart/form-data; charset=utf-8; boundary={boundary}", None) == [
        ("first_name", "Ada")
    ]
