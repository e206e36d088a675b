"""The agents' desk at ``/desk``: log-in, workbench, questions, alerts, and the stream that keeps them fresh."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from aiohttp import web
from redis.asyncio import Redis

from bot.assist.assist import Assist
from bot.assist.model import Model
from bot.assist.page import AssistPane
from bot.assist.typed import Typed
from bot.audit.page import AuditPage
from bot.bus import Bus
from bot.business.page import RequestsPage
from bot.calls.page import HotlinePage
from bot.canned.page import CannedPage
from bot.cases.page import CasesPage
from bot.config.workbench import OwnWording
from bot.crm.built_in import BuiltIn
from bot.crm.page import CrmPage
from bot.crm.record import Crm
from bot.db import Pool
from bot.deadlines.page import DeadlinesPage
from bot.deadlines.reassigning import Reassigning
from bot.desk.acts import Acts
from bot.desk.bell import Bell
from bot.desk.board import CALLS, Boards
from bot.desk.checks import Checks, wording_of
from bot.desk.colleagues import Colleagues
from bot.desk.deeds import Deeds
from bot.desk.files import Files
from bot.desk.gate import Gate
from bot.desk.guard import Guard
from bot.desk.leading import Leading
from bot.desk.lines import Lines
from bot.desk.lists import Lists
from bot.desk.offers import Offers
from bot.desk.parts import Parts
from bot.desk.questions import Questions
from bot.desk.render import Renderer
from bot.desk.seat import Seats
from bot.desk.settings import Settings
from bot.desk.stream import Streams
from bot.desk.targets import Targets
from bot.desk.uploads import Uploads
from bot.desk.watching import Watching
from bot.desk.workbench import Workbench
from bot.disclosures.page import Numbers
from bot.drafts.page import DraftsPage
from bot.files.enclosures import Enclosures
from bot.files.store import Store
from bot.improvements.page import ImprovementsPage
from bot.keys.page import KeysPage
from bot.knowledge.lookups import Lookups, Published
from bot.knowledge.page import KnowledgePane
from bot.login.factors import Factors
from bot.login.log_in import LogIns
from bot.login.oidc.page import Oidc
from bot.login.oidc.provider import Provider
from bot.login.page import AccountPage
from bot.login.vault import Vault
from bot.lru import Lru
from bot.mentions.page import ColleaguesPage
from bot.outbox.page import DeliveryPage
from bot.outlets.page import Counter
from bot.people.accounts import Accounts
from bot.people.heartbeats import Heartbeats
from bot.people.page import PeoplePage
from bot.people.people import People
from bot.people.units_page import UnitsPage
from bot.reach.reaches import Reaches
from bot.reach.typing import Typing
from bot.satisfaction.page import SatisfactionPage
from bot.shifts.kinds import ShiftsPage
from bot.shifts.page import RosterPage
from bot.snoozes.page import SnoozeForms
from bot.standards.page import StandardPage
from bot.static import Static
from bot.subscriptions.page import WebhooksPage
from bot.subscriptions.subscriptions import Subscriptions
from bot.surveys.callbacks_page import CallbacksPage
from bot.tickets.bulk import BulkActs
from bot.tickets.exports.page import ExportsPage
from bot.tickets.imports.page import ImportsPage
from bot.tickets.one import TicketPage
from bot.tickets.page import TicketsPage
from bot.tickets.rules import shipped_rules
from bot.wall.page import WallPage
from channels.web.peers import Peers
from router.calendar import SHANGHAI
from router.editions import Editions
from router.questionnaire.questionnaire import Questionnaires
from router.routing import Routing
from router.tickets.rules import TicketRules


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the desk is made of."""

    pool: Pool
    writer: Acts
    bus: Bus
    redis: Redis
    """Takes the heartbeats; may be away at any time."""
    store: Store
    """Keeps the files of messages."""
    static: Static = field(default_factory=Static)
    operator: str = ""
    """The operator's name, shown at the log-in."""
    pushes: frozenset[str] = frozenset()
    """Names of the channels whose messages go through the outbox."""
    doors: Mapping[str, object] = field(default_factory=dict)
    """By channel; those whose platform shows that an agent is typing are told."""
    carries: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """The most bytes of a file by MIME type, for each channel that carries files to customers."""
    notices: frozenset[tuple[str, str]] = frozenset()
    """Channels and accounts that can tell a customer of an answer when no message may be sent."""
    zone: tzinfo = SHANGHAI
    """The operator's time zone, in which the desk shows times."""
    routing: Callable[[], Routing] = Routing
    """The routing in force: which queue another one overflows into."""
    public_url: str = ""
    """Our own address as browsers see it, or empty where only the Host header tells."""
    peers: Peers = field(default_factory=Peers)
    """Tells from which address on the network a browser asks."""
    clock: Callable[[], datetime] = _now
    editions: Callable[[], Editions] = Editions
    """Every edition of the standard and its packs, as they now stand."""
    questionnaires: Callable[[], Questionnaires] = Questionnaires
    """Every version of what surveys ask, as they now stand."""
    rules: Callable[[], TicketRules] = shipped_rules
    """What tickets go by, as it now stands."""
    secret_key: str = field(repr=False)
    """The house's own; seals second factors and the secrets of webhooks."""
    private_webhooks: bool = False
    """Whether webhooks may go to systems of the operator's own network."""
    providers: Mapping[str, Provider] = field(default_factory=dict)
    """By name: where people may log in as well."""
    wording: OwnWording = field(default_factory=OwnWording)
    """What the operator blocks, warns of and allows beside the shipped wording."""
    published: Published = lambda: (None, {})
    """The knowledge that agents look things up in."""
    model: Model | None = None
    """Assists agents; None where rules alone do."""
    hotlines: Sequence[str] = ()
    """The accounts of the hotline, on which customers of imported tickets may be."""
    crm: Crm | None = None
    """Knows customers; None for the built-in one."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is about to stop."""
    lookups: Lookups = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lookups", Lookups(self.pool, self.published, CALLS))

    async def close(self, _app: web.Application) -> None:
        """End the streams, so that the process need not wait for open desks; they come back to another one."""
        self.closing.set()
        self.lookups.close()


