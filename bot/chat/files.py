"""The chat page's style, script and pictures, read once and served under an address that changes with their content."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from aiohttp import web

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


class Files:
    """All files of one folder, by name.

    Args:
        folder: where they are; nothing outside it is ever read.
        base: the path under which they are served, without a slash at the end.
    """

    def __init__(self, folder: Path, base: str) -> None:
        self._bodies: Mapping[str, bytes] = {
            path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in TYPES
        }
        self._version = sha256(b"\0".join(self._bodies.values())).hexdigest()[:12]
        self._base = base
        self.root = f"{base}/{self._version}"
        """Where the present version is; a script's own imports stay in it."""

    def routes(self) -> list[web.RouteDef]:
        """The route of the files."""
        return [web.get(f"{self._base}/{{version}}/{{file}}", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        if name not in self._bodies:
            raise web.HTTPNotFound
        current = request.match_info["version"] == self._version
        return self.response(name, FOREVER if current else "no-store")

    def response(self, name: str, cache: str) -> web.Response:
        """One file with its type.

        Raises:
            KeyError: there is no such file.
        """
        headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
        return web.Response(
            body=self._bodies[name], content_type=TYPES[Path(name).suffix], charset="utf-8", headers=headers
        )
