"""All published editions of the standard, read from the database; a text of the house's own is parsed once."""

from zoneinfo import ZoneInfo

from bot.db import Statements
from bot.sql import load
from router.editions import Edition, Editions
from router.standard import Standard, parse

SQL = load(__file__, "standards.sql")


class Shelf:
    """Keeps what was parsed.

    Args:
        shipped: what holds where nothing has been published.
        zone: the operator's, for standards that name none.
    """

    def __init__(self, shipped: Standard, zone: ZoneInfo) -> None:
        self._shipped = Edition(0, shipped)
        self._zone = zone
        self._known: dict[int, Standard] = {}
        self.editions = Editions((self._shipped,))

    async def read(self, database: Statements) -> Editions:
        """Read what has been published since, and return all editions.

        Packs that name no hours follow those of the house's newest edition, so they are read each time.

        Raises:
            StandardError: a published text does not hold any more.
            OSError: PostgreSQL is away.
        """
        rows = await database.fetch(SQL["editions"])
        house = self._shipped.standard
        for row in rows:
            if not row["pack"]:
                house = self._known[row["id"]] = self._known.get(row["id"]) or parse(row["text"], self._zone)
        found = [
            Edition(
                row["id"],
                parse(row["text"], self._zone, house) if row["pack"] else self._known[row["id"]],
                row["effective_from"],
                row["rebased"],
            )
            for row in rows
        ]
        self.editions = Editions((self._shipped, *found))
        return self.editions
