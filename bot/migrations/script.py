"""Revisions keep their SQL in files beside them, with as many statements as they need."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection


def run(bind: Connection, beside: str, file: str) -> None:
    """Run all statements of a .sql file in the revision's transaction.

    The file goes to asyncpg as one script: SQLAlchemy would prepare it, which allows only one statement.

    Args:
        bind: the revision's connection.
        beside: ``__file__`` of the revision.
        file: the file's name in the same folder.
    """
    script = (Path(beside).parent / file).read_text(encoding="utf-8")
    bind.exec_driver_sql("SELECT 1")  # Opens the transaction, which the driver does with the first statement.
    raw: Any = bind.connection.dbapi_connection
    raw.run_async(lambda connection: connection.execute(script))
