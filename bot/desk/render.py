"""Renders the desk's templates; a page is words, values and nothing that was stored as a template."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from markupsafe import Markup

from bot.static import Static
from bot.templating import templates
from bot.words import LANGUAGES, fill, words
from channels.telephone import masked

THEMES = ("auto", "light", "dark")
NUMBER = re.compile(r"\+?[0-9]{7,20}")
TAGS = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True)
class Look:
    """How one person sees the desk."""

    language: str = "zh"
    theme: str = "auto"


class Renderer:
    """Turns a template and values into HTML.

    Args:
        static: knows where styles and scripts are.
        operator: the operator's name, shown on the pages.
        clock: the time (aware, UTC).
        zone: the operator's, in which times are shown.
    """

    def __init__(self, static: Static, operator: str, clock: Callable[[], datetime], zone: tzinfo) -> None:
        self.zone = zone
        self.edition = static.edition
        """Of the scripts and styles; another one means another version of the desk."""
        self.operator = operator
        self._clock = clock
        self._environment = templates("desk")
        self._environment.globals.update(static=static.url, edition=static.edition, themes=THEMES)

    def now(self) -> datetime:
        """The time (aware, UTC)."""
        return self._clock()

    def issuer(self, language: str) -> str:
        """What a telephone calls us beside the codes that it shows."""
        return fill(words(language)["desk.factor.issuer"], [("operator", self.operator)])

    def __call__(self, template: str, look: Look, **values: object) -> str:
        """Render a template in somebody's language and theme.

        Raises:
            KeyError: a word is in no words file.
        """
        return self._environment.get_template(template).render(**self._said(look), **values)

    def macro(self, template: str, name: str, look: Look) -> Callable[..., Markup]:
        """A macro of a template in somebody's language, for what is drawn many times over."""
        module = self._environment.get_template(template).make_module(self._said(look))
        found: Callable[..., Markup] = getattr(module, name)
        return found

    def _said(self, look: Look) -> dict[str, object]:
        """What every template can say."""
        phrase = Phrase(look.language, self.operator, self.zone)
        now, language = self.now().astimezone(self.zone), look.language
        return {
            "t": phrase,
            "has": phrase.has,
            "look": look,
            "tag": TAGS[look.language],
            "now_ms": milliseconds(now),
            "ms": milliseconds,
            "clock_time": lambda at: clock_time(at, self.zone),
            "file_size": file_size,
            "veiled": veiled,
            "at": from_seconds,
            "moment": lambda at: moment(at.astimezone(self.zone), now, language),
            "day": lambda at: day(at, now, language),
            "ago": lambda at: minutes(now - at),
        }


class Phrase:
    """The desk's words in one language."""

    def __init__(self, language: str, operator: str, zone: tzinfo) -> None:
        self._zone = zone
        self._language = language
        self._operator = operator
        self._words: Mapping[str, str] = words(language)

    def __call__(self, key: str, **fields: str | int | datetime) -> str:
        """Words below ``desk.`` with their fields filled in."""
        filled = [("operator", self._operator), *fields.items()]
        return fill(self._words[f"desk.{key}"], filled, self._language, self._zone)

    def clause(self, name: str) -> str:
        """What a clause is called; its id where nobody has named it."""
        return self._words.get(f"standard.clause.{name}", name)

    def has(self, key: str) -> bool:
        """Whether there are such words."""
        return f"desk.{key}" in self._words


def milliseconds(at: datetime | None) -> int | str:
    """Milliseconds since 1970 (UTC), as pages count; nothing for no time."""
    return "" if at is None else int(at.timestamp() * 1000)


def from_seconds(seconds: float) -> datetime:
    """The time (aware, UTC) of so many seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def veiled(name: str) -> str:
    """A contact's name as lists and heads show it: a telephone number in it is masked."""
    return NUMBER.sub(lambda found: masked(found[0]), name)


def file_size(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, round(size / 1024))} KB"


def clock_time(at: datetime, zone: tzinfo) -> str:
    """The time of day in the operator's zone."""
    return at.astimezone(zone).strftime("%H:%M")


def moment(at: datetime, now: datetime, language: str) -> str:
    """A time of day, with the date where it is not today; both are in the operator's zone."""
    said = f"{at:%H:%M}"
    return said if at.date() == now.date() else f"{day(at.date(), now, language)} {said}"


def day(at: date, now: datetime, language: str) -> str:
    """A date as people say it: today, yesterday, or the date itself; ``now`` is in the operator's zone."""
    said = words(language)
    today = now.date()
    if at == today:
        return said["desk.day.today"]
    if at == today - timedelta(days=1):
        return said["desk.day.yesterday"]
    weekday = said[f"desk.weekday.{at.isoweekday()}"]
    pattern = said["desk.day.date" if at.year == today.year else "desk.day.date_year"]
    return fill(pattern, [("year", at.year), ("month", at.month), ("day", at.day), ("weekday", weekday)])


def minutes(length: timedelta) -> int:
    """Whole minutes, never less than none."""
    return max(0, int(length.total_seconds() // 60))


def language_of(accepted: str) -> str:
    """The desk's language for a browser that nobody has logged in from: English where it asks for that first."""
    first = accepted.split(",")[0].strip().lower().partition("-")[0]
    return first if first in LANGUAGES else LANGUAGES[0]
