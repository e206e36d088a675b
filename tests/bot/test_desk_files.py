"""Files at the desk: seen by whoever may see the conversation, and by nobody else."""

from bot.files.store import Owner
from bot.people.rights import Role
from channels.door import Address, Attachment
from router.events import Kind, Media, Said
from tests.bot.desk_stage import open_desk
from tests.files import PHOTO


async def test_a_customer_s_picture_is_seen_by_its_agent_and_a_leader_and_nobody_else(
    database_url: str, redis_url: str
) -> None:
    async with open_desk(database_url, redis_url) as desk:
        owner, other = await desk.agent(), await desk.agent("other", "李雷")
        leader = await desk.agent("lead", "班长", role=Role.LEADER)
        one = await desk.queued()
        await desk.give(one, owner.id)
        who = Address("web", "demo", "v:1")
        file = await desk.store.add(Owner(who), PHOTO, "a")
        assert isinstance(file, Attachment)
        path = f"/desk/files/{file.id}"
        await leader.get(path, status=404)
        await desk.stage.say("", who, event=Said("", Kind.IMAGE, media=Media(file.id)))
        assert f'src="{path}"' in await owner.get(f"/desk/c/{one}")
        for person, status in ((owner, 200), (leader, 200), (other, 404)):
            async with person.session.get(person.base + path) as response:
                assert response.status == status
                if status == 200:
                    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
                    assert response.headers["X-Content-Type-Options"] == "nosniff"
        owner.session.cookie_jar.clear()
        await owner.get(path, status=303)
