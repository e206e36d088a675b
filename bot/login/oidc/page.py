"""Log-in at a provider: the way there and back, and the same to link an identity to one's own account."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import structlog
from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.gate import Gate
from bot.desk.guard import Guard, Visit, same
from bot.desk.workbench import number
from bot.login.log_in import LogIns
from bot.login.oidc.id_token import LONGEST_SUBJECT, Identity, Unproved
from bot.login.oidc.identities import SQL, identities_of, link, means_of, owner_of, unlink
from bot.login.oidc.provider import Provider
from bot.login.oidc.trips import Arrival, Trips
from bot.people.rights import Permission

TRIP = "desk_trip"
"""Cookie of a trip to a provider."""
LONGEST = 4096
"""Characters of a code."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Choice:
    """A provider as pages show it."""

    name: str
    label: str
    subject: str = ""
    """Who somebody is there; empty where nothing is linked."""


Choices = Callable[[int], Awaitable[Sequence[Choice]]]
"""All providers, with who somebody is there."""


class Oidc:
    """Sends people to providers and takes them back.

    Args:
        guard: stands before the pages.
        gate: lets in.
        log_ins: goes on after a provider's word.
        pool: connections to PostgreSQL.
        providers: by name.
        public_url: our own address as browsers see it, or empty where only the Host header tells.
    """

    def __init__(
        self,
        guard: Guard,
        gate: Gate,
        log_ins: LogIns,
        pool: Pool,
        *,
        providers: Mapping[str, Provider],
        public_url: str,
    ) -> None:
        self._guard = guard
        self._gate = gate
        self._log_ins = log_ins
        self._pool = pool
        self._providers = providers
        self._public_url = public_url
        self._trips = Trips(pool)

    def routes(self) -> Iterable[web.RouteDef]:
        """The ways out and back."""
        guard, seat = self._guard, Permission.SEAT
        return [
            web.get("/desk/login/oidc/{provider}", guard.open(self._set_out), allow_head=False),
            web.get("/desk/login/oidc/{provider}/back", guard.open(self._come_back), allow_head=False),
            web.get("/desk/login/oidc/{provider}/out", guard.open(self._log_out), allow_head=False),
            web.post("/desk/account/oidc/{provider}", guard.act(self._set_out_to_link, seat)),
            web.post("/desk/account/oidc/{provider}/drop", guard.act(self._drop, seat)),
            web.post(r"/desk/people/{id:\d+}/oidc/{provider}", guard.act(self._link_somebody, Permission.PEOPLE)),
            web.post(r"/desk/people/{id:\d+}/oidc/{provider}/drop", guard.act(self._drop_somebody, Permission.PEOPLE)),
        ]

    async def choices(self, agent_id: int) -> Sequence[Choice]:
        """All providers, with who somebody is there."""
        known = {row["issuer"]: row["subject"] for row in await identities_of(self._pool, agent_id)}
        accounts = [one.account for one in self._providers.values()]
        return [Choice(one.name, one.label, known.get(one.issuer, "")) for one in accounts]

    # Out --------------------------------------------------------------------------------------------------------

    async def _set_out(self, request: web.Request) -> web.StreamResponse:
        provider = self._provider(request)
        if provider is None:
            return self._guard.to_log_in(request)
        try:
            trip = await self._trips.set_out(provider, self._back(request, provider))
        except Unproved as error:
            return self._failed(request, provider, error)
        response = web.Response(status=303, headers={"Location": trip.address})
        self._guard.set_cookie(request, response, TRIP, trip.state)
        return response

    async def _set_out_to_link(self, visit: Visit) -> web.StreamResponse:
        """The same for somebody who is logged in.

        A form may not lead to another site (``form-action``), so the page leads on by itself. It takes the password, so
        that nobody who finds an open desk makes themselves a way in that lasts.
        """
        provider = self._named(visit)
        if not await self._log_ins.confirms(visit.agent, visit.form.get("present", ""), self._gate.peer(visit.request)):
            return _see("/desk/account?refused=password_wrong")
        try:
            trip = await self._trips.set_out(provider, self._back(visit.request, provider), visit.agent.id)
        except Unproved as error:
            log.warning("oidc.unproved", provider=provider.account.name, reason=str(error))
            return _see("/desk/account?refused=unproved")
        response = self._gate.leading(visit.look, trip.address, provider.account.label)
        self._guard.set_cookie(visit.request, response, TRIP, trip.state)
        return response

    # Back -------------------------------------------------------------------------------------------------------

    async def _come_back(self, request: web.Request) -> web.StreamResponse:
        provider = self._provider(request)
        if provider is None:
            return self._guard.to_log_in(request)
        kept = request.cookies.get(self._guard.cookie_name(request, TRIP), "")
        try:
            if not same(request.query.get("state", ""), kept):
                raise Unproved("another_browser")
            code, redirect = request.query.get("code", "")[:LONGEST], self._back(request, provider)
            arrival = await self._trips.come_back(provider, redirect, state=kept, code=code)
        except Unproved as error:
            return self._failed(request, provider, error)
        lead = self._log_in if arrival.linker is None else self._link
        response = await lead(request, provider, arrival)
        self._guard.set_cookie(request, response, TRIP, "")
        return response

    async def _log_in(self, request: web.Request, provider: Provider, arrival: Arrival) -> web.Response:
        owner = await owner_of(self._pool, arrival.identity)
        if owner is None:
            log.info("oidc.nobody", provider=provider.account.name)
            return self._gate.refused(request, "unlinked", provider.account.label)
        means, peer = means_of(provider.account), self._gate.peer(request)
        strong = provider.account.second_factor
        step = await self._log_ins.go_on(owner["id"], owner["login"], means, peer, strong=strong)
        return await self._gate.let_in(request, step)

    async def _link(self, request: web.Request, _provider: Provider, arrival: Arrival) -> web.Response:
        """Link what came back to the account that set out, if it is still the one that is logged in here."""
        session = await self._guard.session(request)
        if session is None or session.agent.id != arrival.linker:
            return self._guard.to_log_in(request)
        by = self._guard.by(request, session)
        linked = await link(self._pool, session.agent.id, arrival.identity, by)
        return _see(f"/desk/account?{'done=linked' if linked else 'refused=linked'}")

    async def _drop(self, visit: Visit) -> web.StreamResponse:
        provider = self._named(visit)
        await unlink(self._pool, visit.agent.id, provider.account.issuer, means_of(provider.account), visit.by)
        return _see("/desk/account?done=unlinked")

    # By an administrator -----------------------------------------------------------------------------------------

    async def _link_somebody(self, visit: Visit) -> web.StreamResponse:
        """Link a subject that an administrator knows."""
        provider, agent_id = self._named(visit), await self._somebody(visit)
        subject = storable(visit.form.get("subject", ""))
        fits = 0 < len(subject) <= LONGEST_SUBJECT
        done = fits and await link(self._pool, agent_id, Identity(provider.account.issuer, subject), visit.by)
        return _see(f"/desk/people/{agent_id}?{'done' if done else 'refused'}=linked")

    async def _drop_somebody(self, visit: Visit) -> web.StreamResponse:
        provider, agent_id = self._named(visit), await self._somebody(visit)
        await unlink(self._pool, agent_id, provider.account.issuer, means_of(provider.account), visit.by)
        return _see(f"/desk/people/{agent_id}?done=unlinked")

    async def _somebody(self, visit: Visit) -> int:
        """Raises: HTTPNotFound where there is no such account."""
        found = number(visit.request.match_info["id"])
        if found >= 2**31 or not await self._pool.fetchval(SQL["exists"], found):
            raise web.HTTPNotFound
        return found

    # Out of everything -------------------------------------------------------------------------------------------

    async def _log_out(self, request: web.Request) -> web.StreamResponse:
        """To the provider's own log-out, for who has logged out here."""
        provider = self._provider(request)
        if provider is None:
            return self._guard.to_log_in(request)
        try:
            endpoint = (await provider.describe()).end_session_endpoint
        except Unproved as error:
            return self._failed(request, provider, error)
        if not endpoint:
            return self._gate.refused(request, "no_way_out", provider.account.label)
        after = {
            "client_id": provider.account.client_id,
            "post_logout_redirect_uri": f"{self._base(request)}/desk/login",
        }
        return _see(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(after)}")

    # Both -------------------------------------------------------------------------------------------------------

    def _provider(self, request: web.Request) -> Provider | None:
        return self._providers.get(request.match_info["provider"])

    def _named(self, visit: Visit) -> Provider:
        """The same for a form. Raises: HTTPNotFound where there is no such provider."""
        provider = self._provider(visit.request)
        if provider is None:
            raise web.HTTPNotFound
        return provider

    def _back(self, request: web.Request, provider: Provider) -> str:
        """Where the provider sends browsers back to; it knows this address beforehand."""
        return f"{self._base(request)}/desk/login/oidc/{provider.account.name}/back"

    def _base(self, request: web.Request) -> str:
        return self._public_url or f"{request.scheme}://{request.host}"

    def _failed(self, request: web.Request, provider: Provider, error: Unproved) -> web.Response:
        log.warning("oidc.unproved", provider=provider.account.name, reason=str(error))
        response = self._gate.refused(request, "unproved", provider.account.label)
        self._guard.set_cookie(request, response, TRIP, "")
        return response


def _see(place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": place})
