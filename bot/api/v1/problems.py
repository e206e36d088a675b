"""What the API says when it refuses: problems as RFC 9457 has them, with a constant ``code`` for programs."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from aiohttp import web

HEADERS = MappingProxyType({"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
NONE: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """A call is refused.

    Args:
        status: the HTTP status.
        code: a constant word for programs.
        detail: what is wrong, for whoever writes the program.
        headers: further headers of the answer.
    """

    def __init__(self, status: int, code: str, detail: str = "", headers: Mapping[str, str] = NONE) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers

    @property
    def body(self) -> Mapping[str, object]:
        """The problem as JSON."""
        title = HTTPStatus(self.status).phrase
        told: dict[str, object] = {
            "type": "about:blank",
            "title": title,
            "status": self.status,
            "code": self.code,
        }
        return {**told, "detail": self.detail} if self.detail else told

    def answer(self) -> web.Response:
        """The problem as an answer."""
        return problem(self.status, json.dumps(self.body, ensure_ascii=False), self.headers)


def problem(status: int, text: str, headers: Mapping[str, str] = NONE) -> web.Response:
    """A problem whose JSON is at hand."""
    all_headers = {**HEADERS, **headers}
    return web.Response(text=text, status=status, content_type="application/problem+json", headers=all_headers)


def absent() -> Refused:
    """There is no such thing, or not for this key."""
    return Refused(404, "not_found")
