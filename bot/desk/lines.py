"""The lines of the lists: each is drawn once for all who see it alike, and known by its print."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import groupby

from markupsafe import Markup

from bot.desk.board import Card
from bot.desk.render import Look, Renderer, minutes
from bot.lru import Lru
from router.conversation import Status

KEPT = 10_000
"""Lines, of some 1.5 KB each."""
BLANK = 'data-print=""'
"""Where a line that was drawn says its print."""


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation as a line of a list."""

    id: int
    html: Markup
    print: str
    """Tells it from the same conversation drawn otherwise: 6 bytes of a hash, in 8 letters."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that a page shows already, one behind the other."""

    id: int
    """Of the conversation of the first."""
    count: int


@dataclass(frozen=True, slots=True)
class Sight:
    """How somebody sees a conversation."""

    card: Card
    place: str
    """The list and its page, as an address says them."""
    open: bool
    """Whether it stands open beside the list."""
    drafted: bool
    """Whether something is typed there."""
    helping: bool
    """Whether they were asked to help."""
    named: bool
    """Whether the list says whose it is."""
    language: str
    today: date
    """In the operator's zone: other days are named."""
    waited: int
    """For how many minutes, where the line tells."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A list as one person sees it."""

    agent: int
    look: Look
    tab: str
    place: str
    """The same and its page, as an address says them."""
    open_id: int
    """The conversation that stands open beside it, 0 for none."""
    typed: Collection[int]
    """Conversations in which they have typed something."""

    def sight(self, card: Card, now: datetime) -> Sight:
        """One of its lines; ``now`` is in the operator's zone."""
        waits = card.waiting_since if card.status is Status.QUEUED else None
        return Sight(
            card,
            self.place,
            open=card.id == self.open_id,
            drafted=card.id in self.typed,
            helping=self.agent in card.helpers,
            named=self.tab != "mine",
            language=self.look.language,
            today=now.date(),
            waited=minutes(now - waits) if waits else 0,
        )


class Lines:
    """Draws lines.

    Args:
        render: the templates.
    """

    def __init__(self, render: Renderer) -> None:
        self._render = render
        self._drawn: Lru[Sight, Line] = Lru(KEPT)

    def of(self, seen: Seen, cards: Iterable[Card]) -> list[Line]:
        """The lines of a list, from the top."""
        now = self._render.now().astimezone(self._render.zone)
        sights = [seen.sight(card, now) for card in cards]
        known = [self._drawn.get(sight) for sight in sights]
        if None in known:
            macro = self._render.macro("card.html", "line", seen.look)
            return [line or self._draw(sight, macro) for sight, line in zip(sights, known, strict=True)]
        return [line for line in known if line]

    def _draw(self, sight: Sight, macro: Callable[..., Markup]) -> Line:
        line = _line(sight, macro)
        self._drawn.put(sight, line)
        return line


def changed(lines: Iterable[Line], known: Iterable[str]) -> list[Line | Run]:
    """What a page needs to show these lines that shows some already.

    Args:
        lines: all of the list, from the top.
        known: the prints of those that the page shows, from the top.
    """
    places = {mark: place for place, mark in enumerate(known)}
    told: list[Line | Run] = []
    numbered = ((places.get(line.print), number, line) for number, line in enumerate(lines))
    for shown, group in groupby(numbered, lambda one: None if one[0] is None else one[0] - one[1]):
        together = [line for _, _, line in group]
        told += together if shown is None else [Run(together[0].id, len(together))]
    return told


def _line(sight: Sight, macro: Callable[..., Markup]) -> Line:
    html = str(macro(sight.card, sight.place, sight.open, sight.drafted, sight.helping, sight.named))
    mark = urlsafe_b64encode(blake2b(html.encode(), digest_size=6).digest()).decode()
    return Line(sight.card.id, Markup(html.replace(BLANK, f'data-print="{mark}"', 1)), mark)  # noqa: S704 - drawn above
