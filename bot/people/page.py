"""The accounts at ``/desk/people``, for administrators: list, add, change, disable, new password, end sessions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_urlsafe

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.accounts import Account, Accounts, Outcome, Profile, parse_skills
from bot.people.people import People
from bot.people.rights import Permission, Role
from bot.people.units import HEADQUARTERS, all_units
from bot.tickets.rules import shipped_rules
from bot.words import words

ACTS = ("disable", "enable", "sessions", "password")
FIELDS = ("login", "name", "role", "team", "skills", "capacity", "extension", "unit", "department")
LONGEST = 64


class PeoplePage:
    """Shows and changes accounts."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, accounts: Accounts, people: People) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._accounts = accounts
        self._people = people

    def routes(self) -> Iterable[web.RouteDef]:
        """The list, the form, and what is done with them."""
        read, act = self._guard.read, self._guard.act
        return [
            web.get("/desk/people", read(self._list, Permission.PEOPLE), allow_head=False),
            web.get("/desk/people/new", read(self._new, Permission.PEOPLE), allow_head=False),
            web.post("/desk/people/new", act(self._add, Permission.PEOPLE)),
            web.get(r"/desk/people/{id:\d+}", read(self._show, Permission.PEOPLE), allow_head=False),
            web.post(r"/desk/people/{id:\d+}", act(self._change, Permission.PEOPLE)),
            web.post(r"/desk/people/{id:\d+}/{act}", act(self._act, Permission.PEOPLE)),
        ]

    async def _list(self, visit: Visit) -> web.StreamResponse:
        accounts, today = await self._accounts.all(), self._today()
        page = await self._parts.page(visit, "people.html", area="people", pane="page", accounts=accounts, today=today)
        return html(page)

    async def _new(self, visit: Visit) -> web.StreamResponse:
        return await self._form(
            visit,
            None,
            {**dict.fromkeys(FIELDS, ""), "role": Role.AGENT.value, "capacity": "5", "unit": str(HEADQUARTERS)},
        )

    async def _show(self, visit: Visit) -> web.StreamResponse:
        account = await self._account(visit)
        done = visit.request.query.get("done", "")
        return await self._form(visit, account, _told(account), said=done if done in ("changed", *ACTS) else "")

    async def _add(self, visit: Visit) -> web.StreamResponse:
        """Take somebody in; the password is made up, and shown this once."""
        form, profile, login = _fields(visit), _profile(visit), storable(visit.form.get("login", "")).lower()
        if profile is None or not login or len(login) > LONGEST or not login.isprintable() or " " in login:
            return await self._form(visit, None, form, refused="unfit")
        password = token_urlsafe(12)
        added = await self._people.add(login, password, name=profile.name, role=profile.role, by=visit.by)
        if added is None:
            return await self._form(visit, None, form, refused="login_taken")
        outcome = await self._accounts.change(added, profile, visit.by)
        account = await self._accounts.find(added)
        refused = "" if outcome is Outcome.DONE else outcome.value
        return await self._form(visit, account, form, said="added", password=password, refused=refused)

    async def _change(self, visit: Visit) -> web.StreamResponse:
        account, profile = await self._account(visit), _profile(visit)
        outcome = None if profile is None else await self._accounts.change(account.id, profile, visit.by)
        if outcome is Outcome.DONE:
            return _see(account, "changed")
        return await self._form(visit, account, _fields(visit), refused=outcome.value if outcome else "unfit")

    async def _act(self, visit: Visit) -> web.StreamResponse:
        account, act = await self._account(visit), visit.request.match_info["act"]
        match act:
            case "disable":
                outcome = await self._accounts.disable(account.id, visit.by)
            case "enable":
                outcome = await self._accounts.enable(account.id, visit.by)
            case "sessions":
                outcome = await self._accounts.end_sessions(account.id, visit.by)
            case "password":
                return await self._renew(visit, account)
            case _:
                raise web.HTTPNotFound
        if outcome is Outcome.OWN:
            return await self._form(visit, account, _told(account), refused=outcome.value)
        return _see(account, act)

    async def _renew(self, visit: Visit, account: Account) -> web.StreamResponse:
        password = token_urlsafe(12)
        await self._people.set_password(account.login, password, visit.by)
        return await self._form(visit, account, _told(account), said="password", password=password)

    async def _account(self, visit: Visit) -> Account:
        """Raises: HTTPNotFound where there is no such account."""
        found = number(visit.request.match_info["id"])
        account = await self._accounts.find(found) if found < 2**31 else None
        if account is None:
            raise web.HTTPNotFound
        return account

    async def _form(
        self,
        visit: Visit,
        account: Account | None,
        form: Mapping[str, str],
        *,
        said: str = "",
        refused: str = "",
        password: str = "",
    ) -> web.Response:
        said_words = words(visit.look.language)
        page = await self._parts.page(
            visit,
            "person.html",
            area="people",
            pane="page",
            account=account,
            form=form,
            roles=[role.value for role in Role],
            units=await all_units(self._pool),
            departments=list(shipped_rules().departments.values()),
            said=said_words[f"desk.people.done.{said}"] if said else "",
            refused=said_words[f"desk.people.refused.{refused}"] if refused else "",
            password=password,
            today=self._today(),
        )
        return html(page, 422 if refused else 200)

    def _today(self) -> datetime:
        return self._parts.render.now().astimezone(self._parts.render.zone)


def _see(account: Account, done: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/desk/people/{account.id}?done={done}"})


def _told(account: Account) -> Mapping[str, str]:
    """An account as its form shows it."""
    told = account.profile.told()
    return {**told, "login": account.login, "skills": ", ".join(map(str, account.profile.skills))}


def _fields(visit: Visit) -> Mapping[str, str]:
    return {name: storable(visit.form.get(name, "")) for name in FIELDS}


def _profile(visit: Visit) -> Profile | None:
    """What the form says of somebody; None where it cannot be."""
    form = _fields(visit)
    capacity = form["capacity"]
    try:
        role, skills = Role(form["role"]), parse_skills(form["skills"])
    except ValueError:
        return None
    short = all(len(form[name]) <= LONGEST for name in ("name", "team", "extension"))
    unit = form["unit"] or str(HEADQUARTERS)
    if not (unit.isascii() and unit.isdigit() and len(unit) < 10):
        return None
    if not form["name"] or not short or not (capacity.isascii() and capacity.isdigit() and len(capacity) < 3):
        return None
    department = form["department"] if role is Role.HANDLER else ""
    if (role is Role.HANDLER) != (department in shipped_rules().departments):
        return None
    return Profile(form["name"], role, form["team"], skills, int(capacity), form["extension"], int(unit), department)
