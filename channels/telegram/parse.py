"""What Telegram sends becomes an event of ours (core.telegram.org/bots/api: Update)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from channels.door import Address, Inbound, Malformed, Unsupported
from channels.storable import storable
from router.events import CustomerEvent, Followed, Kind, Media, Said, Unfollowed

CHANNEL = "telegram"
START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<payload>\S+))?\s*")
"""What the button "Start" and a deep link send."""
OUTLET = "o_"
"""A deep link carries no colon: ``o_<outlet>`` stands for the scene ``o:<outlet>``."""
CONTENTS = ("poll", "dice", "story", "game", "checklist", "paid_media", "invoice")
"""What a customer can send besides, which a person at the desk should know of."""
MOST_SIZE = 2**63
GONE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})

Content = tuple[Kind, str, Media | None]
"""What a message is made of, its words, and its file."""


class Tap(NamedTuple):
    """A tap on a button, which Telegram wants answered, and the message that carries the button."""

    query_id: str
    chat_id: int
    message_id: int
    choice: str


class Letter(NamedTuple):
    """What has been let in."""

    inbound: Inbound
    tap: Tap | None = None


def parse(payload: Mapping[str, object], *, account: str) -> Letter:
    """Understand one update.

    Args:
        payload: one update, as JSON.
        account: the name of our account that it came to.

    Raises:
        Unsupported: Telegram's own business, a group's, or of a form that the library does not know.
        Malformed: no update at all.
    """
    number = payload.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise Malformed("not_an_update")
    try:
        update = Update.de_json(dict(payload), None)
        return _letter(update, number, account)
    except Unsupported:
        raise
    except Exception as error:  # Whatever the library stumbles over stays so: sent again, it would block the rest.
        raise Unsupported("update_unreadable") from error


def _letter(update: Update, number: int, account: str) -> Letter:
    chat, who, sent_at = update.effective_chat, update.effective_user, None
    if chat is None or chat.type != ChatType.PRIVATE:
        raise Unsupported("not_a_private_chat")
    if not isinstance(chat.id, int):  # The library takes any type.
        raise Unsupported("chat_unreadable")
    said, change, tap = update.message or update.edited_message, update.my_chat_member, None
    event: CustomerEvent
    if update.callback_query is not None:
        event, tap = _tapped(update.callback_query)
    elif said is not None:
        event = _said(said) if update.message is not None else _corrected(said)
        sent_at = said.edit_date or said.date
    elif change is not None:
        event, sent_at = _moved(change), change.date
    else:
        raise Unsupported("update_without_meaning")
    address = Address(CHANNEL, account, str(chat.id))
    return Letter(Inbound(address, f"u:{number}", event, sent_at, _name(who)), tap)


def _tapped(query: CallbackQuery) -> tuple[CustomerEvent, Tap]:
    """A tap says what its button shows; the message may be too old for Telegram to repeat it."""
    message, choice = query.message, query.data
    if message is None or not choice:
        raise Unsupported("tap_without_choice")
    markup = message.reply_markup if isinstance(message, Message) else None
    rows = markup.inline_keyboard if markup is not None else ()
    labels = [button.text for row in rows for button in row if button.callback_data == choice]
    event = Said(storable(labels[0] if labels else choice), choice=storable(choice))
    return event, Tap(query.id, message.chat.id, message.message_id, choice)


def _said(message: Message) -> CustomerEvent:
    started = START.fullmatch(message.text or "")
    if started is not None:
        return Followed(_scene(storable(started["payload"] or "")))
    content = _content(message)
    if content is None:
        raise Unsupported("message_without_content")
    kind, text, media = content
    return Said(storable(text), kind, media=media)


def _scene(payload: str) -> str:
    return f"o:{payload.removeprefix(OUTLET)}" if payload.startswith(OUTLET) else payload


def _corrected(message: Message) -> CustomerEvent:
    """An edited text is a message of its own; what moves by itself, such as a live location, is not."""
    text = message.text or message.caption or ""
    if not text.strip():
        raise Unsupported("edit_without_words")
    return Said(storable(text), Kind.CORRECTION)


def _moved(change: ChatMemberUpdated) -> CustomerEvent:
    if change.new_chat_member.status not in GONE:
        raise Unsupported("still_there")
    return Unfollowed()


def _content(message: Message) -> Content | None:
    if message.text:
        return Kind.TEXT, message.text, None
    if (media := _media(message)) is not None:
        kind, one = media
        return kind, message.caption or "", one
    return _wordless(message)


def _media(message: Message) -> tuple[Kind, Media] | None:
    """The file of a message; an animation also calls itself a document."""
    if message.photo:
        largest = max(message.photo, key=lambda one: one.width * one.height)
        return Kind.IMAGE, _named(largest.file_id, "", "image/jpeg", largest.file_size)
    if (voice := message.voice) is not None:
        return Kind.VOICE, _named(voice.file_id, "", voice.mime_type or "audio/ogg", voice.file_size)
    if (note := message.video_note) is not None:
        return Kind.VIDEO, _named(note.file_id, "", "video/mp4", note.file_size)
    if (video := message.video or message.animation) is not None:
        return Kind.VIDEO, _named(video.file_id, video.file_name, video.mime_type or "video/mp4", video.file_size)
    if (file := message.audio or message.document) is not None:
        return Kind.FILE, _named(file.file_id, file.file_name, file.mime_type or "", file.file_size)
    return None


def _named(ref: str, name: str | None, kind: str, size: int | None) -> Media:
    """A file; the library takes any type for its parts, and a size that is none is not told."""
    told = size if type(size) is int and 0 <= size < MOST_SIZE else None
    return Media(storable(ref), storable(name or ""), storable(kind), told)


def _wordless(message: Message) -> Content | None:
    """What says something to a person, and nothing to the bot."""
    if (venue := message.venue) is not None:
        return Kind.LOCATION, f"{venue.title} {venue.address}", None
    if (place := message.location) is not None:
        return Kind.LOCATION, f"{place.latitude:.6f}, {place.longitude:.6f}", None
    if (card := message.contact) is not None:
        return Kind.OTHER, " ".join(filter(None, (card.first_name, card.last_name, card.phone_number))), None
    if (sticker := message.sticker) is not None:
        return Kind.OTHER, sticker.emoji or "", None
    if any(getattr(message, name, None) is not None for name in CONTENTS):
        return Kind.OTHER, "", None
    return None


def _name(who: User | None) -> str:
    return storable(who.full_name) if who is not None else ""
