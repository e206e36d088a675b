"""The accounts at ``/desk/people``, for administrators: list, add, change, disable, new password, end sessions."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from secrets import token_urlsafe

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.doors.known import CAPABILITIES
from bot.login.oidc.page import Choices
from bot.people.accounts import Account, Accounts, Outcome, Profile, parse_skills
from bot.people.people import People
from bot.people.rights import Permission, Role
from bot.people.units import HEADQUARTERS, all_units
from bot.shifts.shifts import coming
from bot.words import words

ACTS = ("disable", "enable", "sessions", "password", "factor")
FIELDS = ("login", "name", "role", "team", "skills", "capacity", "extension", "unit", "department")
LONGEST = 64
LIMIT = "limit."
"""Before a channel's name: the field of its limit."""


class PeoplePage:
    """Shows and changes accounts."""

    def __init__(
        self, guard: Guard, parts: Parts, pool: Pool, accounts: Accounts, people: People, choices: Choices
    ) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._accounts = accounts
        self._people = people
        self._choices = choices

    def routes(self) -> Iterable[web.RouteDef]:
        """The list, the form, and what is done with them."""
        read, act = self._guard.read, self._guard.act
        return [
            web.get("/desk/people", read(self._list, Permission.PEOPLE), allow_head=False),
            web.get("/desk/people/new", read(self._new, Permission.PEOPLE), allow_head=False),
            web.post("/desk/people/new", act(self._add, Permission.PEOPLE)),
            web.post("/desk/people/rules", act(self._rule, Permission.PEOPLE)),
            web.get(r"/desk/people/{id:\d+}", read(self._show, Permission.PEOPLE), allow_head=False),
            web.post(r"/desk/people/{id:\d+}", act(self._change, Permission.PEOPLE)),
            web.post(r"/desk/people/{id:\d+}/{act}", act(self._act, Permission.PEOPLE)),
        ]

    async def _list(self, visit: Visit) -> web.StreamResponse:
        return await self._listed(visit)

    async def _listed(self, visit: Visit, *, refused: str = "") -> web.StreamResponse:
        page = await self._parts.page(
            visit,
            "people.html",
            area="people",
            pane="page",
            accounts=await self._accounts.all(),
            today=self._today(),
            roles=list(Role),
            required=await self._accounts.required(),
            refused=refused,
            saved=visit.request.query.get("done") == "rules",
        )
        return html(page, 422 if refused else 200)

    async def _rule(self, visit: Visit) -> web.StreamResponse:
        """Which roles need a second factor; nobody locks themselves out."""
        roles = frozenset(role for role in Role if visit.form.get(role.value))
        if visit.agent.role in roles and not visit.session.strong:
            return await self._listed(visit, refused="own_factor")
        await self._accounts.require(roles, visit.by)
        return web.Response(status=303, headers={"Location": "/desk/people?done=rules"})

    async def _new(self, visit: Visit) -> web.StreamResponse:
        return await self._form(
            visit,
            None,
            {**dict.fromkeys(FIELDS, ""), "role": Role.AGENT.value, "capacity": "5", "unit": str(HEADQUARTERS)},
        )

    async def _show(self, visit: Visit) -> web.StreamResponse:
        account = await self._account(visit)
        asked = visit.request.query
        said, refused = asked.get("done", ""), asked.get("refused", "")
        known = said if said in ("changed", "linked", "unlinked", *ACTS) else ""
        return await self._form(
            visit, account, _told(account), said=known, refused=refused if refused == "linked" else ""
        )

    async def _add(self, visit: Visit) -> web.StreamResponse:
        """Take somebody in; the password is made up, and shown this once."""
        form, profile, login = _fields(visit), self._profile(visit), storable(visit.form.get("login", "")).lower()
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
        account, profile = await self._account(visit), self._profile(visit)
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
            case "factor":
                outcome = await self._accounts.drop_factor(account.id, visit.by)
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
            channels=list(CAPABILITIES),
            duties=await coming(self._pool, account.id, self._parts.render.now()) if account else (),
            units=await all_units(self._pool),
            choices=await self._choices(account.id) if account else (),
            departments=list(self._parts.rules().departments.values()),
            said=said_words[f"desk.people.done.{said}"] if said else "",
            refused=said_words[f"desk.people.refused.{refused}"] if refused else "",
            password=password,
            today=self._today(),
        )
        return html(page, 422 if refused else 200)

    def _profile(self, visit: Visit) -> Profile | None:
        return _read_profile(visit, self._parts.rules().departments)

    def _today(self) -> datetime:
        return self._parts.render.now().astimezone(self._parts.render.zone)


def _see(account: Account, done: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/desk/people/{account.id}?done={done}"})


def _told(account: Account) -> Mapping[str, str]:
    """An account as its form shows it."""
    told = account.profile.told()
    limits = {f"{LIMIT}{channel}": str(most) for channel, most in account.profile.limits.items()}
    return {**told, **limits, "login": account.login, "skills": ", ".join(map(str, account.profile.skills))}


def _fields(visit: Visit) -> Mapping[str, str]:
    names = (*FIELDS, *(f"{LIMIT}{channel}" for channel in CAPABILITIES))
    return {name: storable(visit.form.get(name, "")) for name in names}


def _read_profile(visit: Visit, departments: Collection[str]) -> Profile | None:
    """What the form says of somebody; None where it cannot be."""
    form = _fields(visit)
    capacity = form["capacity"]
    try:
        role, skills, limits = Role(form["role"]), parse_skills(form["skills"]), _limits(form)
    except ValueError:
        return None
    short = all(len(form[name]) <= LONGEST for name in ("name", "team", "extension"))
    unit = form["unit"] or str(HEADQUARTERS)
    if not (unit.isascii() and unit.isdigit() and len(unit) < 10):
        return None
    if not form["name"] or not short or not (capacity.isascii() and capacity.isdigit() and len(capacity) < 3):
        return None
    department = form["department"] if role is Role.HANDLER else ""
    if department and department not in departments:
        return None
    places = form["extension"], int(unit), limits, department
    return Profile(form["name"], role, form["team"], skills, int(capacity), *places)


def _limits(form: Mapping[str, str]) -> Mapping[str, int]:
    """The limits of single channels. Raises: ValueError where one is no number of at most four digits."""
    said = {channel: form[f"{LIMIT}{channel}"] for channel in CAPABILITIES}
    if not all(most.isascii() and len(most) < 5 for most in said.values()):
        raise ValueError("a limit is no number")
    return {channel: _count(most) for channel, most in said.items() if most}


def _count(text: str) -> int:
    """Raises: ValueError where it is no number from 0 on."""
    if not text.isdigit():
        raise ValueError("no number")
    return int(text)
