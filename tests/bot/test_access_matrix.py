"""Access, route by route: what each role gets of every page and form of the desk, by whose the thing is.

A route that stands in neither table fails the first test: whoever adds a page says here who may open it.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import application
from bot.audit.audit import By
from bot.doors.making import make_doors, outside
from bot.files.ids import fresh_id, fresh_place
from bot.house import open_house
from bot.people.rights import RIGHTS, Permission, Role, Scope
from bot.people.units import Level, add_unit
from bot.settings import read
from bot.words import words
from channels.accounts import OidcAccount
from router.events import Noted
from tests.bot.desk_stage import PASSWORD, DeskStage, Person, open_desk

OPEN, ABSENT, FORBIDDEN = "open", 404, 403

PAGES: dict[str, Permission] = {
    "GET /desk": Permission.SEAT,
    "GET /desk/": Permission.SEAT,
    "GET /desk/account": Permission.SEAT,
    "GET /desk/alerts": Permission.SEAT,
    "GET /desk/audit": Permission.AUDIT,
    "GET /desk/callbacks": Permission.LEAD,
    "GET /desk/cases": Permission.SERVE,
    "GET /desk/canned": Permission.SERVE,
    "GET /desk/colleagues": Permission.SERVE,
    "GET /desk/crew": Permission.LEAD,
    "GET /desk/deadlines": Permission.LEAD,
    "GET /desk/deadlines/list": Permission.LEAD,
    "GET /desk/delivery": Permission.SERVE,
    "GET /desk/delivery/count": Permission.SERVE,
    "GET /desk/delivery/list": Permission.SERVE,
    "GET /desk/hotline": Permission.CALLS,
    "GET /desk/hotline/figures": Permission.CALLS,
    "GET /desk/keys": Permission.PROGRAMS,
    "GET /desk/lists": Permission.SERVE,
    "GET /desk/offers": Permission.SEAT,
    "GET /desk/outlet": Permission.VISIT,
    "GET /desk/people": Permission.PEOPLE,
    "GET /desk/people/new": Permission.PEOPLE,
    "GET /desk/people/{id}": Permission.PEOPLE,
    "GET /desk/questions": Permission.ANSWER,
    "GET /desk/questions/count": Permission.ANSWER,
    "GET /desk/questions/list": Permission.ANSWER,
    "GET /desk/improvements": Permission.LEAD,
    "GET /desk/requests": Permission.SERVE,
    "GET /desk/roster": Permission.LEAD,
    "GET /desk/roster/{id}": Permission.LEAD,
    "POST /desk/roster/{id}": Permission.LEAD,
    "GET /desk/requests/count": Permission.SERVE,
    "GET /desk/requests/list": Permission.SERVE,
    "GET /desk/seat": Permission.SEAT,
    "GET /desk/standard": Permission.LEAD,
    "GET /desk/standard/rows": Permission.LEAD,
    "GET /desk/stream": Permission.SEAT,
    "GET /desk/tickets": Permission.TICKETS,
    "GET /desk/tickets/count": Permission.TICKETS,
    "GET /desk/tickets/exports": Permission.TICKETS,
    "GET /desk/shifts": Permission.SHIFTS,
    "POST /desk/shifts": Permission.SHIFTS,
    "GET /desk/tickets/imports": Permission.IMPORT,
    "GET /desk/tickets/imports/list": Permission.IMPORT,
    "GET /desk/tickets/imports/template": Permission.IMPORT,
    "POST /desk/tickets/imports": Permission.IMPORT,
    "POST /desk/tickets/imports/{id}": Permission.IMPORT,
    "GET /desk/tickets/exports/list": Permission.TICKETS,
    "GET /desk/tickets/exports/{id}": Permission.TICKETS,
    "GET /desk/tickets/list": Permission.TICKETS,
    "GET /desk/satisfaction": Permission.LEAD,
    "GET /desk/satisfaction/rows": Permission.LEAD,
    "GET /desk/satisfaction/table": Permission.LEAD,
    "GET /desk/wall": Permission.LEAD,
    "GET /desk/wall/figures": Permission.LEAD,
    "GET /desk/wall/rows/{figure}": Permission.LEAD,
    "GET /desk/webhooks": Permission.PROGRAMS,
    "GET /desk/webhooks/{id}": Permission.PROGRAMS,
    "POST /desk/webhooks": Permission.PROGRAMS,
    "POST /desk/webhooks/{id}/{act}": Permission.PROGRAMS,
    "POST /desk/account/factor": Permission.SEAT,
    "POST /desk/account/factor/codes": Permission.SEAT,
    "POST /desk/account/factor/confirm": Permission.SEAT,
    "POST /desk/account/factor/drop": Permission.SEAT,
    "POST /desk/account/oidc/{provider}": Permission.SEAT,
    "POST /desk/account/oidc/{provider}/drop": Permission.SEAT,
    "POST /desk/account/password": Permission.SEAT,
    "GET /desk/units": Permission.PEOPLE,
    "GET /desk/units/{id}": Permission.PEOPLE,
    "POST /desk/units/{id}/{act}": Permission.PEOPLE,
    "POST /desk/alerts/seen": Permission.SEAT,
    "POST /desk/cases": Permission.SERVE,
    "POST /desk/canned": Permission.SERVE,
    "POST /desk/canned/{id}/change": Permission.SERVE,
    "POST /desk/canned/{id}/drop": Permission.SERVE,
    "POST /desk/canned/{id}/used": Permission.SERVE,
    "POST /desk/crew/{id}": Permission.LEAD,
    "POST /desk/deadlines": Permission.LEAD,
    "POST /desk/keys": Permission.PROGRAMS,
    "POST /desk/keys/{id}/revoke": Permission.PROGRAMS,
    "POST /desk/language": Permission.SEAT,
    "POST /desk/outlet": Permission.VISIT,
    "POST /desk/people/new": Permission.PEOPLE,
    "POST /desk/people/rules": Permission.PEOPLE,
    "POST /desk/people/{id}/oidc/{provider}": Permission.PEOPLE,
    "POST /desk/people/{id}/oidc/{provider}/drop": Permission.PEOPLE,
    "POST /desk/people/{id}": Permission.PEOPLE,
    "POST /desk/people/{id}/{act}": Permission.PEOPLE,
    "POST /desk/preferences": Permission.SEAT,
    "POST /desk/presence": Permission.SERVE,
    "POST /desk/questions/{id}/answer": Permission.ANSWER,
    "POST /desk/questions/{id}/number": Permission.ANSWER,
    "POST /desk/questions/{id}/own": Permission.ANSWER,
    "POST /desk/questions/{id}/propose": Permission.ANSWER,
    "POST /desk/tickets/bulk": Permission.TICKETS,
    "POST /desk/improvements/{id}": Permission.LEAD,
    "POST /desk/tickets/exports": Permission.TICKETS,
    "POST /desk/tickets/filters": Permission.TICKETS,
}
"""What belongs to nobody in particular: the permission decides alone."""

OWNED: dict[str, Permission] = {
    "GET /desk/c/{id}": Permission.SERVE,
    "GET /desk/c/{id}/crm": Permission.SERVE,
    "GET /desk/c/{id}/earlier/{other}": Permission.SERVE,
    "GET /desk/c/{id}/knowledge": Permission.SERVE,
    "GET /desk/c/{id}/live": Permission.SERVE,
    "GET /desk/c/{id}/said": Permission.SERVE,
    "GET /desk/c/{id}/older": Permission.SERVE,
    "GET /desk/c/{id}/ticket": Permission.SERVE,
    "GET /desk/c/{id}/transfer": Permission.SERVE,
    "GET /desk/files/{id}": Permission.SERVE,
    "GET /desk/tickets/{id}": Permission.TICKETS,
    "GET /desk/tickets/{id}/files/{file}": Permission.TICKETS,
    "POST /desk/c/{id}/accept": Permission.SERVE,
    "POST /desk/c/{id}/assist/answer": Permission.SERVE,
    "POST /desk/c/{id}/assist/summary": Permission.SERVE,
    "POST /desk/c/{id}/assist/typed": Permission.SERVE,
    "POST /desk/c/{id}/back": Permission.SERVE,
    "POST /desk/c/{id}/close": Permission.SERVE,
    "POST /desk/c/{id}/complex": Permission.SERVE,
    "POST /desk/c/{id}/crm": Permission.SERVE,
    "POST /desk/c/{id}/decline": Permission.SERVE,
    "POST /desk/c/{id}/draft": Permission.SERVE,
    "POST /desk/c/{id}/excuse": Permission.SERVE,
    "POST /desk/c/{id}/files": Permission.SERVE,
    "POST /desk/c/{id}/files/{file}/drop": Permission.SERVE,
    "POST /desk/c/{id}/form": Permission.SERVE,
    "POST /desk/c/{id}/here": Permission.SERVE,
    "POST /desk/c/{id}/invite": Permission.SERVE,
    "POST /desk/c/{id}/knowledge": Permission.SERVE,
    "POST /desk/c/{id}/knowledge/none": Permission.SERVE,
    "POST /desk/c/{id}/knowledge/used": Permission.SERVE,
    "POST /desk/c/{id}/number": Permission.SERVE,
    "POST /desk/c/{id}/say": Permission.SERVE,
    "POST /desk/c/{id}/snooze": Permission.SERVE,
    "POST /desk/c/{id}/wake": Permission.SERVE,
    "POST /desk/c/{id}/join": Permission.LEAD,
    "POST /desk/c/{id}/return": Permission.SERVE,
    "POST /desk/c/{id}/urge": Permission.LEAD,
    "POST /desk/c/{id}/whisper": Permission.LEAD,
    "POST /desk/c/{id}/take": Permission.SERVE,
    "POST /desk/c/{id}/ticket": Permission.SERVE,
    "POST /desk/c/{id}/transfer": Permission.SERVE,
    "POST /desk/c/{id}/typing": Permission.SERVE,
    "POST /desk/c/{id}/unjoin": Permission.LEAD,
    "POST /desk/callbacks/{id}/{step}": Permission.LEAD,
    "POST /desk/cases/{id}/mark": Permission.SERVE,
    "POST /desk/delivery/{id}/{act}": Permission.SERVE,
    "POST /desk/requests/{id}/answers": Permission.SERVE,
    "POST /desk/requests/{id}/move": Permission.SERVE,
    "POST /desk/tickets/{id}/answers": Permission.TICKETS,
    "POST /desk/tickets/{id}/files": Permission.TICKETS,
    "POST /desk/tickets/{id}/{act}": Permission.TICKETS,
}
"""What belongs to somebody: the permission, then whose it is."""

FOR_ALL = {
    "GET /desk/login", "POST /desk/login", "GET /desk/login/code", "POST /desk/login/code", "POST /desk/logout",
    "GET /desk/login/oidc/{provider}", "GET /desk/login/oidc/{provider}/back", "GET /desk/login/oidc/{provider}/out",
    "* /desk/{rest}",
}  # fmt: skip
"""The way in and out, and what is nowhere."""

OUTSIDE = re.compile(
    r"(GET|POST|OPTIONS|DELETE|PUT|\*) /(channels/|chat/|widget|survey/|read/|static/|api/|healthz$|readyz$|metrics$)"
)
"""Doors with their own proofs, customers' pages, documents, health; none of them shows anything of the desk."""

