"""The look at an answer before it is sent: what it had better not say is pointed out, and may go with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import router
from bot.config.workbench import OwnWording
from bot.db import Statements
from bot.sql import load
from router.events import Anyway
from router.wording.wording import Finding, Level, Wording, changed, check, parse, pieces

SQL = load(__file__, "checks.sql")
SHIPPED = Path(router.__file__).parent / "wording" / "wording.toml"
LONGEST_REASON = 200
"""Characters of the reason for sending an answer all the same."""


@dataclass(frozen=True)
class Held:
    """An answer that is not sent, with what was found in it."""

    text: str
    found: tuple[Finding, ...]

    @cached_property
    def pieces(self) -> list[tuple[str, Finding | None]]:
        """The text, cut where something was found."""
        return pieces(self.text, self.found)

    @cached_property
    def kinds(self) -> list[str]:
        """What was found, each kind once."""
        return list(dict.fromkeys(finding.kind for finding in self.found))

    @property
    def blocked(self) -> bool:
        """Whether no reason helps."""
        return any(finding.level is Level.BLOCK for finding in self.found)

    @property
    def seen(self) -> str:
        """What the agent says to have seen when sending it all the same."""
        return _names(self.found)


@dataclass(frozen=True, slots=True)
class Checks:
    """Looks at answers.

    Args:
        pool: knows what was said just before.
        wording: the rules in force.
    """

    pool: Statements
    wording: Wording

    async def look(self, conversation: int | None, text: str, form: Mapping[str, str]) -> Held | Anyway | None:
        """Hold an answer back, or take the reason for sending it all the same; None where nothing is found.

        Args:
            conversation: where it would be said; None where that is none.
            text: the answer.
            form: as it was sent; ``reason`` and ``seen`` override what the agent was shown, and nothing else.
        """
        said = [row["text"] for row in await self.pool.fetch(SQL["said"], conversation)]
        if not (found := check(text, self.wording, said)):
            return None
        held, reason = Held(text, found), " ".join(form.get("reason", "").split())[:LONGEST_REASON]
        if held.blocked or not reason or set(held.seen.split("\n")) - set(form.get("seen", "").splitlines()):
            return held
        return Anyway(reason, tuple(dict.fromkeys(finding.name for finding in found)))


def wording_of(own: OwnWording, urls: Sequence[str]) -> Wording:
    """The shipped rules with an operator's own; answers may lead to the operator's sites and to our own address."""
    rules = changed(parse(SHIPPED.read_text(encoding="utf-8")), block=own.block, warn=own.warn, allow=own.allow)
    return Wording.of(rules, [*own.sites, *(host for url in urls if (host := urlsplit(url).hostname))])


def _names(found: Sequence[Finding]) -> str:
    return "\n".join(dict.fromkeys(" ".join(finding.name.split()) for finding in found))
