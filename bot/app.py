"""The composition root: the one place where doors, desk, clock and workers are put together."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import structlog
from aiohttp import web

from bot.alerts.caller import AlertCaller
from bot.announcements.live import LiveAnnouncements
from bot.api.pages import ApiPages
from bot.api.v1.routes import routes as api_routes
from bot.assist.model import Model, model_of
from bot.audit.seal import keep_sealing
from bot.business.calls import Caller
from bot.chat.guide import Guide
from bot.chat.home import Homes
from bot.chat.pages import ChatPages
from bot.chat.search import Search
from bot.chat.view import Page, business, hot_questions
from bot.chat.widget import Widget
from bot.crm.making import remote
from bot.crm.record import Crm
from bot.crm.sweep import sweep_crm
from bot.deadlines.clock import Clock
from bot.deadlines.projection import Projection
from bot.descriptors import raise_limit
from bot.desk.desk import Desk
from bot.desk.desk import routes as desk_routes
from bot.doors.known import CAPABILITIES, PUSHES
from bot.doors.making import make_doors, outside
from bot.doors.nonces import SharedNonces
from bot.doors.polling import pollings
from bot.files.sweep import sweep_files
from bot.health import Health
from bot.house import House, open_house, run_until
from bot.improvements.weekly import watch_complaints
from bot.login.oidc.making import make_providers
from bot.login.oidc.provider import Provider
from bot.outbox.accounts import Accounts
from bot.outbox.sender import Sender
from bot.push.pusher import Pusher
from bot.queues.assigner import Assigner
from bot.reading.address import reading_page
from bot.reading.page import ReadingPages
from bot.settings import Settings
from bot.shifts.sweep import sweep_shifts
from bot.snoozes.snoozes import sweep_snoozes
from bot.standards.rebasing import Rebasing
from bot.static import Static
from bot.subscriptions.deliverer import Deliverer
from bot.subscriptions.subscriptions import Subscriptions
from bot.surveys.address import survey_page
from bot.surveys.page import SurveyPages
from bot.surveys.sweep import sweep_surveys
from bot.tickets.exports.sweep import sweep_exports
from bot.tickets.imports.sweep import sweep_imports
from bot.web_sessions import WebSessions
from channels.door import Door, Outbound
from channels.telegram.door import TelegramDoor
from channels.web.door import WebDoor
from channels.web.peers import Peers

MOST_BODY = 64 * 1024
"""Bytes that a request may carry, unless its route says otherwise."""

log = structlog.get_logger()


async def serve_web(settings: Settings) -> None:
    """Serve the doors, the pages and the desk until SIGTERM or SIGINT."""
    stop = stop_signal()
    raise_limit()
    async with open_house(settings) as house, outside() as session:
        nonces = SharedNonces(house.wire, str(settings.redis_url))
        doors = make_doors(house, session, nonces=nonces)
        runner = web.AppRunner(
            application(
                house,
                doors,
                crm=remote(settings.accounts, house.pool, session, house.proofs),
                providers=make_providers(settings.accounts, session),
                assist=model_of(settings.workbench.assist, session),
            ),
            access_log=None,
            handle_signals=False,
        )
        await runner.setup()
        try:
            site = web.TCPSite(runner, settings.host, settings.port, backlog=1024, reuse_address=True)
            await site.start()
            log.info("web.ready", host=settings.host, port=settings.port)
            await run_until(stop, house.snapshot.run(), nonces.run(), *pollings(house, doors))
        finally:
            await runner.cleanup()


async def serve_worker(settings: Settings) -> None:
    """Fire deadlines, assign chats and deliver messages until SIGTERM or SIGINT."""
    stop = stop_signal()
    async with open_house(settings, answers=False) as house, outside() as session:
        doors = {door.name: door for door in make_doors(house, session)}
        clock = Clock(house.pool, house.wire, house.index, house.writer)
        projection = Projection(house.pool, house.wire)
        assigner = Assigner(house.pool, house.wire, house.bus, house.writer, lambda: house.snapshot.world.routing)
        page = partial(page_for, public_url=settings.public_url, secret_key=settings.secret_key)
        told = Accounts(house.pool, house.bus).note
        sender = Sender(pool=house.pool, writer=house.writer, doors=doors, page=page, told=told)
        log.info("worker.ready")
        await run_until(
            stop,
            house.snapshot.run(),
            clock.run(),
            projection.run(),
            assigner.run(),
            sender.run(),
            keep_sealing(house.pool),
            AlertCaller(house.pool, next(iter(settings.accounts.alerts.values()), None)).run(),
            Rebasing(house.pool, house.writer, lambda: house.snapshot.world.editions).run(),
            Caller(house.pool, settings.accounts.business, house.writer, house.bus).run(),
            Pusher(house.pool, settings.accounts.app).run(),
            Deliverer(Subscriptions(house.pool, settings.secret_key, settings.private_webhooks)).run(),
            sweep_crm(house.pool, remote(settings.accounts, house.pool, session, house.proofs)),
            sweep_shifts(house.pool, house.bus),
            sweep_snoozes(house.pool, house.bus),
            sweep_surveys(house.pool, house.surveys),
            sweep_files(house.pool, house.files, house.store.storage),
            watch_complaints(house.pool, house.bus, house.writer, settings.zone),
            sweep_exports(house.pool, house.store.storage, str(settings.redis_url)),
            sweep_imports(house.pool, house.store.storage, str(settings.redis_url)),
            _renewals(projection, assigner),
        )


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def application(
    house: House,
    doors: Sequence[Door],
    *,
    crm: Crm | None = None,
    providers: Mapping[str, Provider] = MappingProxyType({}),
    assist: Model | None = None,
) -> web.Application:
    """All that the process of the web serves: doors, customers' pages, the desk, health and static files."""
    app = web.Application(client_max_size=MOST_BODY)
    static = Static()
    for door in doors:
        app.router.add_routes(door.routes())
        if isinstance(door, WebDoor | TelegramDoor):
            app.on_shutdown.append(_closing(door))

    _add_chat(app, house, static)
    surveys = SurveyPages(
        pool=house.pool,
        receive=house.writer.take,
        static=static,
        operator=lambda: house.snapshot.world.manners.operator,
        questionnaires=lambda: house.snapshot.world.questionnaires,
    )
    app.router.add_routes(surveys.routes())
    app.router.add_routes(ApiPages(static, lambda: house.snapshot.world.manners.operator).routes())
    app.router.add_routes(api_routes(house.pool, house.wire.redis, house.writer))
    reading = ReadingPages(
        store=house.store,
        secret_key=house.settings.secret_key,
        static=static,
        operator=lambda: house.snapshot.world.manners.operator,
        zone=house.settings.zone,
    )
    app.router.add_routes(reading.routes())
    app.router.add_routes(Health(house).routes())
    desk = Desk(
        pool=house.pool,
        writer=house.writer,
        bus=house.bus,
        redis=house.wire.redis,
        store=house.store,
        operator=house.snapshot.world.manners.operator,
        pushes=PUSHES,
        doors={door.name: door for door in doors},
        carries={name: can.files for name, can in CAPABILITIES.items()},
        notices=notices_of(house.settings),
        zone=house.settings.zone,
        routing=lambda: house.snapshot.world.routing,
        editions=lambda: house.snapshot.world.editions,
        questionnaires=lambda: house.snapshot.world.questionnaires,
        rules=lambda: house.snapshot.world.tickets,
        public_url=house.settings.public_url,
        peers=Peers(house.settings.trusted_proxies),
        static=static,
        secret_key=house.settings.secret_key,
        private_webhooks=house.settings.private_webhooks,
        providers=providers,
        wording=house.settings.workbench.wording,
        published=lambda: (house.snapshot.index, house.snapshot.world.knowledge),
        hotlines=tuple(house.settings.accounts.hotline),
        crm=crm,
        model=assist,
    )
    app.router.add_routes(desk_routes(desk))
    app.on_shutdown.append(desk.close)
    app.router.add_routes(static.routes())
    return app


