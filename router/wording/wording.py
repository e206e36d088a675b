"""Wording: what an answer had better not say, found before it is sent; rules are data, and nothing here sends.

check(text, wording, said) -> (Finding, …)   words, promises, personal data, outside links, the same once more
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from router.forms.form import veiled
from router.wording.personal import WIDE, spots

LINK = "link"
REPEAT = "repeat"
_LINK = re.compile(r"(?:https?://|www\.)[^\s，。；！？、）)】》]+|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|cc|top|xyz|vip|info|io|me|link|ly)\b[^\s，。；！？、）)】》]*", re.IGNORECASE)  # fmt: skip  # noqa: E501
_HOST = re.compile(r"(?:https?://)?(?:[^/@\s]*@)?([^/:?#\s]+)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


class Level(StrEnum):
    """What a finding asks for."""

    WARN = "warn"
    """The agent may send it all the same, with a reason."""
    BLOCK = "block"
    """It is not sent."""


class WordingError(Exception):
    """The rules make no sense; the message names the rule and the key."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases of one kind."""

    id: str
    level: Level
    says: tuple[str, ...]
    harmless: tuple[str, ...] = ()
    """Turns in which a phrase means no harm."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that an answer had better not say: characters from ``start`` up to ``end``."""

    kind: str
    """The id of a rule, ``personal.…``, ``link`` or ``repeat``."""
    level: Level
    start: int
    end: int
    words: str
    """What stands there; personal data masked."""

    @property
    def name(self) -> str:
        """By which somebody says to have seen it."""
        return f"{self.kind}:{self.words}"


@dataclass(frozen=True, slots=True)
class Wording:
    """The rules in force. ``Wording.of`` makes one."""

    rules: tuple[tuple[Rule, re.Pattern[str], re.Pattern[str] | None], ...]
    sites: frozenset[str] = frozenset()
    """Hosts that answers may lead to, each with all below it."""

    @staticmethod
    def of(rules: Sequence[Rule], sites: Sequence[str] = ()) -> "Wording":
        """Rules, ready to be asked."""
        made = [(rule, _pattern(rule.says), _pattern(rule.harmless) if rule.harmless else None) for rule in rules]
        return Wording(tuple(made), frozenset(site.lower() for site in sites))


def parse(text: str) -> tuple[Rule, ...]:
    """Read rules from TOML. Raises: WordingError where they make no sense."""
    try:
        tables = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise WordingError(str(error)) from error
    return tuple(_rule(table) for table in tables)


def changed(rules: Sequence[Rule], *, block: Sequence[str], warn: Sequence[str], allow: Sequence[str]) -> list[Rule]:
    """Shipped rules with an operator's own: phrases that are blocked or warned of, and phrases that are harmless."""
    own = [Rule("own", level, tuple(says)) for level, says in ((Level.BLOCK, block), (Level.WARN, warn)) if says]
    return [replace(rule, harmless=(*rule.harmless, *allow)) for rule in (*own, *rules)]


def check(text: str, wording: Wording, said: Sequence[str] = ()) -> tuple[Finding, ...]:
    """What an answer had better not say, in order.

    Args:
        text: the answer as it would be sent.
        wording: the rules in force.
        said: what was sent to the customer just before, for the same words once more.
    """
    plain = text.translate(WIDE)
    found = [finding for rule in wording.rules for finding in _broken(text, plain, *rule)]
    for spot in spots(text):
        words = veiled(text[spot.start : spot.end])
        found.append(Finding(f"personal.{spot.kind.value}", Level.WARN, spot.start, spot.end, words))
    found += [
        Finding(LINK, Level.WARN, link.start(), link.end(), text[link.start() : link.end()])
        for link in _LINK.finditer(plain)
        if not _allowed(link[0], wording.sites)
    ]
    if text.strip() and _flat(text) in map(_flat, said):
        found.append(Finding(REPEAT, Level.WARN, 0, len(text), ""))
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


def pieces(text: str, found: Sequence[Finding]) -> list[tuple[str, Finding | None]]:
    """The text cut where findings begin and end, each piece with its finding; of overlapping ones the first counts."""
    cut: list[tuple[str, Finding | None]] = []
    at = 0
    for finding in found:
        if finding.kind == REPEAT or finding.start < at:
            continue
        cut += [(text[at : finding.start], None), (text[finding.start : finding.end], finding)]
        at = finding.end
    return [piece for piece in (*cut, (text[at:], None)) if piece[0]]


def _broken(
    text: str, plain: str, rule: Rule, says: re.Pattern[str], harmless: re.Pattern[str] | None
) -> list[Finding]:
    spared = [match.span() for match in harmless.finditer(plain)] if harmless else []
    return [
        Finding(rule.id, rule.level, match.start(), match.end(), text[match.start() : match.end()])
        for match in says.finditer(plain)
        if not any(start <= match.start() and match.end() <= end for start, end in spared)
    ]


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """One pattern for all phrases, the longest first; blanks between Han characters make no difference."""
    longest = sorted({phrase.translate(WIDE).strip() for phrase in phrases} - {""}, key=lambda one: (-len(one), one))
    return re.compile("|".join(map(_spelled, longest)) or r"(?!)", re.IGNORECASE)


def _spelled(phrase: str) -> str:
    if not phrase.isascii():
        return r"\s*".join(re.escape(character) for character in _SPACE.sub("", phrase))
    words = r"\s+".join(re.escape(word).replace("'", "['’]") for word in phrase.split())
    return rf"(?<![A-Za-z0-9]){words}(?![A-Za-z0-9])"


def _allowed(link: str, sites: frozenset[str]) -> bool:
    found = _HOST.match(link)
    host = (found[1] if found else "").lower().rstrip(".")
    return any(host == site or host.endswith(f".{site}") for site in sites)


def _flat(text: str) -> str:
    return _SPACE.sub("", text.translate(WIDE)).rstrip("。.！!~～").lower()


def _rule(table: Mapping[str, Any]) -> Rule:
    name = table.get("id")
    unknown = table.keys() - {"id", "level", "says", "except"}
    if not isinstance(name, str) or not name or unknown:
        raise WordingError(f"rule {name!r}: {', '.join(sorted(unknown)) or 'its id'} makes no sense")
    if table.get("level") not in list(Level):
        raise WordingError(f"rule {name}: level must be one of {', '.join(Level)}")
    for key in ("says", "except"):
        said = table.get(key, [])
        if not isinstance(said, list) or not all(isinstance(one, str) and one.strip() for one in said):
            raise WordingError(f"rule {name}: {key} must be a list of texts")
    if not table.get("says"):
        raise WordingError(f"rule {name}: says nothing")
    return Rule(name, Level(table["level"]), tuple(table["says"]), tuple(table.get("except", ())))
