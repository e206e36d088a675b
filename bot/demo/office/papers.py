"""Papers of the demo operator: lists as files, lists kept by name, replies of one's own, and what shoppers found."""

from dataclasses import dataclass

from bot.audit.audit import Deed, note
from bot.canned.canned import Draft, Scope, add
from bot.demo.office.data import Filter, Reply, Shopped
from bot.demo.play import Play
from bot.doors.known import CAPABILITIES
from bot.satisfaction import mystery
from bot.satisfaction.months import Month
from bot.spreadsheets import Wrong, csv_of
from bot.tickets.claim import TRIES
from bot.tickets.exports.job import SQL as EXPORTS
from bot.tickets.exports.job import Exporter
from bot.tickets.exports.page import AT_A_TIME
from bot.tickets.rules import shipped_rules
from bot.tickets.shown import SQL as LISTS
from bot.tickets.wanted import Wanted, wanted_of

FORMATS = ("xlsx", "csv")


@dataclass(frozen=True, slots=True)
class Papers:
    """What people keep for themselves, and what is counted each month."""

    play: Play

    async def keep(self, filters: tuple[Filter, ...], replies: tuple[Reply, ...]) -> None:
        """Keep the manager's lists, and replies of an agent and of the leader above."""
        play, pool = self.play, self.play.house.pool
        for one in filters:
            await pool.execute(LISTS["keep"], play.staff.manager.id, one.name, _wanted(one).query)
        everyone = {one.login: one for one in await play.people.all()}
        owners = {Scope.PERSONAL: everyone["p1c1a1"], Scope.TEAM: everyone["p1c1lead"]}
        for reply in replies:
            scope = Scope(reply.scope)
            await add(pool, owners[scope], scope, Draft(reply.key, reply.title, reply.text))

    async def save(self, filters: tuple[Filter, ...]) -> None:
        """Have the manager's lists made into files."""
        play, house, manager = self.play, self.play.house, self.play.staff.manager
        for one, format_ in zip(filters, FORMATS, strict=True):
            query = _wanted(one).query
            async with house.pool.acquire() as connection, connection.transaction():
                asked = (manager.id, query, format_, AT_A_TIME, TRIES)
                made = await connection.fetchval(EXPORTS["ask"], *asked)
                detail = f"{format_} {query}"
                await note(connection, manager.by, Deed.TICKETS_EXPORTED, f"export:{made}", detail=detail)
            await Exporter(house.pool, play.people, house.store.storage, play.zone).make(made)

    async def shop(self, shopped: tuple[Shopped, ...], month: Month) -> None:
        """Take in what mystery shoppers found at each outlet in a month."""
        play = self.play
        rows = [mystery.COLUMNS]
        for outlet in play.staff.outlets:
            one = play.chance.choice(shopped)
            score = str(play.chance.randrange(62, 99))
            rows.append((str(month), "", outlet.id, one.channel, score, "0-100", play.chance.choice(one.remarks)))
        known = await mystery.known_names(play.house.pool, CAPABILITIES, month)
        found = mystery.read(csv_of(rows), known)
        visits = [visit for visit in found if not isinstance(visit, Wrong)]
        await mystery.keep(play.house.pool, visits, play.staff.manager.by, source=f"mystery-{month}.csv")


def _wanted(one: Filter) -> Wanted:
    asked = {"kind": one.kind, "state": one.state, "department": one.department}
    return wanted_of({name: value for name, value in asked.items() if value}, shipped_rules().departments)