GUIDE = Path(__file__).parents[2] / "docs" / "desk.md"
SEES = {
    Scope.OWN: "own chats, what waits for the like of them · 自己的会话和可接的排队",
    Scope.UNIT: "their unit and all below it, and what waits · 本单位及下级，加全部排队",
    Scope.ALL: "all · 全部",
}

OWNERS = ("own", "team", "other", "named", "nobody")
"""Whose it is: one's own, of the same team, of another team, of another team with one's name in a note, or nobody's."""

READ = re.compile("(GET|POST) /desk/(c/|files/)")
"""What whoever is named in a note of a conversation opens with it."""


NOBODY = By(None, "", "")


@dataclass(frozen=True)
class Thing:
    """A conversation and one before it, a file, a message not arrived, a request, a case, a call-back, a ticket."""

    conversation: int
    earlier: int
    file: str
    letter: int
    request: int
    case: int
    callback: int
    ticket: int

    def named(self, route: str) -> int:
        """What the number in a route's address stands for."""
        if "/delivery/" in route:
            return self.letter
        if "/cases/" in route:
            return self.case
        if "/callbacks/" in route:
            return self.callback
        if "/tickets/" in route:
            return self.ticket
        return self.request if "/requests/" in route else self.conversation


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    nowhere = OidcAccount("main", "http://127.0.0.1:9", "desk", "a secret")
    async with open_desk(database_url, redis_url, oidc=nowhere) as opened:
        yield opened


