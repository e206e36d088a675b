"""Fetches what platforms do not bring; any number of processes may try, one at a time does it for an account."""

from collections.abc import Coroutine, Sequence
from functools import partial

import structlog

from bot.doors.alone import Alone
from bot.house import House
from channels.door import Door
from channels.telegram.door import TelegramDoor
from channels.telegram.poller import Poller
from channels.wechat_kf.door import WechatKfDoor

log = structlog.get_logger()


def pollings(house: House, doors: Sequence[Door]) -> list[Coroutine[None, None, None]]:
    """The works of a process that answers customers: they bring in questions, so the knowledge must be there.

    Args:
        house: the shared parts of the process.
        doors: take in what was fetched.
    """
    alone = Alone(str(house.settings.database_url))
    found: list[Coroutine[None, None, None]] = []
    for door in doors:
        if isinstance(door, TelegramDoor):
            for name, account in house.settings.accounts.telegram.items():
                if account.polling:
                    poller = Poller(door.bots[name], name, partial(door.take, name))
                    found.append(alone.run(f"telegram:{name}", poller.run))
        if isinstance(door, WechatKfDoor):
            for name, held in house.settings.accounts.wechat_kf.items():
                if held.secret:
                    found.append(alone.run(f"{door.name}:{name}", door.puller(name).run))
                else:
                    log.warning(
                        "wechat_kf.secret_missing", account=name, note="nothing is fetched, nothing can be sent"
                    )
    return found
