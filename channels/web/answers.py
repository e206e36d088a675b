"""Answers of the web door: messages as JSON, and refusals as problems (RFC 9457)."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC
from http import HTTPStatus
from math import ceil

from aiohttp import web

from channels.door import Attachment, Busy, Malformed, Message
from channels.web.house import Reach, Standing

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def as_json(message: Message) -> dict[str, object]:
    """A message as clients see it; ``sent_at`` is RFC 3339 in UTC."""
    told: dict[str, object] = {
        "seq": message.seq,
        "id": message.id,
        "sender": message.sender,
        "text": message.text,
        "choices": [{"id": choice.id, "label": choice.label} for choice in message.choices],
        "sent_at": message.sent_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if message.attachment is not None:
        told["attachment"] = {**as_file(message.attachment), "url": message.attachment.url or None}
    return told


def as_file(file: Attachment) -> dict[str, object]:
    """A file as its contact sees it."""
    return {"id": file.id, "name": file.name, "type": file.type, "size": file.size}


def frame(message: Message) -> str:
    """A message as a frame of the socket."""
    return json.dumps({"type": "message", "message": as_json(message)}, ensure_ascii=False)


def standing_frame(standing: Standing) -> str:
    """Who has the word, as a frame of the socket."""
    return json.dumps({"type": "standing", **as_standing(standing)}, ensure_ascii=False)


def read_frame(seq: int) -> str:
    """Up to which of the contact's messages the desk has read, as a frame of the socket."""
    return json.dumps({"type": "read", "seq": seq})


def typing_frame() -> str:
    """An agent is writing at this moment, as a frame of the socket; it holds for 5 s."""
    return json.dumps({"type": "typing", "sender": "agent"})


def as_reach(reach: Reach) -> dict[str, object]:
    """How far the messages to a contact have got, as clients see it."""
    return {"delivered": reach.delivered, "read": reach.read}


def as_standing(standing: Standing) -> dict[str, object]:
    """Who has the word, as clients see it."""
    return {
        "status": standing.status,
        "place": standing.place,
        "agent": standing.agent,
        "minutes": standing.minutes,
    }


def answer(body: Mapping[str, object], *, status: int = 200) -> web.Response:
    """An answer that nobody may keep."""
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json", headers=HEADERS)


def messages(found: Iterable[Message]) -> web.Response:
    """A page of a thread."""
    return answer({"messages": [as_json(message) for message in found]})


def refusal(refused: Malformed) -> web.Response:
    """Why a request was refused; the ``code`` is constant, for programs."""
    problem = _problem(refused.status, refused.reason)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        problem.headers["WWW-Authenticate"] = "Bearer"
    return problem


def slow_down(seconds: float) -> web.Response:
    """Too many requests: nothing was taken, come back after so many seconds."""
    problem = _problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests")
    problem.headers["Retry-After"] = str(max(1, ceil(seconds)))
    return problem


def busy(cause: Busy) -> web.Response:
    """Come back later: nothing was taken."""
    problem = _problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy")
    problem.headers["Retry-After"] = str(cause.after)
    return problem


def _problem(status: int, code: str) -> web.Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    return web.Response(text=json.dumps(body), status=status, content_type="application/problem+json", headers=HEADERS)
