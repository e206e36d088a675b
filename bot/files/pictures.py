"""Pictures are drawn anew from their pixels: what a photograph told of its owner, or hid, is gone."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

MOST_PIXELS = 40_000_000
"""Of one picture; a phone's camera makes 12 to 50 million, sent through an app fewer."""
MOST_MOVING_PIXELS = 30_000_000
"""Of all frames of a moving picture; a longer one stands still."""
MOST_FRAMES = 200
PAUSE = 100
"""Milliseconds between frames that do not say."""
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_KEPT = ("transparency", "duration", "loop", "background")
"""What a picture's header may say of itself once it is drawn anew."""
_MODES = {"JPEG": "RGB", "PNG": "RGBA", "GIF": "RGBA", "WEBP": "RGBA"}
"""What a picture becomes whose mode its format cannot hold."""
_PLAIN = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "GIF": ("P", "L"), "WEBP": ("RGB", "RGBA")}


class Unreadable(Exception):
    """The bytes are no picture of their type, or one too large to be drawn.

    Args:
        reason: ``broken`` or ``pixels``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew; sizes in pixels."""

    content: bytes
    width: int
    height: int


def redraw(content: bytes, type_: str) -> Picture:
    """Draw a picture anew in its own format. Takes CPU time: to be called on a thread.

    Raises:
        Unreadable: it cannot be drawn.
    """
    format_ = FORMATS[type_]
    try:
        with Image.open(BytesIO(content), formats=[format_]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable("pixels")
            return _drawn(picture, format_)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError) as error:
        raise Unreadable("broken") from error


def _drawn(picture: Image.Image, format_: str) -> Picture:
    options: dict[str, object] = {"quality": 88} if format_ in ("JPEG", "WEBP") else {}
    out = BytesIO()
    frames = _frames(picture) if format_ in ("GIF", "WEBP") else []
    if len(frames) > 1:
        still = frames[0]
        pauses = [frame.info.get("duration", PAUSE) for frame in frames]
        moving = {"save_all": True, "append_images": frames[1:], "duration": pauses, "loop": still.info.get("loop", 0)}
        still.save(out, format_, **moving, **options)
    else:
        still = _bare(ImageOps.exif_transpose(picture), format_)
        still.save(out, format_, **options)
    return Picture(out.getvalue(), still.width, still.height)


def _frames(picture: Image.Image) -> list[Image.Image]:
    """The frames of a moving picture; none where it stands still or moves for too long."""
    count = getattr(picture, "n_frames", 1)
    if count == 1 or count > MOST_FRAMES or count * picture.width * picture.height > MOST_MOVING_PIXELS:
        picture.seek(0)
        return []
    return [_bare(frame.convert("RGBA"), "WEBP") for frame in ImageSequence.Iterator(picture)]


def _bare(picture: Image.Image, format_: str) -> Image.Image:
    """The pixels, with none of the words, profiles and places that came with them."""
    plain = _PLAIN[format_]
    if picture.mode not in plain:
        picture = picture.convert(_MODES[format_])
    else:
        picture.load()
        picture = picture.copy()
    picture.info = {key: value for key, value in picture.info.items() if key in _KEPT}
    return picture
