"""A stand-in for an operator's CRM: a server that knows customers, and can be slow, broken or gone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from channels.accounts import CrmAccount


@dataclass
class CrmApi:
    """What it knows and how it fares."""

    customers: dict[str, dict[str, object]] = field(default_factory=dict)
    status: int = 200
    body: str = ""
    """Said instead of the record, where there is anything."""
    asked: list[str] = field(default_factory=list)
    account: CrmAccount = field(init=False)
    session: ClientSession = field(init=False)

    async def answer(self, request: web.Request) -> web.Response:
        """Tell about a customer."""
        number = request.match_info["number"]
        self.asked.append(number)
        assert request.headers["Authorization"] == "Bearer secret of the crm"
        if self.status != 200 or self.body:
            return web.Response(status=self.status, text=self.body)
        if number not in self.customers:
            return web.Response(status=404)
        return web.json_response(self.customers[number])


@asynccontextmanager
async def open_crm() -> AsyncIterator[CrmApi]:
    """A served stand-in."""
    api = CrmApi()
    app = web.Application()
    app.router.add_get("/api/customers/{number}", api.answer)
    async with TestServer(app) as server, ClientSession() as session:
        api.account, api.session = CrmAccount("main", str(server.make_url("/api")), "secret of the crm"), session
        yield api
