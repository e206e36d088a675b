"""Static files: styles, scripts and pictures of our pages, served below an address that names their content."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from bot.words import TEMPLATES

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
FOREVER = "public, max-age=31536000, immutable"


class Static:
    """All files of a folder, read once.

        /static/<12 hex digits of the content>/desk/desk.css

    Every file of the folder is below the same digits, so that a script's own relative imports are of its edition.

    Args:
        folder: where they are; nothing outside it is ever read.
    """

    def __init__(self, folder: Path = TEMPLATES / "static") -> None:
        self._bodies: Mapping[str, bytes] = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in TYPES
        }
        content = b"\0".join(name.encode() + b"\0" + body for name, body in self._bodies.items())
        self.edition = sha256(content).hexdigest()[:12]
        """Changes whenever a file does."""

    def url(self, name: str) -> str:
        """Where a file is served, such as ``desk/desk.css``.

        Raises:
            KeyError: there is no such file.
        """
        if name not in self._bodies:
            raise KeyError(name)
        return f"/static/{self.edition}/{name}"

    def below(self, folder: str, suffix: str) -> tuple[str, ...]:
        """Where all files of a kind below a folder are served, such as ``.js`` below ``chat``."""
        return tuple(self.url(name) for name in self._bodies if name.startswith(f"{folder}/") and name.endswith(suffix))

    def routes(self) -> list[web.RouteDef]:
        """The route of the files."""
        return [web.get("/static/{edition:[0-9a-f]{12}}/{name:.+}", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        body = self._bodies.get(name)
        if body is None:
            raise web.HTTPNotFound
        present = request.match_info["edition"] == self.edition
        headers = {"Cache-Control": FOREVER if present else "no-store", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=body, content_type=TYPES[Path(name).suffix], charset="utf-8", headers=headers)
