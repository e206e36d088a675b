"""``/widget.js``: the script that puts the chat on any site, made from its parts once and served packed."""

import gzip
import json
from collections.abc import Iterable
from hashlib import sha256

from aiohttp import web

from bot.chat.language import LANGUAGES, widget_words
from bot.words import TEMPLATES

FOLDER = TEMPLATES / "static" / "widget"
PARTS = ("start", "shapes", "site", "frame", "screen", "widget", "calls")
"""The script's parts in the order in which they need one another; together they are one function."""
A_WHILE = "public, max-age=300"


def script() -> str:
    """The whole script: its parts with the words of every language and its style ahead of them."""
    words = {
        language: {key.removeprefix("widget."): text for key, text in widget_words(language).items()}
        for language in LANGUAGES
    }
    given = f"const WORDS = {_written(words)};\nconst STYLE = {_written(_part('widget.css'))};\n"
    parts = "\n".join(_part(f"{name}.js") for name in PARTS)
    return f'(function () {{\n"use strict";\n{given}{parts}}})();\n'


def _part(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


class Widget:
    """Serves the script; a browser that has it already is told so."""

    def __init__(self) -> None:
        self._plain = script().encode()
        self._packed = gzip.compress(self._plain, 9, mtime=0)
        self._edition = sha256(self._plain).hexdigest()[:16]

    def routes(self) -> Iterable[web.RouteDef]:
        """The one route."""
        return [web.get("/widget.js", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        headers = {
            "Cache-Control": A_WHILE,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "ETag": f'W/"{self._edition}"',
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if any(tag.value in (self._edition, "*") for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        body = self._packed if packed else self._plain
        return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)
