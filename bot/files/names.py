"""What a file is called: the sender's name without paths, control characters and false endings."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from unicodedata import category, normalize

LONGEST = 100
"""Characters."""
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that show nothing, or turn round what stands beside them."""

ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "audio/amr": (".amr",),
    "audio/mpeg": (".mp3",),
    "audio/ogg": (".ogg", ".oga", ".opus", ".spx"),
    "audio/wav": (".wav",),
    "audio/mp4": (".m4a", ".mp4"),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov",),
    "video/webm": (".webm",),
    "text/plain": (".txt", ".csv", ".log", ".md"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
})  # fmt: skip
"""The types that are taken, with the endings that a name of each may have; the first is put where none fits."""


def clean(name: str) -> str:
    """A name that can be shown, stored and offered for saving; empty where nothing of it can."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in normalize("NFC", last) if category(letter) not in _HIDDEN)
    return _shorter(_FORBIDDEN.sub("_", shown).strip(". "))


def with_ending(name: str, type_: str) -> str:
    """The cleaned name with an ending that tells the truth about the type; ``file`` where there is no name."""
    endings = ENDINGS.get(type_, ())
    stem = clean(name) or "file"
    if not endings or stem.lower().endswith(endings):
        return stem
    return f"{stem[: LONGEST - len(endings[0])]}{endings[0]}"


def _shorter(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    ending = PurePosixPath(name).suffix[:12]
    return name[: LONGEST - len(ending)] + ending
