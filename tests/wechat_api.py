"""A stand-in for WeChat's API: stable tokens, messages, notices, files, the menu, codes, and the limits of them all."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.outages import Failure, Handler, Outages, refused

TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
TEMPLATE = "/cgi-bin/message/template/send"
SUBSCRIPTION = "/cgi-bin/message/subscribe/bizsend"
UPLOAD = "/cgi-bin/media/upload"
MEDIA = "/cgi-bin/media/get"
MENU = "/cgi-bin/menu/create"
MENU_SHOW = "/cgi-bin/get_current_selfmenu_info"
QR = "/cgi-bin/qrcode/create"
QR_PICTURE = "/cgi-bin/showqrcode"
QUOTA = 5
LONGEST_BYTES = 2048
OVERLAP = timedelta(minutes=5)
"""How long a token lives on beside the one that has taken its place."""
PNG = b"\x89PNG\r\n\x1a\n the picture of a code"


@dataclass
class Grant:
    """Messages that a customer's act has granted."""

    left: int
    until: datetime


@dataclass
class Upload:
    """A file that was uploaded."""

    form: str
    name: str
    type: str
    content: bytes


@dataclass
class WechatApi:
    """One app's side of WeChat. A contact whose acts nobody told it may be sent ``QUOTA`` messages at any time."""

    app_id: str = "wx0123456789abcdef"
    secret: str = "app-secret"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lifetime: int = 7200
    """Seconds that a token lives, as told."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    token_times: list[datetime] = field(default_factory=list)
    token: str = ""
    renewed: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    dying: dict[str, datetime] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    """Contacts whose window is closed."""
    strangers: set[str] = field(default_factory=set)
    """Contacts who do not follow."""
    unsubscribed: set[str] = field(default_factory=set)
    """Contacts who want no subscription messages."""
    templates: set[str] = field(default_factory=lambda: {"t-reply", "t-survey"})
    grants: defaultdict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    quotas: defaultdict[str, int] = field(default_factory=lambda: defaultdict(lambda: QUOTA))
    uploads: dict[str, Upload] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Customers' files by media id: MIME type and bytes."""
    videos: dict[str, str] = field(default_factory=dict)
    """Addresses of customers' videos by media id."""
    menu: dict[str, Any] = field(default_factory=dict)
    scenes: dict[str, str] = field(default_factory=dict)
    """Scenes of codes by ticket."""
    outages: Outages = field(default_factory=Outages)

    @property
    def calls(self) -> dict[str, int]:
        """How often each path was called."""
        return self.outages.calls

    @property
    def always(self) -> dict[str, Failure]:
        """A failure of every call of a path."""
        return self.outages.always

    @property
    def token_calls(self) -> int:
        """How often a token was asked for."""
        return self.calls[TOKEN]

    @property
    def send_calls(self) -> int:
        """How often a message was sent or tried."""
        return self.calls[SEND]

    def fail(self, path: str, *failures: Failure) -> None:
        """Fail the next calls of a path."""
        self.outages.waiting[path].extend(failures)

    def spoke(self, contact: str) -> None:
        """A customer wrote."""
        self.grants[contact].append(Grant(5, self.clock() + timedelta(hours=48)))

    def tapped(self, contact: str) -> None:
        """A customer tapped the menu, followed, or scanned a code."""
        self.grants[contact].append(Grant(3, self.clock() + timedelta(minutes=1)))

    def revoke(self) -> None:
        """The token dies at once, as after a forced renewal elsewhere; another one is given out from now on."""
        self.token = ""

    def application(self) -> web.Application:
        """To be served by a test server."""
        app = web.Application()
        app.router.add_post(TOKEN, self._taking(TOKEN, self._give_token))
        app.router.add_get(QR_PICTURE, self._taking(QR_PICTURE, self._show_code))
        app.router.add_get("/video/{id}", self._taking("/video", self._play))
        posts: dict[str, Handler] = {
            SEND: self._take_message,
            TYPING: self._type,
            UPLOAD: self._take_file,
            MENU: self._take_menu,
        }
        posts |= {TEMPLATE: self._take_notice, SUBSCRIPTION: self._take_notice, QR: self._make_code}
        for path, handler in posts.items():
            app.router.add_post(path, self._taking(path, self._authorised(handler)))
        for path, handler in {MEDIA: self._give_file, MENU_SHOW: self._show_menu}.items():
            app.router.add_get(path, self._taking(path, self._authorised(handler)))
        return app

    def texts(self) -> list[str]:
        """What has arrived, as customers see it without menus."""
        return [body["text"]["content"] for body in self.sent if body["msgtype"] == "text"]

    # The frame of each call --------------------------------------------------------------------------------------

    def _taking(self, path: str, handler: Handler) -> Handler:
        return self.outages.taking(path, handler, reads=path != UPLOAD)

    def _authorised(self, handler: Handler) -> Handler:
        async def check(request: web.Request) -> web.StreamResponse:
            return await handler(request) if self._lives(request.query.get("access_token", "")) else refused(40001)

        return check

    def _lives(self, token: str) -> bool:
        if token and token == self.token:
            return self.clock() < self.renewed + timedelta(seconds=self.lifetime) or self.lifetime < 60
        return self.clock() < self.dying.get(token, self.renewed)

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        now = self.clock()
        self.token_times.append(now)
        asked = await request.json()
        if asked.get("grant_type") != "client_credential":
            return refused(40002)
        if asked.get("appid") != self.app_id:
            return refused(40013)
        if asked.get("secret") != self.secret:
            return refused(40125)
        ends = self.renewed + timedelta(seconds=self.lifetime)
        if not self.token or now >= ends - OVERLAP:
            if self.token:
                self.dying[self.token] = now + OVERLAP
            self.token, self.renewed = f"token-{self.token_calls}", now
            ends = now + timedelta(seconds=self.lifetime)
        return web.json_response({"access_token": self.token, "expires_in": int((ends - now).total_seconds())})

    # Messages and notices ----------------------------------------------------------------------------------------

    async def _take_message(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if code := self._judged(body):
            return refused(code)
        self.sent.append(body)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _judged(self, body: dict[str, Any]) -> int:
        to, form = body["touser"], body["msgtype"]
        if to in self.strangers:
            return 43004
        content = body[form]
        if form in ("image", "voice", "video") and content["media_id"] not in self.uploads:
            return 40007
        text = content.get("content", content.get("head_content", ""))
        if len(text.encode()) > LONGEST_BYTES:
            return 45002
        return 45015 if to in self.closed else self._spend(to)

    def _spend(self, to: str) -> int:
        if to not in self.grants:
            self.quotas[to] -= 1
            return 45047 if self.quotas[to] < 0 else 0
        alive = [grant for grant in self.grants[to] if grant.until > self.clock()]
        if not alive:
            return 45015
        grant = next((grant for grant in alive if grant.left), None)
        if grant is None:
            return 45047
        grant.left -= 1
        return 0

    async def _take_notice(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if body["template_id"] not in self.templates:
            return refused(40037)
        if body["touser"] in self.strangers:
            return refused(43004)
        if request.path == SUBSCRIPTION and body["touser"] in self.unsubscribed:
            return refused(43101)
        self.notices.append({**body, "path": request.path})
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": 200_163_840 + len(self.notices)})

    async def _type(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if body["touser"] in self.typed:
            return refused(45081)
        self.typed.append(body["touser"])
        return web.json_response({"errcode": 0})

    # Files, menu, codes ------------------------------------------------------------------------------------------

    async def _take_file(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form["media"]
        assert isinstance(file, web.FileField)
        number = f"media-{self.calls[UPLOAD]}"
        self.uploads[number] = Upload(request.query["type"], file.filename, file.content_type, file.file.read())
        return web.json_response({"type": request.query["type"], "media_id": number, "created_at": 1})

    async def _give_file(self, request: web.Request) -> web.StreamResponse:
        number = request.query["media_id"]
        if number in self.videos:
            return web.json_response({"video_url": self.videos[number]})
        if number not in self.files:
            return refused(40007)
        kind, content = self.files[number]
        ending = kind.partition("/")[2]
        headers = {"Content-Disposition": f'attachment; filename="{number}.{ending}"'}
        return web.Response(body=content, content_type=kind, headers=headers)

    async def _play(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"video", content_type="video/mp4")

    async def _take_menu(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if not 0 < len(body["button"]) <= 3:
            return refused(40016)
        self.menu = body
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _show_menu(self, _request: web.Request) -> web.StreamResponse:
        """Shows what it was given in another form: the items below one lie in a list of their own."""
        bar = [
            {**item, "sub_button": {"list": item["sub_button"]}} if "sub_button" in item else item
            for item in self.menu.get("button", [])
        ]
        return web.json_response({"is_menu_open": int(bool(bar)), "selfmenu_info": {"button": bar}})

    async def _make_code(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if body["action_name"] != "QR_LIMIT_STR_SCENE" or not 0 < len(body["action_info"]["scene"]["scene_str"]) <= 64:
            return refused(40053)
        ticket = f"gQ/{len(self.scenes)}+=="
        self.scenes[ticket] = body["action_info"]["scene"]["scene_str"]
        return web.json_response({"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket}"})

    async def _show_code(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket", "") not in self.scenes:
            return web.Response(status=404)
        return web.Response(body=PNG, content_type="image/png")