def routes(app: web.Application) -> set[str]:
    """All routes of an application; what answers to GET need not be listed for HEAD as well."""
    found = set()
    for route in app.router.routes():
        info = route.resource.get_info() if route.resource else {}
        path = str(info.get("path") or info.get("formatter"))
        if route.method != "HEAD":
            found.add(f"{route.method} {path}")
    return found


def expected(role: Role, permission: Permission, owner: str, route: str = "") -> str | int:
    if permission not in RIGHTS[role].permissions:
        return FORBIDDEN
    if owner == "named":
        owner = "own" if READ.match(route) else "other"
    match RIGHTS[role].scope:
        case Scope.ALL:
            return OPEN
        case Scope.UNIT:
            return ABSENT if owner == "other" else OPEN
        case Scope.OWN:
            return OPEN if owner in ("own", "nobody") else ABSENT


async def test_every_route_of_the_desk_says_who_may_open_it(desk: DeskStage) -> None:
    found = {route for route in routes(desk.server.app) if "/static/" not in route}
    assert found == PAGES.keys() | OWNED.keys() | FOR_ALL


async def test_what_is_not_of_the_desk_is_for_customers_platforms_or_the_operator_s_own_machines(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    environ = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(tmp_path), "DEMO": "1"}
    environ |= {"SECRET_KEY": "the key of these tests"}
    settings = read({f"HUIYING_{name}": value for name, value in environ.items()})
    async with open_house(settings, answers=False) as house, outside() as session:
        found = routes(application(house, make_doors(house, session)))
    assert {route for route in found if not OUTSIDE.match(route)} == PAGES.keys() | OWNED.keys() | FOR_ALL


