"""The forms of a message: texts, links and menus to tap (developer.work.weixin.qq.com: sending messages)."""

from collections.abc import Mapping, Sequence

from channels.door import Choice, as_numbered_list
from channels.weixin.files import MEGABYTE, Form, Forms
from channels.weixin.pieces import LIMIT, Piece
from channels.weixin.texts import shortened, size, split

FORMS = Forms(
    {
        "image/jpeg": Form("image", 10 * MEGABYTE, "jpg"),
        "image/png": Form("image", 10 * MEGABYTE, "png"),
        "audio/amr": Form("voice", 2 * MEGABYTE, "amr"),
        "video/mp4": Form("video", 10 * MEGABYTE, "mp4"),
    },
    other=Form("file", 20 * MEGABYTE),
)
"""Temporary media (developer.work.weixin.qq.com: uploading temporary media); every other type goes as a file."""
HEAD = 1024
"""Bytes of the text above a menu."""
MOST_ITEMS = 10
LONGEST_ITEM_ID = 64
LONGEST_ITEM = 128
"""Bytes of what an item of a menu shows."""
LONGEST_TITLE = 1024
"""Bytes of what a link of a menu shows."""


def as_one(text: str, choices: tuple[Choice, ...]) -> Mapping[str, object]:
    """One text or menu; what does not fit into it is cut, but never a choice."""
    if choices and _fits(choices):
        items = [{"type": "click", "click": {"id": choice.id, "content": choice.label}} for choice in choices]
        return menu(shortened(text, HEAD), items)
    listed = as_numbered_list("", choices)
    shown = shortened(text, max(LIMIT - size(listed), LIMIT // 2)) + listed
    return {"msgtype": "text", "text": {"content": shortened(shown, LIMIT)}}


def menu(head: str, items: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    """A tapped item comes back as a text with its id as ``menu_id``."""
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": head, "list": items, "tail_content": ""}}


def _fits(choices: Sequence[Choice]) -> bool:
    return len(choices) <= MOST_ITEMS and all(
        0 < size(choice.id) <= LONGEST_ITEM_ID and 0 < size(choice.label) <= LONGEST_ITEM for choice in choices
    )


def fitted(piece: Piece) -> list[Piece]:
    """A menu whose text is too long for one, or whose items fit into none, in parts that are taken."""
    if not piece.choices:
        return [piece]
    if not _fits(piece.choices):
        return [Piece(part) for part in split(as_numbered_list(piece.text, piece.choices), LIMIT)]
    if size(piece.text) <= HEAD:
        return [piece]
    *before, last = split(piece.text, HEAD)
    return [*(Piece(part) for part in before), Piece(last, piece.choices)]


def link(piece: Piece) -> Mapping[str, object]:
    """A title that leads to a page: as an item of a menu, since a card of its own would need a picture."""
    shown = shortened(piece.text or piece.link, LONGEST_TITLE)
    return menu("", [{"type": "view", "view": {"url": piece.link, "content": shown}}])
