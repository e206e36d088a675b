"""Makes all doors of a process, each with what it asks of the house."""

from datetime import UTC, datetime

import structlog
from aiohttp import ClientSession, ClientTimeout

from bot.customers.recognition import Recognition
from bot.doors.pace import RedisPace
from bot.doors.pulls import StoredPulls
from bot.doors.tokens import RedisShelf
from bot.files.customers import CustomerFiles
from bot.files.links import Links
from bot.house import House
from bot.reach.reaches import Reaches
from bot.threads import Threads
from bot.web_sessions import WebSessions
from channels.door import Door
from channels.hotline.door import HotlineDoor
from channels.nonces import Nonces
from channels.outlet.door import OutletDoor
from channels.telegram.door import TelegramDoor
from channels.tokens import Tokens
from channels.web.door import WebDoor
from channels.web.peers import Peers
from channels.wechat.door import WeChatDoor
from channels.wechat_kf.door import WechatKfDoor

log = structlog.get_logger()


def outside() -> ClientSession:
    """The one session for calls to platforms."""
    return ClientSession(timeout=ClientTimeout(total=10, connect=5))


def make_doors(house: House, session: ClientSession, *, nonces: Nonces | None = None) -> list[Door]:
    """The doors of all accounts.

    Args:
        house: the shared parts of the process.
        session: carries the calls to platforms.
        nonces: remembers what has passed; None where the process takes no requests.
    """
    own = *_web(house), _hotline(house, session), OutletDoor()
    return [_wechat(house, session, nonces), *_wechat_kf(house, session, nonces), *_telegram(house, session), *own]


def _now() -> datetime:
    return datetime.now(UTC)


def _wechat(house: House, session: ClientSession, nonces: Nonces | None) -> Door:
    return WeChatDoor(
        accounts=house.settings.accounts.wechat,
        receive=house.writer.take,
        fulfil=house.writer.fulfil,
        miss=house.writer.missed,
        session=session,
        tokens=Tokens(RedisShelf(house.wire.redis), _now),
        clock=_now,
        nonces=nonces,
        files=house.store,
    )


def _wechat_kf(house: House, session: ClientSession, nonces: Nonces | None) -> list[Door]:
    """No door where no account is set up, so that a channel without one is plainly closed."""
    accounts = house.settings.accounts.wechat_kf
    if not accounts:
        return []
    return [
        WechatKfDoor(
            accounts=accounts,
            receive=house.writer.take,
            pulls=StoredPulls(WechatKfDoor.name, house.pool, house.bus),
            session=session,
            tokens=Tokens(RedisShelf(house.wire.redis), _now),
            clock=_now,
            nonces=nonces,
            files=house.store,
        )
    ]


def _telegram(house: House, session: ClientSession) -> list[Door]:
    """No door where no bot is set up: what is written to one leaves the country."""
    accounts = house.settings.accounts.telegram
    if not accounts:
        return []
    log.warning("telegram.is_on", accounts=sorted(accounts), note="what customers write there leaves the country")
    return [
        TelegramDoor(
            accounts=accounts,
            receive=house.writer.take,
            session=session,
            pace=RedisPace(house.wire),
            files=house.store,
        )
    ]


def _web(house: House) -> list[Door]:
    accounts = house.settings.accounts
    recognition = Recognition(house.pool, house.writer.take, house.proofs)
    sessions = WebSessions(house.pool, house.bus, recognition)
    links = Links(house.settings.secret_key, _now, house.settings.public_url)
    threads = Threads(house.pool, house.bus, links, lambda queue, place: house.snapshot.world.staff(queue).wait(place))
    files = CustomerFiles(house.store, links)
    reaches = Reaches(house.pool, house.bus, threads.ids)
    return [
        WebDoor(
            name,
            accounts=held,
            receive=house.writer.take,
            sessions=sessions,
            threads=threads,
            files=files,
            reaches=reaches,
            public_url=house.settings.public_url,
            peers=Peers(house.settings.trusted_proxies),
        )
        for name, held in (("web", accounts.web), ("app", accounts.app))
    ]


def _hotline(house: House, session: ClientSession) -> Door:
    accounts = house.settings.accounts.hotline
    return HotlineDoor(accounts=accounts, receive=house.writer.take, session=session, clock=_now)