def _add_chat(app: web.Application, house: House, static: Static) -> None:
    """The customer's chat page, the widget, and what the page asks before a conversation."""
    settings, snapshot = house.settings, house.snapshot
    accounts, public_url = settings.accounts.web, settings.public_url
    homes = Homes(lambda: snapshot.world, LiveAnnouncements(house.pool))
    search = Search(lambda: (snapshot.index, snapshot.world.knowledge))

    async def view(language: str) -> Page:
        world = snapshot.world
        hot, home = await hot_questions(house.pool, language), await homes.show(language)
        forms = business(world, language)
        return Page(world.manners.operator, hot, home, world.standard.calendar, forms)

    async def close(_app: web.Application) -> None:
        search.close()

    guide = Guide(
        accounts=accounts,
        homes=homes,
        search=search,
        knowledge=lambda: snapshot.world.knowledge,
        agree=WebSessions(house.pool, house.bus).agree,
        public_url=public_url,
    )
    pages = ChatPages(
        accounts=accounts, view=view, static=static, file_limit=settings.file_limit, public_url=public_url
    )
    for routes in (pages.routes(), Widget().routes(), guide.routes()):
        app.router.add_routes(routes)
    app.on_cleanup.append(close)


def _closing(door: WebDoor | TelegramDoor) -> Callable[[web.Application], Awaitable[None]]:
    """Ends what a door still does when the application is about to stop: long polls, sockets, answers to taps."""

    async def close(_app: web.Application) -> None:
        await door.close()

    return close


async def _renewals(projection: Projection, assigner: Assigner) -> None:
    """Tell the assigner when Redis has lost its memory."""
    while True:
        await projection.renewed.wait()
        projection.renewed.clear()
        assigner.renewed()


def page_for(outbound: Outbound, *, public_url: str, secret_key: str) -> str:
    """Where a notice leads that goes in the place of messages: to a survey, to an agent's answer, or nowhere."""
    where = {"public_url": public_url, "secret_key": secret_key}
    return survey_page(outbound, **where) or reading_page(outbound, **where)


def notices_of(settings: Settings) -> frozenset[tuple[str, str]]:
    """Accounts that can tell a customer of an answer by a notice: it leads to a page, so customers must reach us."""
    if not settings.public_url:
        return frozenset()
    return frozenset(("wechat", name) for name, one in settings.accounts.wechat.items() if one.reply_notice)
