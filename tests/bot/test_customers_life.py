"""Any order of joining, parting, talking and being served: one chat with people per customer, and nothing lost."""

import asyncio
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.doctor import examine
from channels.door import Address
from router.customers import Proof
from router.events import (
    Accepted,
    AgentAct,
    Assigned,
    Closed,
    HandedBack,
    Proved,
    Replied,
    Requeued,
    Transferred,
    Unjoined,
)
from tests.bot.stage import PROOFS, Stage, open_stage

CONTACTS = (Address("web", "demo", "a"), Address("app", "demo", "b"), Address("wechat", "demo", "c"))
PHONES = (PROOFS.of_phone("13812341234"), PROOFS.of_phone("13912341234"))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "say",
                "say",
                "human",
                "prove",
                "prove",
                "part",
                "take",
                "reply",
                "back",
                "requeue",
                "close",
                "pass",
                "accept",
            ]
        ),
        st.integers(0, 2),
        st.integers(0, 1),
    ),
    min_size=4,
    max_size=24,
)


class Staff(NamedTuple):
    """Ids of the two agents."""

    serves: int
    helps: int


async def test_any_life_of_three_contacts(database_url: str, redis_url: str) -> None:
    """Each life has contacts of its own; half of its steps run beside the next one."""
    async with open_stage(database_url, redis_url) as stage:
        loop = asyncio.get_running_loop()
        staff = Staff(await stage.hire("wangfang", capacity=1_000), await stage.hire("lihua", capacity=1_000))
        lives = 0

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(steps=STEPS, together=st.booleans())
        def lives_well(steps: list[tuple[str, int, int]], *, together: bool) -> None:
            nonlocal lives
            lives += 1
            asyncio.run_coroutine_threadsafe(_live(stage, staff, lives, steps, together=together), loop).result(60)

        await asyncio.to_thread(lives_well)
        await stage.wire.settled()
        ill = [finding for finding in await examine(stage.pool, stage.wire) if not finding.healthy]
        assert not ill, ill


async def _live(stage: Stage, staff: Staff, life: int, steps: list[tuple[str, int, int]], *, together: bool) -> None:
    people = [Address(one.channel, one.account, f"{one.contact}{life}") for one in CONTACTS]
    proofs = [Proof(one.kind, f"{life:08x}{one.value[8:]}", one.shown, one.means) for one in PHONES]
    said: list[str] = []
    for who in people:
        await stage.say("话费", who, source_id=f"{life}:begin")
    for number, (kind, whose, which) in enumerate(steps):
        text = f"life {life} word {number}"
        doing = [_step(stage, staff, kind, people[whose], proofs[which], text)]
        if together:
            other = f"{text} beside"
            doing.append(_step(stage, staff, "say", people[(whose + 1) % 3], proofs[which], other))
            said.append(other)
        if kind == "say":
            said.append(text)
        await asyncio.gather(*doing)
        await _holds(stage, life)
    rows = await stage.pool.fetch("SELECT text, count(*) AS n FROM messages WHERE text = ANY($1) GROUP BY text", said)
    assert {row["text"]: row["n"] for row in rows} == dict.fromkeys(said, 1)


async def _step(stage: Stage, staff: Staff, kind: str, who: Address, proof: Proof, text: str) -> None:
    contact = await stage.pool.fetchval(
        "SELECT id FROM contacts WHERE (channel, account, address) = ($1, $2, $3)", *who
    )
    row = await stage.pool.fetchrow(
        "SELECT v.* FROM contacts c JOIN conversations v ON v.id = c.conversation_id WHERE c.id = $1", contact
    )
    if kind == "say":
        await stage.say(text, who)
    elif kind == "human":
        await stage.say("人工", who)
    elif kind == "prove":
        await stage.say("", who, event=Proved(proof))
    elif kind == "part":
        await stage.act(contact, Unjoined(staff.serves, "误绑"))
    elif row is not None:
        version, host = row["version"], row["contact_id"]
        acts: dict[str, AgentAct] = {
            "take": Assigned(staff.serves, "王芳", row["assignee"], version, by=staff.serves),
            "reply": Replied(staff.serves, "王芳", "您好", version),
            "back": HandedBack(staff.serves, version),
            "requeue": Requeued(staff.serves, version, "service", "王芳", "老客户"),
            "pass": Transferred(staff.serves, "王芳", version, staff.helps, "李华"),
            "accept": Accepted(staff.helps, "李华"),
            "close": Closed(staff.serves, "王芳", version, "billing"),
        }
        await stage.act(host, acts[kind])


async def _holds(stage: Stage, life: int) -> None:
    twice = await stage.pool.fetch(
        "SELECT c.customer_id FROM conversations v JOIN contacts c ON c.id = v.contact_id"
        " WHERE v.status IN ('queued', 'assigned') AND c.customer_id IS NOT NULL"
        " GROUP BY c.customer_id HAVING count(*) > 1"
    )
    assert not twice, f"life {life}: two chats with people"
    astray = await stage.pool.fetch(
        "SELECT c.id FROM contacts c JOIN conversations v ON v.id = c.conversation_id"
        " JOIN contacts h ON h.id = v.contact_id"
        " WHERE v.closed IS NOT NULL OR (h.id <> c.id AND h.customer_id IS DISTINCT FROM c.customer_id)"
    )
    assert not astray, f"life {life}: a contact in a chat that is over or not its own"
    alone = await stage.pool.fetch(
        "SELECT c.id FROM conversations v JOIN contacts h ON h.id = v.contact_id JOIN contacts c USING (customer_id)"
        " WHERE v.status IN ('queued', 'assigned') AND c.conversation_id IS DISTINCT FROM v.id"
    )
    assert not alone, f"life {life}: a contact outside its customer's chat"
    apart = await stage.pool.fetch(
        "SELECT i.blind FROM identities i JOIN contacts c ON c.id = i.contact_id WHERE i.withdrawn IS NULL"
        " GROUP BY i.blind HAVING count(DISTINCT coalesce(c.customer_id, -1)) > 1"
    )
    assert not apart, f"life {life}: one proof, two customers"