async def test_every_role_has_rights_and_every_permission_is_somebody_s() -> None:
    assert RIGHTS.keys() == set(Role)
    assert all(Permission.SEAT in rights.permissions for rights in RIGHTS.values())
    assert set(Permission) == {one for rights in RIGHTS.values() for one in rights.permissions}


def test_the_guide_tells_of_each_role_what_the_code_does() -> None:
    """What is missing is printed as it has to stand there."""
    guide = GUIDE.read_text(encoding="utf-8")
    assert [row for row in map(told, Role) if row not in guide] == []


def told(role: Role) -> str:
    """A role as the table of the guide has it."""
    rights, name = RIGHTS[role], words("zh")[f"desk.role.{role.value}"]
    may = ", ".join(sorted(one.value for one in rights.permissions - {Permission.SEAT})) or "—"
    sees = SEES[rights.scope] if Permission.SERVE in rights.permissions else "none · 无"
    return f"| {role.value} · {name} | {may} | {sees} |"


@pytest.mark.parametrize("role", Role)
async def test_a_page_that_is_nobody_s_opens_by_permission(desk: DeskStage, role: Role) -> None:
    person = await desk.hire("wangfang", role=role)
    await seated(desk, person)
    question, hook = await asked(desk), await subscribed(desk)
    for route, permission in PAGES.items():
        unit = "/units/" in route or "/roster/" in route
        name = person.id if "/people/" in route or "/crew/" in route else 1 if unit else question
        if "/webhooks/" in route:
            name = hook
        if "/canned/" in route:
            name = await canned(desk, person, route)
        status = await ask(person, route, str(name), act="close" if "/units/" in route else "enable")
        held(route, status, expected(role, permission, "nobody"))


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", Role)
async def test_a_thing_opens_by_permission_and_by_whose_it_is(desk: DeskStage, role: Role, owner: str) -> None:
    person = await desk.hire("wangfang", role=role)
    await seated(desk, person)
    thing = await belonging(desk, person, owner)
    for route, permission in OWNED.items():
        if owner == "nobody" and route.startswith("POST /desk/delivery"):
            continue  # A message that nobody wrote in a chat that nobody has is for those who see all.
        name = str(thing.named(route))
        status = await ask(person, route, name, file=thing.file, other=str(thing.earlier))
        held(route, status, expected(role, permission, owner, route))