def routes(desk: Desk) -> list[web.RouteDef]:
    """All routes of the desk; the static files have their own."""
    render = Renderer(desk.static, desk.operator, desk.clock, desk.zone)
    people = People(desk.pool, desk.bus)
    heartbeats = Heartbeats(desk.redis)
    boards = Boards(desk.pool)
    factors = Factors(desk.pool, Vault(desk.secret_key))
    log_ins = LogIns(desk.pool, people.passwords, factors)
    guard = Guard(people, render, desk.public_url, desk.peers)
    enclosures = Enclosures(desk.store, desk.carries)
    targets = Targets(desk.pool, desk.routing)
    parts = Parts(
        desk.pool,
        Lists(desk.pool, boards, render.now),
        Lines(render),
        render,
        enclosures,
        desk.pushes,
        desk.notices,
        targets,
        people,
        desk.editions,
        desk.questionnaires,
        desk.rules,
    )
    reaches = Reaches(desk.pool, desk.bus, Lru(0))
    gate = Gate(guard, people, log_ins, factors, render, [one.account for one in desk.providers.values()])
    oidc = Oidc(guard, gate, log_ins, desk.pool, providers=desk.providers, public_url=desk.public_url)
    watching = Watching(desk.pool, desk.writer, render.now)
    bench = Workbench(guard, parts, desk.pool, reaches, Typing(reaches, desk.doors), watching)
    checks = Checks(desk.pool, wording_of(desk.wording, [desk.public_url]))
    assist = Assist(desk.pool, desk.lookups, checks.wording, desk.model)
    typed = Typed(desk.pool, desk.lookups, desk.published)
    deeds = Deeds(guard, bench, parts, enclosures, checks, desk.pool, desk.writer)
    return [
        *gate.routes(),
        *oidc.routes(),
        *AccountPage(guard, parts, people, log_ins, factors, oidc.choices).routes(),
        *Seats(guard, parts, people, heartbeats, desk.pool).routes(),
        *bench.routes(),
        *deeds.routes(),
        *Leading(deeds, targets).routes(),
        *SnoozeForms(guard, bench, parts, deeds, desk.pool, desk.bus).routes(),
        *DraftsPage(guard, bench, desk.pool).routes(),
        *CannedPage(guard, parts, desk.pool).routes(),
        *ColleaguesPage(guard, render, desk.pool).routes(),
        *KnowledgePane(guard, bench, render, desk.lookups, desk.writer).routes(),
        *AssistPane(guard, bench, parts, assist, typed).routes(),
        *Uploads(guard, bench, enclosures, render, limit=desk.store.limit).routes(),
        *Questions(guard, parts, checks, desk.pool, desk.writer).routes(),
        *TicketsPage(guard, parts, desk.pool).routes(),
        *ImprovementsPage(guard, parts, desk.pool, desk.writer).routes(),
        *ExportsPage(guard, parts, desk.pool, desk.store).routes(),
        *ImportsPage(guard, parts, desk.pool, desk.store, desk.hotlines).routes(),
        *BulkActs(guard, parts, desk.pool, desk.writer).routes(),
        *TicketPage(guard, parts, desk.pool, desk.writer, desk.store).routes(),
        *RequestsPage(guard, parts, desk.pool, desk.writer).routes(),
        *CasesPage(guard, parts, desk.pool, desk.writer, desk.editions).routes(),
        *DeliveryPage(guard, parts, desk.pool, desk.writer).routes(),
        *DeadlinesPage(guard, parts, desk.pool, Reassigning(desk.pool, desk.writer, targets)).routes(),
        *WallPage(guard, parts, desk.pool).routes(),
        *SatisfactionPage(guard, parts, desk.pool).routes(),
        *HotlinePage(guard, parts, desk.pool).routes(),
        *Counter(guard, parts, desk.pool, desk.writer.take).routes(),
        *CrmPage(guard, bench, render, desk.pool, desk.crm or BuiltIn(desk.pool)).routes(),
        *Numbers(guard, bench, render, desk.pool).routes(),
        *PeoplePage(guard, parts, desk.pool, Accounts(desk.pool, desk.bus), people, oidc.choices).routes(),
        *UnitsPage(guard, parts, desk.pool).routes(),
        *RosterPage(guard, parts, desk.pool).routes(),
        *ShiftsPage(guard, parts, desk.pool).routes(),
        *KeysPage(guard, parts, desk.pool).routes(),
        *WebhooksPage(guard, parts, Subscriptions(desk.pool, desk.secret_key, desk.private_webhooks)).routes(),
        *AuditPage(guard, parts, desk.pool).routes(),
        *CallbacksPage(guard, parts, desk.pool, desk.writer).routes(),
        *StandardPage(guard, parts, desk.pool).routes(),
        *Files(guard, desk.store).routes(),
        *Offers(guard, bench, parts, desk.pool, desk.writer).routes(),
        *Colleagues(guard, bench, desk.pool, desk.redis, desk.bus).routes(),
        *Bell(guard, parts, desk.pool).routes(),
        *Settings(guard, desk.pool).routes(),
        *Streams(guard, parts, boards, people, heartbeats, desk.bus, desk.closing).routes(),
        web.route("*", "/desk/{rest:.*}", guard.open(_nowhere)),
    ]


async def _nowhere(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPNotFound
