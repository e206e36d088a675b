"""One's own account at ``/desk/account``: who one is, the password, and the second factor."""

from collections.abc import Iterable

from aiohttp import web

from bot.desk.guard import SESSION, Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html
from bot.login.factors import Factors
from bot.login.log_in import LogIns, Peer
from bot.login.oidc.page import Choices
from bot.login.square import square
from bot.login.totp import shown
from bot.people.passwords import LONGEST, SHORTEST
from bot.people.people import People
from bot.people.rights import Permission
from bot.words import words

CODE = 64
"""Characters of a code that are read."""


class AccountPage:
    """Shows and changes what is one's own.

    Args:
        guard: stands before the pages.
        parts: fills templates.
        people: sets passwords.
        log_ins: checks passwords and codes.
        factors: sets second factors up and takes them away.
        choices: the providers, with who somebody is there.
    """

    def __init__(
        self,
        guard: Guard,
        parts: Parts,
        people: People,
        log_ins: LogIns,
        factors: Factors,
        choices: Choices,
    ) -> None:
        self._guard = guard
        self._parts = parts
        self._people = people
        self._log_ins = log_ins
        self._factors = factors
        self._choices = choices

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and its forms."""
        act, seat = self._guard.act, Permission.SEAT
        return [
            web.get("/desk/account", self._guard.read(self._show, seat), allow_head=False),
            web.post("/desk/account/password", act(self._set_password, seat)),
            web.post("/desk/account/factor", act(self._begin, seat)),
            web.post("/desk/account/factor/confirm", act(self._confirm, seat)),
            web.post("/desk/account/factor/codes", act(self._renew_codes, seat)),
            web.post("/desk/account/factor/drop", act(self._drop, seat)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        asked = visit.request.query
        return await self._page(visit, said=asked.get("done", ""), refused=asked.get("refused", ""), status=200)

    async def _set_password(self, visit: Visit) -> web.StreamResponse:
        """A new password; this browser goes on under another token, all others are logged out."""
        wanted, now = visit.form.get("password", ""), visit.form.get("present", "")
        if not SHORTEST <= len(wanted) <= LONGEST or wanted == now:
            return await self._page(visit, refused="password_unfit")
        if not await self._log_ins.confirms(visit.agent, now, self._peer(visit)):
            return await self._page(visit, refused="password_wrong")
        await self._people.set_own_password(visit.session, wanted, visit.by)
        return await self._renewed(visit, "password")

    async def _begin(self, visit: Visit) -> web.StreamResponse:
        await self._factors.begin(visit.agent.id)
        return _see("")

    async def _confirm(self, visit: Visit) -> web.StreamResponse:
        codes = await self._factors.confirm(visit.agent.id, _code(visit), self._parts.render.now(), visit.by)
        if codes is None:
            return await self._page(visit, refused="code")
        token = await self._log_ins.renew(visit.session, strong=True)
        return self._carrying(visit, await self._page(visit, said="factor", codes=codes), token)

    async def _renew_codes(self, visit: Visit) -> web.StreamResponse:
        if not await self._proved(visit):
            return await self._page(visit, refused="code")
        return await self._page(visit, said="codes", codes=await self._factors.renew_codes(visit.agent.id, visit.by))

    async def _drop(self, visit: Visit) -> web.StreamResponse:
        if (await self._factors.standing(visit.agent.id)).required:
            return await self._page(visit, refused="factor_required")
        if not await self._proved(visit):
            return await self._page(visit, refused="code")
        await self._factors.drop(visit.agent.id, visit.by)
        return _see("dropped")

    async def _proved(self, visit: Visit) -> bool:
        now = self._parts.render.now()
        return await self._log_ins.proves(visit.agent, _code(visit), now, self._peer(visit))

    async def _page(
        self, visit: Visit, *, said: str = "", refused: str = "", codes: tuple[str, ...] = (), status: int = 0
    ) -> web.Response:
        phrases, agent = words(visit.look.language), visit.agent
        waiting = await self._factors.waiting(agent.id)
        issuer = self._parts.render.issuer(visit.look.language)
        page = await self._parts.page(
            visit,
            "account.html",
            area="account",
            pane="page",
            standing=await self._factors.standing(agent.id),
            square="" if waiting is None else square(waiting, agent.login, issuer),
            secret="" if waiting is None else shown(waiting),
            codes=codes,
            shortest=SHORTEST,
            said=phrases.get(f"desk.account.done.{said}", ""),
            refused=phrases.get(f"desk.account.refused.{refused}", ""),
            choices=await self._choices(agent.id),
        )
        return html(page, status or (422 if refused else 200))

    async def _renewed(self, visit: Visit, done: str) -> web.Response:
        return self._carrying(visit, _see(done), await self._log_ins.renew(visit.session))

    def _carrying(self, visit: Visit, response: web.Response, token: str) -> web.Response:
        self._guard.set_cookie(visit.request, response, SESSION, token)
        return response

    def _peer(self, visit: Visit) -> Peer:
        return Peer(visit.origin, self._guard.address(visit.request))


def _code(visit: Visit) -> str:
    return visit.form.get("code", "")[:CODE]


def _see(done: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/desk/account?done={done}" if done else "/desk/account"})
