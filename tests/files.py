"""Files for tests: a photograph that tells where it was taken, a note, and what nobody should take."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from PIL import Image

MIB = 1024 * 1024
NOW = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
NOTE = "宽带账号 0851，晚上八点后掉线。\n".encode()
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!-- --><!DOCTYPE html><script>alert(1)</script>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
AMR = b"#!AMR\n" + bytes(64)
VOICE = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50
"""One second of AMR in its best quality, 50 frames of 31 bytes behind their heads."""
WAV = b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes(28)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64)
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + bytes(64)
HIDDEN = b"<script>alert('hidden')</script>"


def clock() -> datetime:
    """A clock that stands still."""
    return NOW


def picture(format_: str = "JPEG", *, width: int = 64, height: int = 48, place: bool = True) -> bytes:
    """A picture with a red half; a JPEG lies on its side and says where it was taken."""
    drawn = Image.new("RGB", (width, height), "white")
    drawn.paste("red", (0, 0, width // 2, height))
    out = BytesIO()
    if format_ == "JPEG" and place:
        exif = Image.Exif()
        exif[0x0112] = 6  # Orientation: the camera was turned.
        exif[0x010E] = "26.6470N 106.6302E"
        drawn.save(out, format_, exif=exif, comment=b"secret")
    else:
        drawn.save(out, format_)
    return out.getvalue()


def document(*, entry: str = "word/document.xml", macro: bool = False) -> bytes:
    """An office document, as small as one can be."""
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(entry, "<w:document/>")
        if macro:
            packed.writestr("word/vbaProject.bin", "Sub AutoOpen()")
    return out.getvalue()


PHOTO = picture()