async def seated(desk: DeskStage, person: Person) -> None:
    """Log in, without a look at where the desk leads whom."""
    await person.get("/desk/login")
    await person.post("/desk/login", {"login": person.login, "password": PASSWORD})
    person.fields["csrf"] = await desk.stage.pool.fetchval("SELECT csrf FROM agent_sessions")


async def canned(desk: DeskStage, person: Person, key: str) -> int:
    """A canned reply of somebody's own."""
    statement = "INSERT INTO canned_replies (key, title, text, agent_id) VALUES ($2, '?', '?', $1) RETURNING id"
    found: int = await desk.stage.pool.fetchval(statement, person.id, key)
    return found


async def subscribed(desk: DeskStage) -> int:
    """A system that is told of something."""
    statement = "INSERT INTO subscriptions (name, url, events, secret) VALUES ('?', '?', '{}', '') RETURNING id"
    found: int = await desk.stage.pool.fetchval(statement)
    return found


async def asked(desk: DeskStage) -> int:
    """A message on the machine of somebody whose number is known."""
    contact = await desk.contact(await desk.queued("v:9"))
    await desk.stage.pool.execute(
        "UPDATE contacts SET channel = 'hotline', address = '13800138000' WHERE id = $1", contact
    )
    found: int = await desk.stage.pool.fetchval(
        "INSERT INTO questions (contact_id, kind, text, asked) VALUES ($1, 'follow_up', '?', now()) RETURNING id",
        contact,
    )
    return found


