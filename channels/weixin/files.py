"""Files of ours on WeChat's platforms: each is uploaded once as long as the platform keeps it, which is three days."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import aiohttp
from msgspec import Struct

from channels.door import Attachment, Files, TryAgain, Undeliverable
from channels.weixin.wire import Content

MEGABYTE = 1024 * 1024
KEPT = timedelta(days=3) - timedelta(hours=1)
"""How long a platform keeps what was uploaded, less a margin."""
MOST_REMEMBERED = 2_000

Upload = Callable[[str, Callable[[], aiohttp.FormData]], Awaitable[Content]]
"""Uploads a file of this kind."""


class Form(Struct, frozen=True):
    """What a platform calls a kind of file, and how large it may be."""

    name: str
    most: int
    """Bytes."""
    ending: str = ""
    """Of the name that it is uploaded under; empty where customers see the file's own name."""


class Forms(Struct, frozen=True):
    """The kinds of files that a platform takes."""

    by_type: Mapping[str, Form]
    """By MIME type."""
    other: Form | None = None
    """What every other file is."""

    @property
    def limits(self) -> Mapping[str, int]:
        """The most bytes by MIME type; ``*`` stands for all types that are not named."""
        named = {type_: form.most for type_, form in self.by_type.items()}
        return named if self.other is None else named | {"*": self.other.most}

    def of(self, attachment: Attachment) -> Form:
        """What the platform calls this file. Raises: Undeliverable where it takes none of its type or size."""
        form = self.by_type.get(attachment.type, self.other)
        if form is None:
            raise Undeliverable("file_type")
        if attachment.size > form.most:
            raise Undeliverable("file_too_large")
        return form


class Uploads:
    """Uploads files of ours.

    Args:
        forms: what the platform takes.
        files: our storage; None where the process sends no files.
        clock: the time (aware).
    """

    def __init__(self, forms: Forms, files: Files | None, clock: Callable[[], datetime]) -> None:
        self.forms = forms
        self._files = files
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def media_id(self, owner: str, attachment: Attachment, upload: Upload) -> str:
        """The id under which the platform has a file of an account.

        Raises:
            TryAgain: not uploaded now.
            Undeliverable: the file is gone, too large, or of a type that the platform does not take.
        """
        form = self.forms.of(attachment)
        known = self._known.get((owner, attachment.id))
        if known is not None and self._clock() < known[1]:
            return known[0]
        content = await self._read(attachment)
        name = f"{attachment.id}.{form.ending}" if form.ending else attachment.name or attachment.id

        def body() -> aiohttp.FormData:
            data = aiohttp.FormData(quote_fields=False)
            data.add_field("media", content, filename=name, content_type=attachment.type)
            return data

        answer = (await upload(form.name, body)).answer()
        if answer is None or not answer.media_id:
            raise TryAgain("upload_unanswered")
        self._remember((owner, attachment.id), answer.media_id)
        return answer.media_id

    def forget(self, owner: str, attachment: Attachment) -> bool:
        """The platform does not know the id any more; False where it was new all the same."""
        return self._known.pop((owner, attachment.id), None) is not None

    async def _read(self, attachment: Attachment) -> bytes:
        if self._files is None:
            raise Undeliverable("no_storage")
        try:
            return await self._files.read(attachment.id)
        except KeyError:
            raise Undeliverable("file_gone") from None
        except OSError:
            raise TryAgain("storage_away") from None

    def _remember(self, key: tuple[str, str], media_id: str) -> None:
        self._known[key] = (media_id, self._clock() + KEPT)
        while len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
