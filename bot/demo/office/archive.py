"""Tickets of the system before, as files that the manager hands in, has checked, and takes in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from bot.demo.data import Trouble
from bot.demo.office.data import Archive
from bot.demo.office.weeks import Case
from bot.demo.play import Play
from bot.demo.public import ACCOUNT
from bot.demo.staff import ORIGIN
from bot.tickets.claim import TRIES
from bot.tickets.exports.sheets import XlsxSheet
from bot.tickets.imports.job import SQL, Importer
from bot.tickets.imports.page import AT_A_TIME

COLUMNS = (
    "number", "phone", "name", "kind", "business", "text", "cause", "people", "owner", "created", "solved", "archived",
)  # fmt: skip
MINUTE = "%Y-%m-%d %H:%M"
AGO = timedelta(hours=8)
"""What is younger has not been settled in the system before, and is written down in this one."""
CHECKED, KNOWN = 24, 5
"""Rows of the file that is looked over, and how many of them are here already."""


@dataclass(slots=True)
class Files:
    """Files of tickets, from the moments at which these were written down there."""

    play: Play
    archive: Archive
    _rows: list[list[str]] = field(default_factory=list)

    async def take_in(self, cases: Iterable[Case]) -> None:
        """Hand the tickets of the weeks before in, and take them in."""
        settled = [case for case in cases if case[0] < self.play.past.now - AGO]
        self._rows = [self._row(*case) for case in sorted(settled, key=lambda case: case[0])]
        number = await self._hand_in(self.archive.taken, self._rows)
        await self.play.house.pool.fetchval(SQL["want"], number, self.play.staff.manager.id, ACCOUNT)
        await self._importer.work(number)

    async def look_over(self, cases: Iterable[Case]) -> None:
        """Hand a later file in, in which some tickets are here already and some rows do not hold."""
        rows = self._rows[:KNOWN] + [self._row(*case) for case in cases][:CHECKED]
        wrong = [self._row(self.play.past.now - timedelta(days=2), self.play.operator.trouble[0])]
        for one in self.archive.wrong:
            row = list(wrong[0])
            row[0], row[COLUMNS.index(one.column)] = self._number(self.play.past.now), one.value
            wrong.append(row)
        await self._hand_in(self.archive.checked, rows + wrong)

    async def _hand_in(self, name: str, rows: Sequence[Sequence[str]]) -> int:
        """Hand a file in and have it checked; its number."""
        sheet, place, house = XlsxSheet(COLUMNS), token_hex(16), self.play.house
        sheet.add(rows)
        await house.store.storage.put(place, sheet.content())
        asked = (self.play.staff.manager.id, ORIGIN, name, place, AT_A_TIME, TRIES)
        number: int = await house.pool.fetchval(SQL["ask"], *asked)
        await self._importer.work(number)
        return number

    @property
    def _importer(self) -> Importer:
        play, house = self.play, self.play.house
        return Importer(house.pool, play.people, house.store.storage, house.writer.take, play.zone, (ACCOUNT,))

    def _row(self, created: datetime, trouble: Trouble) -> list[str]:
        """A ticket that somebody solved there within two days, if there was so much time, and then closed."""
        play, chance = self.play, self.play.chance
        one, left = chance.choice(play.public), play.past.now - created
        solved = created + min(timedelta(hours=chance.uniform(4, 44)), left * 0.5)
        archived = solved + min(timedelta(hours=chance.uniform(2, 30)), left * 0.4)
        owner = chance.choice([clerk.login for clerk in play.staff.clerks if clerk.city == one.city])
        about = (trouble.kind.value, trouble.business, trouble.text, trouble.cause, str(trouble.people), owner)
        marks = [at.astimezone(play.zone).strftime(MINUTE) for at in (created, solved, archived)]
        return [self._number(created), one.phone, one.name, *about, *marks]

    def _number(self, created: datetime) -> str:
        return f"{self.archive.prefix}-{created:%Y%m%d}-{self.play.number():05d}"
