"""Files at the web door: uploaded before the message that carries them, and read by their contact alone."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from aiohttp import web

from channels import serving
from channels.door import Address, Attachment, Malformed
from channels.uploads import Uploads
from channels.web import answers
from channels.web.admission import Bearer
from channels.web.house import Files

SHARED = MappingProxyType({"Cross-Origin-Resource-Policy": "cross-origin"})
"""A page on the operator's own site may show what its customer may read."""
LONGEST_ID = 64

log = structlog.get_logger()


class FileRoutes:
    """Takes and shows the files of a door's contacts.

    Args:
        channel: the door's name.
        files: keeps them.
        bearer: who asks, by the token of the request; raises Malformed for nobody.
        uploader: the same for whoever brings a file, within limits.
    """

    def __init__(self, channel: str, files: Files, bearer: Bearer, *, uploader: Bearer) -> None:
        self._channel = channel
        self._files = files
        self._bearer = bearer
        self._uploader = uploader
        self._uploads = Uploads(files.limit)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take an upload in; it is sent with a message that names its id."""
        address = await self._uploader(request)
        upload = await self._uploads.read(request)
        made = await self._files.add(address, upload.content, upload.name)
        return answers.answer(answers.as_file(made), status=201)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show a file to its contact, who holds the token or an address that was signed for them."""
        file_id, query = request.match_info["id"], request.query
        if "signature" in query:
            file = await self._files.open_signed(
                self._channel,
                request.match_info["account"],
                file_id,
                expires=query.get("expires", ""),
                signature=query["signature"],
            )
        else:
            file = await self._files.open(await self._bearer(request), file_id)
        if file is None:
            raise Malformed("file_unknown", status=404)
        try:
            return await serving.serve(request, file, SHARED)
        except OSError as error:
            log.error("files.unreadable", error=type(error).__name__)
            raise Malformed("file_unreadable", status=503) from error

    async def named(self, address: Address, body: Mapping[str, object]) -> Attachment | None:
        """The file that a message's body names as ``attachment``; None where it names none.

        Raises:
            Malformed: it is no id, or of no file that this contact has uploaded.
        """
        file_id = body.get("attachment")
        if file_id is None:
            return None
        if not isinstance(file_id, str) or len(file_id) > LONGEST_ID:
            raise Malformed("attachment_invalid", status=422)
        found = await self._files.uploaded(address, file_id)
        if found is None:
            raise Malformed("attachment_unknown", status=422)
        return found
