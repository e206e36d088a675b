"""The platform's session with a customer: the assistant's while we have the word, ended with our last words.

    0 new ──→ 1 with the assistant ──→ 4 ended ──→ the customer writes: 0
    └────────────────┴── 2 waits for, 3 is with one of our people in the WeCom client: not ours, nothing of ours goes

Our own people sit at the desk and answer through the API, so a session stays the assistant's also while they serve.
Messages may go in the states 0 and 1 only (developer.work.weixin.qq.com: assigning sessions, sending messages).
"""

from enum import IntEnum

from channels.accounts import WechatKfAccount
from channels.door import Undeliverable
from channels.wechat_kf.calls.api import Api, Refused
from channels.wechat_kf.calls.verdicts import SESSION_OVER, verdict
from channels.wechat_kf.party import Party

MOST_REMEMBERED = 20_000


class State(IntEnum):
    """Where a session stands (``service_state``)."""

    NEW = 0
    ASSISTANT = 1
    POOL = 2
    COLLEAGUE = 3
    ENDED = 4


class Sessions:
    """The sessions of all accounts.

    Args:
        api: asks WeCom.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ours: dict[tuple[str, Party], None] = {}
        """Those that we have given to the assistant, as far as this process knows."""

    async def hold(self, account: WechatKfAccount, who: Party) -> None:
        """Give a new session to the assistant, so that no rule of WeCom's gives it to somebody else.

        Whether that is still to be done is not known here; a refusal says that it is not.
        """
        key = account.name, who
        if key in self._ours:
            return
        try:
            await self._api.transfer(account, who, State.ASSISTANT)
        except Refused as refused:
            if refused.code not in SESSION_OVER:
                raise verdict(refused.code) from None
        self._ours[key] = None
        while len(self._ours) > MOST_REMEMBERED:
            del self._ours[next(iter(self._ours))]

    async def end(self, account: WechatKfAccount, who: Party, *, again: bool) -> str:
        """End a session; returns the code of its last message, good for twenty seconds.

        Raises:
            TryAgain: not now.
            Undeliverable: it has ended before, by somebody else, by time, or by an earlier try.
        """
        self._ours.pop((account.name, who), None)
        try:
            code = await self._api.transfer(account, who, State.ENDED)
        except Refused as refused:
            if refused.code in SESSION_OVER:
                raise Undeliverable("session_ended", unsure=again) from None
            raise verdict(refused.code) from None
        if not code:
            raise Undeliverable("session_ended_without_code")
        return code

    async def recover(self, account: WechatKfAccount, who: Party, *, again: bool) -> None:
        """A message was refused for the state of its session: find out which, and go on where that is possible.

        Raises:
            Undeliverable: it is with somebody in the WeCom client, or has ended.
            TryAgain: not known now.
        """
        self._ours.pop((account.name, who), None)
        try:
            state = await self._api.state(account, who)
        except Refused as refused:
            raise verdict(refused.code) from None
        if state in (State.POOL, State.COLLEAGUE):
            raise Undeliverable("session_taken_elsewhere", unsure=again)
        if state == State.ENDED:
            raise Undeliverable("session_ended", unsure=again)
        await self.hold(account, who)
