"""Pushes the messages of a turn to a customer, each part under a name of its own, which WeCom takes once only."""

from collections.abc import Mapping, Sequence
from functools import partial

from channels.accounts import WechatKfAccount
from channels.door import Message, TryAgain, Undeliverable
from channels.wechat_kf.calls.api import ANSWER_PATH, SEND_PATH, Api, Refused
from channels.wechat_kf.calls.forms import as_one, fitted, link
from channels.wechat_kf.calls.sessions import Sessions
from channels.wechat_kf.calls.verdicts import MEDIA_GONE, SESSION_ELSEWHERE, verdict
from channels.wechat_kf.party import Party
from channels.weixin.files import Uploads
from channels.weixin.pieces import BETWEEN, Piece, pieces

ANSWER_TRIES = 3
"""A code dies soon: where nobody knows whether its message went, it is sent again at once, under the same name."""


class Push:
    """Pushes to one customer.

    Args:
        api: carries the messages.
        sessions: the platform's sessions.
        uploads: brings files there first.
        account: sends.
        who: our side and the customer.
        key: names the messages; each part is named by it and its number.
        again: whether an earlier try may have sent some of them.
    """

    def __init__(
        self,
        api: Api,
        sessions: Sessions,
        uploads: Uploads,
        account: WechatKfAccount,
        who: Party,
        *,
        key: str,
        again: bool,
    ) -> None:
        self._api = api
        self._sessions = sessions
        self._uploads = uploads
        self._account = account
        self._who = who
        self._key = key
        self._again = again

    async def push(self, messages: Sequence[Message]) -> str:
        """Send messages within an open session.

        Returns:
            The name of the last part.

        Raises:
            TryAgain: not all taken now; unsure also where a part has arrived, so that the next try passes it over.
            Undeliverable: never to be taken, or nothing to send.
        """
        parts = [part for piece in pieces(messages, self._uploads.forms) for part in fitted(piece)]
        if not parts:
            raise Undeliverable("empty")
        await self._sessions.hold(self._account, self._who)
        name = ""
        for number, part in enumerate(parts, start=1):
            name = f"{self._key}-{number}"
            try:
                await self._send(part, name)
            except TryAgain as error:
                if number == 1:
                    raise
                raise _doubtful(error) from None
        return name

    async def answer(self, code: str, messages: Sequence[Message]) -> str:
        """Send messages as the one answer to an event: a text or a menu, with the event's code instead of budget.

        Returns:
            The name of the message.

        Raises:
            TryAgain: not taken now; unsure where nobody knows.
            Undeliverable: never to be taken, or nothing to send.
        """
        text = BETWEEN.join(message.text for message in messages if message.text)
        choices = tuple(choice for message in messages for choice in message.choices)
        if not text and not choices:
            raise Undeliverable("empty")
        name = f"{self._key}-1"
        for left in reversed(range(ANSWER_TRIES)):
            try:
                await self._take({"code": code, "msgid": name, **as_one(text, choices)}, path=ANSWER_PATH)
                break
            except TryAgain as error:
                if not error.unsure or not left:
                    raise
                self._again = True
            except Refused as refused:
                raise verdict(refused.code, unsure=self._again) from None
        return name

    async def _send(self, part: Piece, name: str) -> None:
        """Send one part, once more where its session or its file has to be mended first."""
        address = {"touser": self._who.customer, "open_kfid": self._who.kf, "msgid": name}
        for left in (1, 0):
            try:
                await self._take({**address, **await self._content(part)}, path=SEND_PATH)
                return
            except Refused as refused:
                if not left or not await self._mended(part, refused):
                    raise verdict(refused.code, unsure=self._again) from None

    async def _mended(self, part: Piece, refused: Refused) -> bool:
        """Whether a part may be sent once more. Raises: Undeliverable where its session will never take it."""
        if refused.code == SESSION_ELSEWHERE:
            await self._sessions.recover(self._account, self._who, again=self._again)
            return True
        if refused.code != MEDIA_GONE or part.file is None:
            return False
        return self._uploads.forget(self._account.name, part.file)

    async def _take(self, body: Mapping[str, object], *, path: str) -> None:
        """Have a message taken; one that was taken under its name before counts. Raises: Refused, TryAgain."""
        try:
            await self._api.send(self._account, body, path=path)
        except Refused as refused:
            if not (self._again and _names_name(refused)):
                raise

    async def _content(self, part: Piece) -> Mapping[str, object]:
        if part.link:
            return link(part)
        if part.file is None:
            return as_one(part.text, part.choices)
        form = self._uploads.forms.of(part.file).name
        media_id = await self._uploads.media_id(self._account.name, part.file, partial(self._api.upload, self._account))
        return {"msgtype": form, form: {"media_id": media_id}}


def _doubtful(error: TryAgain) -> TryAgain:
    """The same, where something has arrived already."""
    return TryAgain(error.reason, after=error.after, unsure=True, trouble=error.trouble, all_wait=error.all_wait)


def _names_name(refused: Refused) -> bool:
    """Whether a message was refused for its name: WeCom documents that names must be new, but no code that says so."""
    return "msgid" in refused.says.lower()
