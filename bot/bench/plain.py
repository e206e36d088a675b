"""Nothing follows a commit: what a measurement of the writer alone asks for."""

from bot.turns.rows import Rows


class Plain:
    """Follows nothing."""

    def committed(self, rows: Rows) -> None:
        """Leave everything as it is."""
