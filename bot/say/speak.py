"""Speaking to a running service as a customer would: real requests through its real doors."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import randbits, token_hex

import jwt
from aiohttp import ClientSession, ClientTimeout

from channels.accounts import Accounts, AppAccount, WebAccount, WechatAccount
from channels.wechat.peer import Peer

WITHIN = 10.0
"""Seconds that the service may take."""


class NotTaken(Exception):
    """The service did not take the message; the text says why."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer."""

    sender: str
    text: str
    choices: tuple[str, ...] = ()


async def speak(
    base_url: str, accounts: Accounts, *, channel: str, account: str, contact: str, text: str
) -> list[Heard]:
    """Say something through a door and return the answers.

    Args:
        base_url: where the service listens.
        accounts: the accounts that the service knows.
        channel: wechat, web or app.
        account: the account's name.
        contact: the customer's name on the platform; the same name goes on with the same conversation.
        text: what to say.

    Raises:
        NotTaken: there is no such account, or the service refused.
        aiohttp.ClientError: the service cannot be reached.
    """
    async with ClientSession(timeout=ClientTimeout(total=WITHIN)) as session:
        if channel == "wechat":
            held = accounts.wechat.get(account)
            if held is None:
                raise NotTaken(f"There is no WeChat account named {account}.")
            return await _wechat(session, base_url, held, contact, text)
        identity = _identity(accounts.app if channel == "app" else accounts.web, channel, account, contact)
        return await _web(session, f"{base_url}/channels/{channel}/{account}", identity, text)


async def _wechat(
    session: ClientSession, base_url: str, account: WechatAccount, contact: str, text: str
) -> list[Heard]:
    peer = Peer(account)
    request = peer.text(
        contact, text, msg_id=str(time.time_ns() // 1_000), now=int(time.time()), nonce=str(randbits(63))
    )
    async with session.post(f"{base_url}{request.path}", data=request.body) as response:
        body = await response.read()
        if response.status != 200:
            raise NotTaken(f"The service answered {response.status}.")
    reply = peer.read(body)
    return [Heard("bot", reply.text)] if reply is not None else []


def _identity(
    accounts: Mapping[str, WebAccount] | Mapping[str, AppAccount], channel: str, name: str, contact: str
) -> dict[str, str]:
    """The signed identity of a named customer, as the operator's own log-in would give it."""
    account = accounts.get(name)
    if account is None:
        raise NotTaken(f"There is no {channel} account named {name}.")
    if not account.jwt_secret:
        return {}
    claims = {"sub": contact, "aud": account.audience, "exp": datetime.now(UTC) + timedelta(minutes=5)}
    return {"jwt": jwt.encode(claims, account.jwt_secret, algorithm="HS256")}


async def _web(session: ClientSession, door: str, identity: dict[str, str], text: str) -> list[Heard]:
    async with session.post(f"{door}/sessions", json=identity) as response:
        if response.status != 201:
            raise NotTaken(f"The service answered {response.status}.")
        token = (await response.json())["token"]
    message = {"client_msg_id": token_hex(8), "text": text}
    async with session.post(f"{door}/messages", json=message, headers={"Authorization": f"Bearer {token}"}) as response:
        answer = await response.json()
        if response.status not in (200, 201):
            raise NotTaken(str(answer.get("title", f"The service answered {response.status}.")))
    return [
        Heard(reply["sender"], reply["text"], tuple(choice["label"] for choice in reply["choices"]))
        for reply in answer["replies"]
    ]