async def belonging(desk: DeskStage, person: Person, owner: str) -> Thing:
    """Somebody's conversation: this person's, a colleague's, or one that waits for anybody."""
    earlier = await desk.queued()
    contact, colleague = await desk.contact(earlier), await desk.hire("lilei", "李雷")
    mine, theirs = [await add_unit(desk.stage.pool, 1, Level.TEAM, name, NOBODY) for name in ("一班", "二班")]
    belongs = "UPDATE agents SET unit_id = $2 WHERE id = $1"
    await desk.stage.pool.execute(belongs, person.id, mine)
    await desk.stage.pool.execute(belongs, colleague.id, theirs if owner in ("other", "named") else mine)
    await desk.give(earlier, colleague.id)
    await desk.stage.reply(contact, colleague.id)
    await desk.stage.close(contact, colleague.id)
    one = await desk.queued()
    if owner != "nobody":
        await desk.give(one, person.id if owner == "own" else colleague.id)
    if owner == "named":
        for told in (earlier, one):
            await desk.stage.act(contact, Noted(colleague.id, "@王芳", told, (person.id,)))
    pool, file = desk.stage.pool, fresh_id()
    await pool.execute("UPDATE contacts SET channel = 'hotline', address = '13800138000' WHERE id = $1", contact)
    await pool.execute(
        "INSERT INTO files (id, state, channel, account, address, contact_id, seq, place, type, size)"
        " VALUES ($2, 'stored', 'web', 'demo', 'v:1', $1, 1, $3, 'image/png', 9)",
        contact,
        file,
        fresh_place(),
    )
    letter: int = await pool.fetchval(
        "INSERT INTO outbox (id, contact_id, from_seq, to_seq, kind, state, created, due)"
        " SELECT 1, $1, max(seq), max(seq), 'agent', 'failed', now(), now() FROM messages WHERE conversation_id = $2"
        " RETURNING id",
        contact,
        one,
    )
    has = None if owner == "nobody" else person.id if owner == "own" else colleague.id
    request: int = await pool.fetchval(
        "INSERT INTO business_requests (contact_id, form, version, answers, started, filed, state, moved_by)"
        " VALUES ($1, 'invoice', 1, '[]', now(), now(), $2, $3) RETURNING id",
        contact,
        "new" if has is None else "in_hand",
        has,
    )
    case: int = await pool.fetchval(
        "INSERT INTO cases (contact_id, kind, title, marks, owner, opened) VALUES ($1, 'appeal', '?', '{}', $2, now())"
        " RETURNING id",
        contact,
        has,
    )
    callback: int = await pool.fetchval(
        "WITH made AS (INSERT INTO surveys (contact_id, conversation_id, agent_id, ended) VALUES ($1, $2, $3, now())"
        " RETURNING id) INSERT INTO callbacks (survey_id, contact_id, conversation_id, score, opened)"
        " SELECT id, $1, $2, 50, now() FROM made RETURNING id",
        contact,
        one,
        has,
    )
    ticket: int = await pool.fetchval(
        "INSERT INTO tickets (contact_id, kind, business, text, created, state, owner, department)"
        " VALUES ($1, 'matter', 'broadband.fault', '断网两天', now(), 'routed', $2, $3) RETURNING id",
        contact,
        has,
        "network" if has in (None, person.id) else "billing",
    )
    await pool.execute("INSERT INTO ticket_files VALUES ($1, $2)", ticket, file)
    await pool.execute("UPDATE agents SET department = 'network' WHERE id = $1", person.id)
    return Thing(one, earlier, file, letter, request, case, callback, ticket)


async def ask(person: Person, route: str, name: str, *, file: str = "", other: str = "", act: str = "drop") -> int:
    """The status of a route; forms carry a right token, and nothing that could be carried out."""
    method, path = route.split(" ")
    path = path.replace("/files/{id}", f"/files/{file}").replace("{id}", name).replace("{file}", file)
    path = (
        path.replace("{figure}", "waiting")
        .replace("{other}", other)
        .replace("{act}", act)
        .replace("{provider}", "main")
        .replace("{step}", "take")
    )
    fields = {"csrf": person.fields["csrf"], "presence": "asleep", "language": "tlh", "upto": "0", "text": ""}
    if path.endswith("/older"):
        path += "?before=9"
    address = person.base + path
    data = fields if method == "POST" else None
    headers = {"X-CSRF-Token": fields["csrf"]}
    async with person.session.request(method, address, data=data, headers=headers, allow_redirects=False) as response:
        return response.status


def held(route: str, status: int, wanted: str | int) -> None:
    if wanted == OPEN:
        assert status not in (401, 403, 404, 500), f"{route}: {status}"
    else:
        assert status == wanted, f"{route}: {status}, not {wanted}"
