"""Where the bytes of files are kept: a folder of our own now, an object store behind the same seam some day."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

PIECE = 256 * 1024
"""Bytes that are read at once."""
SPARE = 512 * 1024 * 1024
"""Bytes that are left free for everything else on the disk."""
_PLACE = re.compile(r"[0-9a-f]{32}")


class StorageFull(Exception):
    """There is no room for another file."""


class Storage(Protocol):
    """Keeps bytes by a random name of 32 hexadecimal digits, the place."""

    async def put(self, place: str, content: bytes) -> None:
        """Keep bytes; once this returns they outlive a crash.

        Raises:
            StorageFull: there is no room.
            OSError: they cannot be kept now.
        """
        ...

    def read(self, place: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``start`` up to ``stop``, in pieces. Raises: OSError where they are not."""
        ...

    async def remove(self, place: str) -> None:
        """Forget bytes; those that are not there are forgotten already."""
        ...


class Folder:
    """Files in a folder that nothing else serves, made when the first is kept.

    Args:
        path: the folder; where web and jobs run on several machines, all of them see the same one.
        spare: bytes that are left free on its disk.
    """

    def __init__(self, path: Path, *, spare: int = SPARE) -> None:
        self._path = path
        self._spare = spare

    async def put(self, place: str, content: bytes) -> None:
        """Keep bytes; once this returns they outlive a crash. Raises: StorageFull, OSError."""
        await asyncio.to_thread(self._put, self._file(place), content)

    async def read(self, place: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``start`` up to ``stop``, in pieces. Raises: OSError where they are not."""
        file = await asyncio.to_thread(self._file(place).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            left = None if stop is None else stop - start
            while left is None or left > 0:
                piece = await asyncio.to_thread(file.read, PIECE if left is None else min(PIECE, left))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece
        finally:
            await asyncio.to_thread(file.close)

    async def remove(self, place: str) -> None:
        """Forget bytes; those that are not there are forgotten already."""
        with suppress(FileNotFoundError):
            await asyncio.to_thread(self._file(place).unlink)

    def _file(self, place: str) -> Path:
        """Raises: ValueError for a name that is none of ours."""
        if _PLACE.fullmatch(place) is None:
            raise ValueError("not a place")
        return self._path / place[:2] / place

    def _put(self, file: Path, content: bytes) -> None:
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._path).free - len(content) < self._spare:
            raise StorageFull
        file.parent.mkdir(mode=0o700, exist_ok=True)
        half = file.with_suffix(".half")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(descriptor)
        half.replace(file)
        _sync(file.parent)


def _sync(folder: Path) -> None:
    """Make sure that the names in a folder outlive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
