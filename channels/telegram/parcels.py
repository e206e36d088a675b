"""What goes out in one call each: texts in parts, files with their captions, and the buttons below the last."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from channels.door import Attachment, Choice, Message, as_numbered_list
from channels.telegram.texts import split, units

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
DATA_BYTES = 64
"""Bytes of UTF-8 that a button carries."""
ROW_UNITS = 12
"""Labels that fit on a phone's line together, in Chinese too, share one row of buttons."""
BETWEEN = "\n\n"


class Parcel(Struct, frozen=True):
    """One call's worth: a text, or a file with a caption."""

    text: str
    choices: tuple[Choice, ...] = ()
    attachment: Attachment | None = None


def parcels(messages: Sequence[Message]) -> list[Parcel]:
    """Pack the messages of a turn into as few calls as their order and Telegram's limits allow."""
    return [parcel for whole in _joined(messages) for parcel in _parts(whole)]


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Buttons for choices that fit into them."""
    if not choices:
        return None
    buttons = [InlineKeyboardButton(choice.label, callback_data=choice.id) for choice in choices]
    if units("".join(choice.label for choice in choices)) <= ROW_UNITS:
        return InlineKeyboardMarkup([buttons])
    return InlineKeyboardMarkup([[button] for button in buttons])


def _joined(messages: Sequence[Message]) -> Iterator[Parcel]:
    """Texts that follow each other become one; a file stands alone with its own text."""
    texts: list[str] = []
    choices: list[Choice] = []
    for message in messages:
        if message.attachment is not None:
            yield from _flushed(texts, choices)
            texts, choices = [], []
            yield _fitting(message.text, message.choices, message.attachment)
        else:
            texts.append(message.text)
            choices += message.choices
    yield from _flushed(texts, choices)


def _flushed(texts: Sequence[str], choices: Sequence[Choice]) -> Iterator[Parcel]:
    if text := BETWEEN.join(part for part in texts if part.strip()):
        yield _fitting(text, choices, None)


def _fitting(text: str, choices: Sequence[Choice], attachment: Attachment | None) -> Parcel:
    """Choices become a numbered list where the id of one is too long for a button; a typed number picks one."""
    if any(len(choice.id.encode()) > DATA_BYTES or not choice.label.strip() for choice in choices):
        return Parcel(as_numbered_list(text, choices), (), attachment)
    return Parcel(text, tuple(choices), attachment)


def _parts(whole: Parcel) -> Iterator[Parcel]:
    """A text in parts; buttons and a file go with the last."""
    if whole.attachment is not None and units(whole.text) > CAPTION_UNITS:
        yield from map(Parcel, split(whole.text, TEXT_UNITS))
        yield Parcel("", whole.choices, whole.attachment)
    elif whole.attachment is not None:
        yield whole
    else:
        *first, last = split(whole.text, TEXT_UNITS)
        yield from map(Parcel, first)
        yield Parcel(last, whole.choices)
