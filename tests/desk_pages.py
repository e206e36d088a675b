"""The desk's pages as tests find them: by their routes, not by a list; and who of the demo operator works with each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from aiohttp import web

from bot.db import Statements

EMPTY = re.compile(r'class="[^"]*\bempty\b')
"""What says on a page that there is nothing to show carries this class, whatever stands before it."""
BEGINS = "<!doctype html"
MANAGER, ADMIN, AGENT = "manager", "admin", "p1c1a1"
WHOSE: Mapping[str, str] = MappingProxyType(
    {
        "/desk": AGENT,
        "/desk/lists": AGENT,
        "/desk/canned": AGENT,
        "/desk/c/{}": AGENT,
    }
)
OF_THE_SYSTEM = ("/desk/audit", "/desk/keys", "/desk/people", "/desk/units", "/desk/webhooks")
"""Pages of the administrator, with all below them; the manager works with all others."""
OTHERS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "p1lead": ("/desk/callbacks", "/desk/deadlines", "/desk/wall", "/desk/roster"),
        AGENT: ("/desk/cases", "/desk/requests", "/desk/questions", "/desk/delivery", "/desk/tickets"),
        "network1": ("/desk/tickets",),
        "trainer": ("/desk/questions",),
        "auditor": ("/desk/audit",),
    }
)
"""Who else has something to do there."""
GREETS: Mapping[str, int] = MappingProxyType({"/desk": 1})
"""How often a page says that there is nothing, however much there is: until a chat is opened, its place greets."""
NO_LISTS = ("/desk/alerts", "/desk/login/code")
"""The bell rings for what has just happened and is quiet otherwise; a log-in in two steps needs its first one."""
LATEST_MONTH = "SELECT '?month=' || to_char(max(scored) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') FROM surveys"
ASKED: Mapping[str, str] = MappingProxyType(
    {
        "/desk/satisfaction": LATEST_MONTH,
        "/desk/satisfaction/rows": LATEST_MONTH,
        "/desk/standard/rows": "SELECT '?state=open&clause=' || min(clause) FROM deadlines"
        " WHERE subject = 'ticket' AND met IS NULL AND voided IS NULL",
    }
)
"""What is to be asked for besides, where the hour decides whether anything is shown otherwise.

On the first of a month nobody has scored in it yet, and rows of the standard are of today's one clause.
"""
EACH: Mapping[str, str] = MappingProxyType(
    {
        "/desk/c/{}": "SELECT min(id) FROM conversations WHERE closed IS NULL AND assignee IS NOT NULL",
        "/desk/tickets/{}": "SELECT max(id) FROM tickets WHERE handler IS NOT NULL",
        "/desk/tickets?view=board&kind={}": "SELECT 'complaint'",
        "/desk/roster/{}": "SELECT unit_id FROM agents WHERE login = 'p1c1a1'",
        "/desk/units/{}": "SELECT unit_id FROM agents WHERE login = 'p1c1a1'",
        "/desk/people/{}": "SELECT id FROM agents WHERE login = 'p1c1a1'",
        "/desk/webhooks/{}": "SELECT max(id) FROM subscriptions",
    }
)
"""Pages of one thing of many, with what finds one."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody of the demo operator looks at a page."""

    login: str
    path: str

    def lacks(self, page: str) -> bool:
        """Whether the page says that there is nothing to show."""
        return len(EMPTY.findall(page)) > GREETS.get(self.path, 0)


def addresses_of(app: web.Application) -> list[str]:
    """Addresses of the desk that need nothing more."""
    found = set()
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if route.method == "GET" and path.startswith("/desk") and "{" not in path and path != "/desk/login":
            found.add(path)
    return sorted(found - {"/desk/", "/desk/stream"})


def is_page(text: str) -> bool:
    """Whether an answer is a whole page, not a part of one."""
    return text.lstrip().lower().startswith(BEGINS)


def whose(path: str) -> str:
    """The log-in of whoever works with a page of the demo operator."""
    return WHOSE.get(path, ADMIN if path.startswith(OF_THE_SYSTEM) else MANAGER)


async def looks_of(pool: Statements, addresses: Sequence[str]) -> list[Look]:
    """Every page as whoever works with it, with what it has to be asked for; one of each that shows one of many."""
    asked = {path: path + await pool.fetchval(statement) for path, statement in ASKED.items()}
    looks = [Look(whose(path), asked.get(path, path)) for path in addresses if path not in NO_LISTS]
    looks += [Look(login, path) for login, paths in OTHERS.items() for path in paths]
    return looks + [Look(whose(path), path.format(await pool.fetchval(one))) for path, one in EACH.items()]
