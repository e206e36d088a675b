"""What leaders do at the desk to chats that others have: whisper, join, urge, give back."""

from collections.abc import Iterable

from aiohttp import web

from bot.desk.deeds import Deeds, storable, version
from bot.desk.guard import Visit
from bot.desk.parts import TEXT_LIMIT
from bot.desk.targets import Targets
from bot.people.access import Dossier, leads_over
from bot.people.rights import Permission
from router.effects import Refuse
from router.events import AgentAct, GivenBack, Joined, Urged, Whispered


class Leading:
    """Takes the forms beside the thread that only leaders have; what they took over, anybody may give back."""

    def __init__(self, deeds: Deeds, targets: Targets) -> None:
        self._deeds = deeds
        self._targets = targets

    def routes(self) -> Iterable[web.RouteDef]:
        """One form for each act."""
        form = self._deeds.form
        return [
            web.post(r"/desk/c/{id:\d+}/whisper", form("whisper", self._whisper, Permission.LEAD)),
            web.post(r"/desk/c/{id:\d+}/join", form("join", self._join, Permission.LEAD)),
            web.post(r"/desk/c/{id:\d+}/urge", form("urge", self._urge, Permission.LEAD)),
            web.post(r"/desk/c/{id:\d+}/return", form("return", self._return)),
        ]

    async def _whisper(self, visit: Visit, dossier: Dossier) -> AgentAct | None:
        text = storable(visit.form.get("text", ""))
        if not text or len(text) > TEXT_LIMIT or not _led(visit, dossier):
            return None
        return Whispered(visit.agent.id, version(visit), text)

    async def _join(self, visit: Visit, dossier: Dossier) -> AgentAct | None:
        agent = visit.agent
        return Joined(agent.id, agent.name, version(visit)) if _led(visit, dossier) else None

    async def _urge(self, visit: Visit, dossier: Dossier) -> AgentAct | None:
        return Urged(visit.agent.id, visit.agent.name) if _led(visit, dossier) else None

    async def _return(self, visit: Visit, dossier: Dossier) -> AgentAct | Refuse | None:
        """To the colleague from whom they took it, if they are at the desk."""
        if dossier.taken_from is None:
            return None
        back = await self._targets.colleague(f"agent:{dossier.taken_from}")
        if back is None:
            return Refuse("away")
        return GivenBack(visit.agent.id, visit.agent.name, version(visit), back["id"], back["name"])


def _led(visit: Visit, dossier: Dossier) -> bool:
    return leads_over(visit.agent, dossier) and not dossier.by_telephone
