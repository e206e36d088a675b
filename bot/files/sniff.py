"""What a file is, found by a look at its bytes; what the sender calls it counts for nothing."""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import BadZipFile, ZipFile

HEAD = 1024
"""Bytes of a text in which markup would begin."""
MOST_ENTRIES = 5_000
LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes that an office document may claim to unpack to."""
_MARKUP = re.compile(r"<\s*(!doctype|\?xml|html|svg|script|head|body|iframe|object|embed)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OFFICE = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime"}
_STILLS = frozenset({b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"})


def sniff(content: bytes) -> str:
    """The MIME type of a file, or nothing where it is of no type that is taken.

    SVG and HTML are never taken: they carry scripts. Office documents with macros are not either.
    """
    for look in _LOOKS:
        if found := look(content):
            return found
    return ""


def _by_magic(content: bytes) -> str:
    for magic, found in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"#!AMR", "audio/amr"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
    ):
        if content.startswith(magic):
            return found
    return ""


def _riff(content: bytes) -> str:
    if content[:4] != b"RIFF":
        return ""
    return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(content[8:12], "")


def _mp4(content: bytes) -> str:
    """ISO base media: the brand tells sound from pictures that move; still pictures in it are not taken."""
    if content[4:8] != b"ftyp" or content[8:12] in _STILLS:
        return ""
    return _BRANDS.get(content[8:12], "video/mp4")


def _mp3(content: bytes) -> str:
    """A frame of MPEG audio, layer III, without a tag before it."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE6 != 0xE2:
        return ""
    return "" if content[2] >> 4 in (0, 15) or content[2] >> 2 & 3 == 3 else "audio/mpeg"


def _office(content: bytes) -> str:
    if not content.startswith(b"PK\x03\x04"):
        return ""
    try:
        with ZipFile(BytesIO(content)) as packed:
            entries = packed.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        return ""
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    return next((found for folder, found in _OFFICE if any(name.startswith(folder) for name in names)), "")


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        markup = text.lstrip().startswith("<") or _MARKUP.search(text[:HEAD])
        return "" if markup or not text.strip() or _UNPRINTABLE.search(text) else "text/plain"
    return ""


_LOOKS: tuple[Callable[[bytes], str], ...] = (_by_magic, _riff, _mp4, _mp3, _office, _text)
