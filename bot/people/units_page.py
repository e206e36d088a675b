"""The organisation at ``/desk/units``, for administrators: the tree, and what is done with each unit."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.rights import Permission
from bot.people.units import (
    LEVELS,
    Level,
    Unfit,
    Unit,
    add_unit,
    all_units,
    close_unit,
    merge_unit,
    move_unit,
    people_by_unit,
    rename_unit,
)

LONGEST = 64
"""Characters of a name."""


class UnitsPage:
    """Shows and changes the organisation."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._acts: dict[str, Callable[[Visit, int], Awaitable[object]]] = {
            "add": self._add,
            "rename": self._rename,
            "move": lambda visit, unit: move_unit(pool, unit, _chosen(visit), visit.by),
            "merge": lambda visit, unit: merge_unit(pool, unit, _chosen(visit), visit.by),
            "close": lambda visit, unit: close_unit(pool, unit, visit.by),
        }

    def routes(self) -> Iterable[web.RouteDef]:
        """The tree, a unit, and what is done with it."""
        read, act = self._guard.read, self._guard.act
        return [
            web.get("/desk/units", read(self._tree, Permission.PEOPLE), allow_head=False),
            web.get(r"/desk/units/{id:\d+}", read(self._show, Permission.PEOPLE), allow_head=False),
            web.post(r"/desk/units/{id:\d+}/{act}", act(self._act, Permission.PEOPLE)),
        ]

    async def _tree(self, visit: Visit) -> web.StreamResponse:
        units, people = await all_units(self._pool), await people_by_unit(self._pool)
        within = {unit.id: sum(one.people for one in units if one.path.startswith(unit.path)) for unit in units}
        done = visit.request.query.get("done", "")
        values = {"units": units, "people": people, "within": within, "done": done in self._acts}
        return html(await self._parts.page(visit, "units.html", area="people", pane="page", **values))

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit)

    async def _page(self, visit: Visit, *, refused: str = "") -> web.Response:
        """A unit with its forms; what cannot be chosen is not offered. Raises: HTTPNotFound where there is none."""
        units, unit = await all_units(self._pool), _id(visit)
        one = next((one for one in units if one.id == unit), None)
        if one is None:
            raise web.HTTPNotFound
        page = await self._parts.page(
            visit,
            "unit.html",
            area="people",
            pane="page",
            one=one,
            below=[unit for unit in units if unit.parent == one.id],
            people=(await people_by_unit(self._pool)).get(one.id, ()),
            levels=LEVELS[LEVELS.index(one.level) + 1 :],
            above=[unit for unit in units if _outside(unit, one) and _holds(unit, one.level)],
            others=[unit for unit in units if _outside(unit, one)],
            refused=refused,
            done=visit.request.query.get("done", "") in self._acts,
        )
        return html(page, 422 if refused else 200)

    async def _act(self, visit: Visit) -> web.StreamResponse:
        act, unit = visit.request.match_info["act"], _id(visit)
        if act not in self._acts:
            raise web.HTTPNotFound
        try:
            await self._acts[act](visit, unit)
        except ValueError:
            return await self._page(visit, refused="unfit")
        except Unfit as unfit:
            return await self._page(visit, refused=unfit.why.value)
        gone = act in ("merge", "close")
        where = f"/desk/units{'' if gone else f'/{unit}'}?done={act}"
        return web.Response(status=303, headers={"Location": where})

    async def _add(self, visit: Visit, unit: int) -> None:
        await add_unit(self._pool, unit, Level(visit.form.get("level", "")), _name(visit), visit.by)

    async def _rename(self, visit: Visit, unit: int) -> None:
        await rename_unit(self._pool, unit, _name(visit), visit.by)


def _outside(unit: Unit, one: Unit) -> bool:
    return not unit.path.startswith(one.path)


def _holds(unit: Unit, level: Level) -> bool:
    return LEVELS.index(unit.level) < LEVELS.index(level)


def _id(visit: Visit) -> int:
    """Raises: HTTPNotFound where it is none of ours."""
    found = number(visit.request.match_info["id"])
    if found >= 2**31:
        raise web.HTTPNotFound
    return found


def _chosen(visit: Visit) -> int:
    """The other unit of a form. Raises: ValueError where there is none."""
    said = visit.form.get("unit", "")
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise ValueError("no unit")
    return int(said)


def _name(visit: Visit) -> str:
    """Raises: ValueError where it is empty or too long."""
    name = storable(visit.form.get("name", ""))
    if not 0 < len(name) <= LONGEST:
        raise ValueError("no name")
    return name
