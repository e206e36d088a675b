"""A stand-in for WeCom's customer-service API: lists with cursors, sessions, codes, names, quotas and their limits."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from aiohttp import web

from tests.outages import Failure, Handler, Outages, refused

TOKEN = "/cgi-bin/gettoken"
SYNC = "/cgi-bin/kf/sync_msg"
SEND = "/cgi-bin/kf/send_msg"
ANSWER = "/cgi-bin/kf/send_msg_on_event"
STATE = "/cgi-bin/kf/service_state/get"
TRANSFER = "/cgi-bin/kf/service_state/trans"
LISTS = "/cgi-bin/kf/account/list"
NAMES = "/cgi-bin/kf/customer/batchget"
UPLOAD = "/cgi-bin/media/upload"
MEDIA = "/cgi-bin/media/get"
POSTS = (SYNC, SEND, ANSWER, STATE, TRANSFER, LISTS, NAMES, UPLOAD)

KF = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
CUSTOMER = "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw"
QUOTA = 5
LONGEST = 2048
HEAD = 1024
MOVES = {0: {1, 2, 3, 4}, 1: {2, 3, 4}, 2: {3, 4}, 3: {4}, 4: set[int]()}
"""Which change of a session is allowed."""
CODE_LIVES = timedelta(seconds=20)

Who = tuple[str, str]
"""Our side and the customer."""


@dataclass
class Chat:
    """One customer with one of our accounts."""

    state: int = 4
    left: int = 0
    until: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    welcomed: bool = False
    seen: list[dict[str, Any]] = field(default_factory=list)
    """What the customer has got, in order."""


@dataclass
class WechatKfApi:
    """One company's side of WeCom."""

    corp_id: str = "ww12345678910"
    secret: str = "kf-secret"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lifetime: int = 7200
    """Seconds that a token lives, as told."""
    page: int = 1000
    """Entries of a page at the most."""
    hurried: bool = False
    """Whether reads without a token of a call are refused (the strict limit of pace)."""
    chats: defaultdict[Who, Chat] = field(default_factory=lambda: defaultdict(Chat))
    lists: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    known: list[str] = field(default_factory=lambda: [KF])
    """What the list of our accounts tells."""
    pull_tokens: dict[str, datetime] = field(default_factory=dict)
    codes: dict[str, tuple[Who, datetime, int | None]] = field(default_factory=dict)
    """What an event lets us send once: to whom, until when, in which state of the session."""
    nicknames: dict[str, str] = field(default_factory=lambda: {CUSTOMER: "小李"})
    names: set[tuple[str, str]] = field(default_factory=set)
    """Our side and the name of each message that was taken."""
    uploads: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    """What was uploaded: its kind, name and bytes."""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Customers' files by media id: MIME type and bytes."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The bodies of all reads of lists."""
    token: str = ""
    renewed: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    outages: Outages = field(default_factory=Outages)
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def fail(self, path: str, *failures: Failure) -> None:
        """Fail the next calls of a path."""
        self.outages.waiting[path].extend(failures)

    def revoke(self) -> None:
        """The token dies at once."""
        self.token = ""

    def chat(self, customer: str = CUSTOMER, kf: str = KF) -> Chat:
        """How a customer stands."""
        return self.chats[kf, customer]

    def texts(self, customer: str = CUSTOMER, kf: str = KF) -> list[str]:
        """What a customer has got, as texts; a menu by its head."""
        return [shown(body) for body in self.chat(customer, kf).seen]

    # What happens in the phones ------------------------------------------------------------------------------------

    def say(self, text: str, *, menu_id: str = "", customer: str = CUSTOMER, kf: str = KF) -> dict[str, Any]:
        """A customer writes, or taps an item of a menu."""
        told = {"content": text} | ({"menu_id": menu_id} if menu_id else {})
        return self.send("text", told, customer=customer, kf=kf)

    def send(self, kind: str, content: object, *, customer: str = CUSTOMER, kf: str = KF) -> dict[str, Any]:
        """A customer sends a message of any kind."""
        chat = self.chats[kf, customer]
        chat.state = 0 if chat.state == 4 else chat.state
        chat.left, chat.until = QUOTA, self.clock() + timedelta(hours=48)
        entry = {"open_kfid": kf, "external_userid": customer, "origin": 3, "msgtype": kind, kind: content}
        return self.put(kf, entry)

    def enter(self, *, scene: str = "", customer: str = CUSTOMER, kf: str = KF) -> dict[str, Any]:
        """A customer opens the chat; who has neither written nor been welcomed may be."""
        chat, told = self.chats[kf, customer], {"scene": scene}
        if not chat.welcomed and chat.until < self.clock():
            chat.welcomed = True
            told["welcome_code"] = self.code((kf, customer), None)
        return self.happen("enter_session", told, customer=customer, kf=kf)

    def happen(self, kind: str, told: dict[str, Any], *, customer: str = CUSTOMER, kf: str = KF) -> dict[str, Any]:
        """An event of the platform."""
        event = {"event_type": kind, "open_kfid": kf, "external_userid": customer, **told}
        return self.put(kf, {"origin": 4, "msgtype": "event", "event": event})

    def bounce(self, name: str, fail_type: int = 10, *, customer: str = CUSTOMER, kf: str = KF) -> None:
        """A message that was taken does not arrive."""
        self.happen("msg_send_fail", {"fail_msgid": name, "fail_type": fail_type}, customer=customer, kf=kf)

    def put(self, kf: str, entry: dict[str, Any]) -> dict[str, Any]:
        """Put an entry at the end of a list."""
        told = {"msgid": f"from_{next(self._ids)}", "send_time": int(self.clock().timestamp()), **entry}
        self.lists[kf].append(told)
        return told

    def code(self, who: Who, state: int | None, lives: timedelta = CODE_LIVES) -> str:
        """A code for one message."""
        code = f"code-{next(self._ids)}"
        self.codes[code] = who, self.clock() + lives, state
        return code

    def pull_token(self) -> str:
        """A token for reading lists, as a call brings it."""
        token = f"ENC{next(self._ids)}"
        self.pull_tokens[token] = self.clock() + timedelta(minutes=10)
        return token

    # The frame of each call ----------------------------------------------------------------------------------------

    def application(self) -> web.Application:
        """To be served by a test server."""
        handlers = (
            self._sync,
            self._take,
            self._answer,
            self._show_state,
            self._transfer,
            self._show_lists,
            self._show_names,
            self._keep,
        )
        app = web.Application()
        app.router.add_get(TOKEN, self.outages.taking(TOKEN, self._give_token))
        app.router.add_get(MEDIA, self.outages.taking(MEDIA, self._authorised(self._give_file)))
        for path, handler in zip(POSTS, handlers, strict=True):
            taking = self.outages.taking(path, self._authorised(handler), reads=path != UPLOAD)
            app.router.add_post(path, taking)
        return app

    def _authorised(self, handler: Handler) -> Handler:
        async def check(request: web.Request) -> web.StreamResponse:
            given = request.query.get("access_token", "")
            lives = self.clock() < self.renewed + timedelta(seconds=self.lifetime)
            return await handler(request) if given and given == self.token and lives else refused(40014)

        return check

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("corpid") != self.corp_id:
            return refused(40013)
        if request.query.get("corpsecret") != self.secret:
            return refused(40001)
        now = self.clock()
        if not self.token or now >= self.renewed + timedelta(seconds=self.lifetime):
            self.token, self.renewed = f"token-{self.outages.calls[TOKEN]}", now
        left = self.renewed + timedelta(seconds=self.lifetime) - now
        return web.json_response({"errcode": 0, "access_token": self.token, "expires_in": int(left.total_seconds())})

    # Lists ---------------------------------------------------------------------------------------------------------

    async def _sync(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body)
        token = body.get("token", "")
        if token and self.clock() >= self.pull_tokens.get(token, self.renewed):
            return refused(95007)
        if not token and self.hurried:
            return refused(45009)
        entries = self.lists[body["open_kfid"]]
        start = int(body["cursor"].removeprefix("c")) if body.get("cursor") else 0
        stop = min(len(entries), start + min(self.page, body["limit"]))
        return web.json_response(
            {
                "errcode": 0,
                "errmsg": "ok",
                "next_cursor": f"c{stop}",
                "has_more": int(stop < len(entries)),
                "msg_list": entries[start:stop],
            }
        )

    async def _show_lists(self, _request: web.Request) -> web.StreamResponse:
        told = [{"open_kfid": kf, "name": "汇通移动", "avatar": ""} for kf in self.known]
        return web.json_response({"errcode": 0, "account_list": told})

    async def _show_names(self, request: web.Request) -> web.StreamResponse:
        asked = (await request.json())["external_userid_list"]
        if not 0 < len(asked) <= 100:
            return refused(40058)
        known = [{"external_userid": one, "nickname": self.nicknames[one]} for one in asked if one in self.nicknames]
        strangers = [one for one in asked if one not in self.nicknames]
        return web.json_response({"errcode": 0, "customer_list": known, "invalid_external_userid": strangers})

    # Messages ------------------------------------------------------------------------------------------------------

    async def _take(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        chat = self.chats[body["open_kfid"], body["touser"]]
        if (body["open_kfid"], body["msgid"]) in self.names:
            return refused(40058, "invalid Request Parameter, msgid repeated")
        if code := self._unfit(body):
            return refused(code)
        if chat.state not in (0, 1):
            return refused(95018)
        if self.clock() >= chat.until:
            return refused(95002)
        if not chat.left:
            return refused(95001)
        chat.left -= 1
        return self._taken(body, body["open_kfid"], chat)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        found = self.codes.get(body["code"])
        if found is None:
            return refused(40029)
        who, until, state = found
        if (who[0], body["msgid"]) in self.names:
            return refused(40058, "invalid Request Parameter, msgid repeated")
        if self.clock() >= until or (state is not None and self.chats[who].state != state):
            return refused(40029)
        if code := 40008 if body["msgtype"] not in ("text", "msgmenu") else self._unfit(body):
            return refused(code)
        self.codes[body["code"]] = who, self.clock(), state
        return self._taken(body, who[0], self.chats[who])

    def _taken(self, body: dict[str, Any], kf: str, chat: Chat) -> web.StreamResponse:
        self.names.add((kf, body["msgid"]))
        chat.seen.append(body)
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": body["msgid"]})

    def _unfit(self, body: dict[str, Any]) -> int:
        """The code that refuses a message for its form; 0 for one that is fine."""
        name, content = body["msgid"], body[body["msgtype"]]
        if not 0 < len(name) <= 32 or not name.replace("-", "").replace("_", "").isalnum():
            return 40058
        if body["msgtype"] in ("image", "voice", "video", "file"):
            return 0 if content["media_id"] in self.uploads else 40007
        if body["msgtype"] == "text":
            return 0 if 0 < len(content["content"].encode()) <= LONGEST else 45002
        if not 0 < len(content["list"]) <= 10 or len(content["head_content"].encode()) > HEAD:
            return 95008
        return max((self._unfit_item(item) for item in content["list"]), default=0)

    def _unfit_item(self, item: dict[str, Any]) -> int:
        part = item[item["type"]]
        longest = 128 if item["type"] == "click" else 1024
        fits = 0 < len(part["content"].encode()) <= longest and len(part.get("id", "x").encode()) <= 64
        return 0 if fits and item["type"] in ("click", "view") else 95009

    # Sessions ------------------------------------------------------------------------------------------------------

    async def _show_state(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        chat = self.chats[body["open_kfid"], body["external_userid"]]
        return web.json_response({"errcode": 0, "errmsg": "ok", "service_state": chat.state})

    async def _transfer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        who, state = (body["open_kfid"], body["external_userid"]), body["service_state"]
        if state not in MOVES[self.chats[who].state]:
            return refused(95016 if self.chats[who].state != 4 else 95013)
        self.chats[who].state = state
        told = {"msg_code": self.code(who, state)} if state in (2, 4) else {}
        return web.json_response({"errcode": 0, "errmsg": "ok", **told})

    # Files ---------------------------------------------------------------------------------------------------------

    async def _keep(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form["media"]
        assert isinstance(file, web.FileField)
        number = f"media-{next(self._ids)}"
        self.uploads[number] = request.query["type"], file.filename, file.file.read()
        return web.json_response({"errcode": 0, "type": request.query["type"], "media_id": number, "created_at": "1"})

    async def _give_file(self, request: web.Request) -> web.StreamResponse:
        number = request.query["media_id"]
        if number not in self.files:
            return refused(40007)
        kind, content = self.files[number]
        headers = {"Content-Disposition": f'attachment; filename="{number}.{kind.partition("/")[2]}"'}
        return web.Response(body=content, content_type=kind, headers=headers)


def shown(body: dict[str, Any]) -> str:
    """A message as a text; a menu by its head, a file by its kind."""
    content = body[body["msgtype"]]
    return str(content.get("content", content.get("head_content", f"[{body['msgtype']}]")))


def items(body: dict[str, Any]) -> list[str]:
    """The ids of the items of a menu."""
    return [item["click"]["id"] for item in body["msgmenu"]["list"]]
