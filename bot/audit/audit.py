"""The audit trail: who did what, on what, when, why and from where; written with the change, never changed itself."""

import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.db import Row, Statements
from bot.sql import load

SQL = load(__file__, "audit.sql")
COMMAND_LINE = "command line"


class Deed(StrEnum):
    """What the trail tells of."""

    LOG_IN = "log_in"
    LOG_IN_REFUSED = "log_in_refused"
    LOG_OUT = "log_out"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PASSWORD_SET = "password_set"  # noqa: S105
    FACTOR_SET = "factor_set"
    FACTOR_DROPPED = "factor_dropped"
    FACTOR_RULE = "factor_rule"
    RECOVERY_USED = "recovery_used"
    RECOVERY_RENEWED = "recovery_renewed"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    SESSIONS_ENDED = "sessions_ended"
    PRESENCE_FORCED = "presence_forced"
    STANDARD_PUBLISHED = "standard_published"
    STANDARD_REBASED = "standard_rebased"
    ROUTING_PUBLISHED = "routing_published"
    FORM_PUBLISHED = "form_published"
    QUESTIONNAIRE_PUBLISHED = "questionnaire_published"
    KNOWLEDGE_PUBLISHED = "knowledge_published"
    KNOWLEDGE_WITHDRAWN = "knowledge_withdrawn"
    LETTER_DECIDED = "letter_decided"
    DISCLOSE = "disclose"
    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"
    REASSIGN = "reassign"
    WATCH = "watch"
    WHISPER = "whisper"
    JOIN = "join"
    URGE = "urge"
    UNJOIN = "unjoin"
    UNIT_ADDED = "unit_added"
    DESK_SET = "desk_set"
    UNIT_RENAMED = "unit_renamed"
    UNIT_MOVED = "unit_moved"
    UNIT_CLOSED = "unit_closed"
    SHIFT_SET = "shift_set"
    SHIFT_RETIRED = "shift_retired"
    ROSTER_IMPORTED = "roster_imported"
    ROSTER_CHANGED = "roster_changed"
    ANNOUNCED = "announced"
    ANNOUNCEMENT_ENDED = "announcement_ended"
    OUTLET_CHANGED = "outlet_changed"
    CUSTOMERS_IMPORTED = "customers_imported"
    CANNED_CHANGED = "canned_changed"
    KEY_ADDED = "key_added"
    KEY_REVOKED = "key_revoked"
    HOOK_ADDED = "hook_added"
    HOOK_ROTATED = "hook_rotated"
    HOOK_DISABLED = "hook_disabled"
    HOOK_ENABLED = "hook_enabled"
    HOOK_REPLAYED = "hook_replayed"
    TICKETS_EXPORTED = "tickets_exported"
    TICKETS_IMPORTED = "tickets_imported"
    TICKET_RULES_PUBLISHED = "ticket_rules_published"
    EXPORT_SAVED = "export_saved"
    MYSTERY_IMPORTED = "mystery_imported"


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and from where."""

    agent: int | None
    """None on the command line."""
    who: str
    """The log-in, or the account on the command line."""
    origin: str
    """The browser's address, or the command line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows somebody wants to read; what is empty asks for all. Times are aware."""

    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    who: str = ""
    deed: str = ""
    before: int = 0
    """The id above the first one; 0 for the latest."""


def on_command_line() -> By:
    """Whoever runs this command."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # An account without a name, as containers have them.
        who = str(os.getuid())
    return By(None, who, COMMAND_LINE)


async def note(database: Statements, by: By, deed: Deed, what: str = "", *, detail: str = "", reason: str = "") -> None:
    """Write a deed down; the caller holds the transaction of the change. Raises: OSError and its like."""
    await database.execute(SQL["note"], by.agent, by.who, deed.value, what, detail, reason, by.origin)


async def listed(database: Statements, wanted: Wanted, most: int) -> Sequence[Row]:
    """What was done, the latest first."""
    return await database.fetch(SQL["listed"], wanted.since, wanted.until, wanted.who, wanted.deed, wanted.before, most)
