"""What Telegram posts and answers, read."""

import json

from telegram.error import TelegramError

from channels.telegram.calls import Calls, _look
from channels.telegram.parse import parse as parse_update
from channels.telegram.payloads import as_object
from tests.channels.telegram_api import Call
from tests.channels.telegram_house import CHAT, edited, moved, tapped, wrote
from tests.fuzz.mutations import Form
from tests.fuzz.target import Target, sound, written


def update(data: bytes) -> object:
    return sound(parse_update(as_object(data), account="main").inbound)


def api_answer(data: bytes) -> object:
    _look((200, 403, 429)[data.count(b"4") % 3], data)
    return len(Calls.parse_json_payload(data))


def updates() -> tuple[bytes, ...]:
    """One of each kind."""
    file = {"file_id": "F1", "file_unique_id": "u1", "file_size": 99}
    shown = Call("sendMessage", {"chat_id": str(CHAT)}, number=8)
    found = [
        wrote("怎么查话费"),
        wrote("/start o_1024"),
        edited("怎么查流量"),
        tapped(shown, "survey:7:5"),
        moved("kicked"),
        wrote(photo=[{**file, "width": 9, "height": 9}], caption="这张"),
        wrote(document={**file, "file_name": "账单.pdf", "mime_type": "application/pdf"}),
        wrote(voice={**file, "duration": 3, "mime_type": "audio/ogg"}),
        wrote(video={**file, "duration": 3, "width": 1, "height": 1}),
        wrote(location={"latitude": 31.2, "longitude": 121.4}),
        wrote(contact={"phone_number": "+8613800000000", "first_name": "李"}),
        wrote("看 t.me", entities=[{"type": "url", "offset": 2, "length": 4}]),
    ]
    return tuple(json.dumps(one, ensure_ascii=False).encode() for one in found)


TARGETS = (
    Target("telegram.update", Form.JSON, updates(), update),
    Target(
        "telegram.answer",
        Form.JSON,
        written({"ok": True, "result": {}}, {"ok": False, "error_code": 429, "parameters": {"retry_after": 3}}),
        api_answer,
        (TelegramError,),
    ),
)
