"""The messages of a turn as WeChat's platforms carry them: texts in parts, links, files, and choices as a menu.

Each costs one of the contact's quota, so texts that follow one another go as one.
"""

from collections.abc import Sequence

from msgspec import Struct

from channels.door import Attachment, Choice, Message
from channels.weixin.files import Forms
from channels.weixin.texts import split
from router.events import Kind

LIMIT = 2048
"""Bytes of UTF-8 that WeChat shows of one text."""
BETWEEN = "\n\n"


class Piece(Struct, frozen=True):
    """One message as WeChat will carry it: a text with or without a menu, a link, or a file."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    link: str = ""
    """Address of the page that the text names."""
    file: Attachment | None = None


def pieces(messages: Sequence[Message], forms: Forms) -> list[Piece]:
    """Messages as WeChat will carry them, in order; the choices of all stand with the last text.

    Raises:
        Undeliverable: a file is of a type that has no way to the customer; nothing has been sent yet.
    """
    choices = tuple(choice for message in messages for choice in message.choices)
    found: list[Piece] = []
    texts: list[str] = []

    def flush() -> None:
        found.extend(Piece(part) for part in split(BETWEEN.join(texts), LIMIT))
        texts.clear()

    for message in messages:
        if message.attachment is not None:
            forms.of(message.attachment)
            flush()
            found.append(Piece(file=message.attachment))
        elif link := _link(message):
            flush()
            found.append(link)
            continue
        if message.text:
            texts.append(message.text)
    flush()
    return _with_menu(found, choices)


def _with_menu(found: list[Piece], choices: tuple[Choice, ...]) -> list[Piece]:
    if not choices:
        return found
    last = found[-1] if found else None
    if last is None or last.file is not None or last.link:
        return [*found, Piece(choices=choices)]
    return [*found[:-1], Piece(last.text, choices)]


def _link(message: Message) -> Piece | None:
    """A message that is a title and the address below it."""
    title, _, address = message.text.partition("\n")
    if message.kind is not Kind.LINK or not address.startswith(("https://", "http://")):
        return None
    return Piece(title, link=address.strip())
