"""The parts of the workbench: what each of its templates is filled with."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from msgspec import to_builtins

from bot.business.forms import read_editions
from bot.business.shown import SQL as REQUESTS
from bot.business.shown import filed_by, titles, under_way
from bot.canned import canned
from bot.db import Pool, Row
from bot.desk import shared, thread
from bot.desk.board import CALLS
from bot.desk.guard import Visit
from bot.desk.lines import Lines, Seen, changed
from bot.desk.lists import Lists
from bot.desk.render import Renderer
from bot.desk.shelf import read_wrapups
from bot.desk.targets import Targets
from bot.desk.watching import SQL as LEADING
from bot.desk.watching import TOLD, watches
from bot.disclosures.disclosures import number_in
from bot.drafts import drafts
from bot.files.enclosures import MOST, Enclosures
from bot.outbox.letters import dead, dead_of
from bot.people.access import Dossier, may_take
from bot.people.agent import ROOT, Agent
from bot.people.people import People
from bot.people.preferences import Sound, preferences_of
from bot.snoozes.snoozes import CHOICES
from bot.sql import load
from bot.surveys.callbacks import SQL as CALLBACKS
from bot.tickets.shown import SQL as TICKETS
from bot.words import words
from channels.telephone import masked
from router.budget import Allowance, allowance
from router.contact import Budget
from router.conversation import Status
from router.editions import Editions
from router.questionnaire.questionnaire import Questionnaires
from router.tickets.rules import TicketRules

ALERTS = load(__file__, "alerts.sql")
QUESTIONS = load(__file__, "questions.sql")
OFFERS = load(__file__, "offers.sql")
TEXT_LIMIT = 2000
"""Characters of a reply or a note; a door splits what its platform cannot take at once."""
SCRIPT = "desk.script."


@dataclass(frozen=True, slots=True)
class Parts:
    """Fills templates.

    Args:
        pool: connections to PostgreSQL.
        cards: the lists of conversations.
        drawn: their lines.
        render: the templates.
        enclosures: the files that wait for their answer.
        pushes: names of the channels whose messages go through the outbox.
        targets: to whom conversations can be passed on.
        people: who works at the desk.
        editions: every edition of the standard and its packs.
        questionnaires: every version of what surveys ask.
        rules: what tickets go by.
        notices: channels and accounts that can tell a customer of an answer when no message may be sent.
    """

    pool: Pool
    cards: Lists
    drawn: Lines
    render: Renderer
    enclosures: Enclosures
    pushes: frozenset[str]
    notices: frozenset[tuple[str, str]]
    targets: Targets
    people: People
    editions: Callable[[], Editions]
    questionnaires: Callable[[], Questionnaires]
    rules: Callable[[], TicketRules]

    async def page(self, visit: Visit, template: str, **values: object) -> str:
        """A whole page with its frame."""
        frame: dict[str, object] = {
            **await self.seat(visit.agent, visit.session.csrf),
            "script_words": script_words(visit.look.language),
            "chosen": (chosen := await preferences_of(self.pool, visit.agent.id)),
            "preferences": to_builtins(chosen, order="deterministic"),
            "sounds": list(Sound),
            "waits": await self.cards.waits(visit.agent),
            "alerts": await self.alerts(visit.agent),
            "tickets_waiting": await self.pool.fetchval(TICKETS["waiting"], visit.agent.id, visit.agent.department),
            "new_requests": await self.pool.fetchval(REQUESTS["open"]),
            "open_questions": await self.pool.fetchval(QUESTIONS["open"]),
            **await self.offered(visit),
            "has_cases": bool(self.editions().kinds),
            "open_callbacks": await self._callbacks(visit.agent),
            "dead_letters": await dead(self.pool, visit.agent.scope),
        }
        return self.render(template, visit.look, **{**frame, **values})

    async def _callbacks(self, agent: Agent) -> int:
        """How many call-backs wait for somebody who leads."""
        found: int = await self.pool.fetchval(CALLBACKS["waiting"], agent.scope or ROOT) if agent.leads else 0
        return found

    async def seat(self, agent: Agent, csrf: str) -> Mapping[str, object]:
        """The agent's own seat."""
        return {"agent": agent, "csrf": csrf, "reasons": await self.people.reasons()}

    async def offered(self, visit: Visit) -> Mapping[str, object]:
        """What the agent is asked to take."""
        offers = await self.pool.fetch(OFFERS["offered"], visit.agent.id, CALLS)
        return {"offers": offers, "offer_act": token_hex(16), "csrf": visit.session.csrf}

    async def alerts(self, agent: Agent) -> list[Row]:
        """What has been put before the agent and not been looked at."""
        return await self.pool.fetch(ALERTS["unseen"], agent.id, agent.scope, agent.manages)

    async def bell(self, visit: Visit) -> str:
        """The list of alerts."""
        alerts = await self.alerts(visit.agent)
        return self.render("bell.html", visit.look, alerts=alerts, csrf=visit.session.csrf)

    async def lists(
        self, visit: Visit, tab: str, open_id: int, before: str = "", *, known: Iterable[str] = (), board: str = ""
    ) -> Mapping[str, object]:
        """One page of the list of one tab, with the counts of all.

        Args:
            visit: who looks.
            tab: which list.
            open_id: the conversation that stands open beside it, 0 for none.
            before: the mark of the last line of the page before.
            known: prints of the lines that the page shows already, from the top.
            board: the mark of a board that is new enough; empty where none is that was read before.
        """
        listed = await self.cards.read(visit.agent, tab, before, board)
        place = f"?tab={listed.tab}" + (f"&before={before}" if before else "")
        typed = await drafts.drafted(self.pool, visit.agent.id)
        seen = Seen(visit.agent.id, visit.look, listed.tab, place, open_id, typed)
        return {
            "agent": visit.agent,
            "open_id": open_id,
            "tab": listed.tab,
            "tabs": listed.tabs,
            "place": place,
            "cursor": before,
            "following": listed.shown.following,
            "drawn": changed(self.drawn.of(seen, listed.shown.cards), known),
            "ended": listed.shown.ended,
            "namings": listed.shown.namings,
        }

    async def stage(self, visit: Visit, dossier: Dossier, tab: str, draft: str, refused: str) -> Mapping[str, object]:
        """A conversation with all that stands around it."""
        agent, language = visit.agent, visit.look.language
        page = await thread.read_page(self.pool, dossier, thread.NEWEST, self.pushes, self.render.zone)
        typed = await drafts.read(self.pool, agent.id, dossier.id)
        return {
            **await self.head(visit, dossier, tab),
            "drafts": drafts.packed(typed),
            "lines": page.lines,
            "before": page.before,
            "earlier": await thread.read_earlier(self.pool, dossier),
            "wrapups": await read_wrapups(self.pool, language),
            "targets": await self.targets.read(agent.id, dossier, language),
            "canned": await canned.read(self.pool, agent, self.fields(dossier, agent)),
            "snooze_choices": CHOICES,
            "draft": draft or typed[_kind(mode(agent, dossier))].text,
            "refused": refused,
            "held": None,
            "limit": TEXT_LIMIT,
            "enclosed": await self.enclosures.waiting(dossier.whereabouts, agent.id),
            "carried": self.enclosures.limits(dossier.channel),
            "most": self.enclosures.most(dossier.channel),
            "most_files": MOST,
            "number": masked(full) if (full := number_in(dossier.channel, dossier.address)) else "",
            "open": await self.pool.fetch(QUESTIONS["open_of"], dossier.contact_id),
        }

    async def head(self, visit: Visit, dossier: Dossier, tab: str) -> Mapping[str, object]:
        """What changes with each act: the head of the thread and the facts beside it."""
        forms = await read_editions(self.pool)
        return {
            "one": dossier,
            "viewer": visit.agent.id,
            "mode": mode(visit.agent, dossier),
            "takeable": may_take(visit.agent, dossier),
            "tab": tab,
            "csrf": visit.session.csrf,
            "act": token_hex(16),
            "allowance": (allowed := self.allowance(dossier)),
            "allowed": _state(allowed),
            "dead": await dead_of(self.pool, dossier.speaker) if allowed else 0,
            "noticed": (dossier.channel, dossier.account) in self.notices,
            "people": await shared.read_people(self.pool, dossier),
            "leads": visit.agent.leads,
            "has_cases": bool(self.editions().kinds),
            "watching": await self.watching(visit.agent, dossier),
            "whisper_limit": TEXT_LIMIT,
            "guided": await under_way(self.pool, forms, dossier.speaker, visit.look.language),
            "tickets": await self.pool.fetch(TICKETS["of_contact"], dossier.speaker),
            "ticket_rules": self.rules(),
            "filed": await filed_by(self.pool, forms, dossier.speaker, visit.look.language),
            "forms": titles(forms, visit.look.language),
            "wrapup": await self.wrapup(dossier, visit.look.language),
            "helpers": await self.helpers(dossier),
            "handover": await self.handover(visit.agent, dossier),
            "reason_labels": self.reason_labels(visit),
        }

    async def live(
        self,
        visit: Visit,
        dossier: Dossier,
        tab: str,
        *,
        after: int,
        under_way: Collection[int],
        said: str,
        refused: str,
    ) -> str:
        """What a page that shows a conversation up to some message has to change."""
        return self.render(
            "live.html",
            visit.look,
            **await self.head(visit, dossier, tab),
            **await self._since(dossier, after, under_way),
            said=said,
            refused=refused,
        )

    async def said(self, visit: Visit, dossier: Dossier, after: int, under_way: Collection[int]) -> str:
        """The messages alone of what such a page has to change."""
        return self.render("said.html", visit.look, one=dossier, **await self._since(dossier, after, under_way))

    async def _since(self, dossier: Dossier, after: int, under_way: Collection[int]) -> Mapping[str, object]:
        """What was said since, and how far messages have got."""
        if dossier.shared and 0 < after < shared.FIRST:  # Other channels came in while the page was open.
            page = await thread.read_page(self.pool, dossier, thread.NEWEST, self.pushes, self.render.zone)
            return {"whole": True, "lines": page.lines, "before": page.before, "ways": {}}
        lines = await thread.read_since(self.pool, dossier, after, self.pushes, self.render.zone)
        ways = await thread.read_ways(self.pool, dossier, under_way, self.pushes)
        return {"whole": False, "lines": lines, "before": None, "ways": ways}

    def fields(self, dossier: Dossier, agent: Agent) -> list[tuple[str, str]]:
        """What the ``{name}`` fields of canned replies stand for."""
        today = self.render.now().astimezone(self.render.zone).date().isoformat()
        called = [("customer", dossier.name), ("agent", agent.name), ("operator", self.render.operator)]
        return [*called, ("date", today)]

    def reason_labels(self, visit: Visit) -> Mapping[str, str]:
        """What the reasons are called that customers choose in surveys, by id."""
        return self.questionnaires().labels(visit.look.language)

    async def helpers(self, dossier: Dossier) -> list[Row]:
        """Who was asked to help with a conversation."""
        return await self.pool.fetch(OFFERS["helpers"], dossier.id)

    async def handover(self, agent: Agent, dossier: Dossier) -> Row | None:
        """What whoever passed the conversation on says to everyone else, as long as it is open."""
        row = await self.pool.fetchrow(OFFERS["handover"], dossier.id)
        told = row is not None and row["note"] and row["agent"] != agent.id and dossier.status is not Status.CLOSED
        return row if told else None

    async def watching(self, agent: Agent, dossier: Dossier) -> str:
        """Whether a leader reads along: ``told`` or ``silent``, as whoever serves hears of it; empty where not."""
        if not watches(agent, dossier):
            return ""
        return TOLD if await self.pool.fetchval(LEADING["setting"], "watching") == TOLD else "silent"

    def allowance(self, dossier: Dossier) -> Allowance | None:
        """What the platform still lets people send, None where it does not count."""
        return allowance(dossier.channel, Budget(dossier.budget_left, dossier.budget_expires), self.render.now())

    async def wrapup(self, dossier: Dossier, language: str) -> str:
        """The wrap-up of a conversation in words."""
        if not dossier.wrapup:
            return ""
        for group in await read_wrapups(self.pool, language):
            for choice in group.choices:
                if choice.code == dossier.wrapup:
                    return choice.label
        return words(language).get(f"desk.wrapup.{dossier.wrapup}", dossier.wrapup)


def mode(agent: Agent, dossier: Dossier) -> str:
    """What the agent can do: ``mine``, ``guest`` (helps), ``queued``, ``other``, ``bot``, ``call`` or ``closed``."""
    if dossier.by_telephone and dossier.status is not Status.CLOSED:
        return "call"
    if dossier.status is Status.ASSIGNED:
        if dossier.assignee == agent.id:
            return "mine"
        return "guest" if dossier.answers else "other"
    return dossier.status.value


def _kind(mode: str) -> drafts.Kind:
    """What the composer writes to begin with."""
    return drafts.Kind.REPLY if mode in ("mine", "guest") else drafts.Kind.NOTE


def _state(allowed: Allowance | None) -> str:
    """How much may be sent, in a word: ``open``, ``last``, ``used`` or ``closed``; empty where nobody counts."""
    if allowed is None:
        return ""
    if allowed.until is None:
        return "closed"
    return "used" if not allowed.left else "last" if allowed.left == 1 else "open"


def script_words(language: str) -> dict[str, str]:
    """The words that scripts say."""
    return {key.removeprefix(SCRIPT): text for key, text in words(language).items() if key.startswith(SCRIPT)}
