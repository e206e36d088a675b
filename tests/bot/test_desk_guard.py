"""The guard: nobody without a session, no form without its token, nobody's conversation but one's own, no markup."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.desk.guard import POLICY
from bot.people.rights import Role
from channels.door import Address
from tests.bot.desk_stage import PASSWORD, DeskStage, open_desk

OPEN = {"/desk/login"}
"""Pages for those who have not logged in."""
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% for x in y %}",
    "</textarea><script>alert(1)</script>",
    '<hx-partial hx-target="#thread">x</hx-partial>',
    '<div hx-get="/desk/logout" hx-trigger="load">',
    "<template hx type=partial>",
    "'; DROP TABLE agents; --",
)
TAGS = re.compile(
    r"<(script|img|svg|div|hx-partial|template|textarea)\b[^>]*(alert|onerror|onload|src=x|#thread\">x|load\")"
)


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


def paths(desk: DeskStage, method: str) -> list[str]:
    """Every path of the desk that takes a method, with numbers where it names something."""
    found = []
    for route in desk.server.app.router.routes():
        info = route.resource.get_info() if route.resource else {}
        path = str(info.get("path") or info.get("formatter"))
        if route.method == method and path.startswith("/desk"):
            for name, rule in re.findall(
                r"\(\?P<(\w+)>([^)]*)\)", info["pattern"].pattern if "pattern" in info else ""
            ):
                first = rule.split("|")[0]
                path = path.replace(f"{{{name}}}", first if first.isalpha() else "1")
            found.append(path)
    return sorted(found)


async def test_there_are_routes_to_enumerate(desk: DeskStage) -> None:
    assert len(paths(desk, "GET")) >= 12
    assert len(paths(desk, "POST")) >= 10


async def test_no_page_opens_without_a_session(desk: DeskStage) -> None:
    async with ClientSession() as stranger:
        for path in set(paths(desk, "GET")) - OPEN:
            for headers, status in (({}, 303), ({"HX-Request": "true"}, 401)):
                async with stranger.get(desk.server.make_url(path), headers=headers, allow_redirects=False) as response:
                    assert response.status == status, path
                    assert "/desk/login" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))


async def test_no_form_is_taken_without_its_token(desk: DeskStage) -> None:
    agent = await desk.agent()
    for path in paths(desk, "POST"):
        for csrf in ("", "0" * 64):
            agent.fields = {"csrf": csrf, "act": "0" * 32, "version": "1", "presence": "online"}
            await agent.post(path, status=403)
    assert await desk.stage.pool.fetchval("SELECT presence FROM agents") == "offline"


async def test_no_form_is_taken_from_another_site(desk: DeskStage) -> None:
    agent = await desk.agent()
    foreign: list[dict[str, str]] = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ]
    for path in paths(desk, "POST"):
        for headers in foreign:
            await agent.post(path, {"presence": "online"}, status=403, headers=headers)


async def test_another_session_s_token_is_no_token(desk: DeskStage) -> None:
    agent, other = await desk.agent(), await desk.agent("lilei", "李雷")
    agent.fields["csrf"] = other.fields["csrf"]
    await agent.post("/desk/presence", {"presence": "online"}, status=403)


async def test_every_answer_carries_the_strict_headers(desk: DeskStage) -> None:
    agent = await desk.agent()
    for path in ("/desk", "/desk/login", "/desk/questions", "/desk/nowhere", "/desk/c/99", "/desk/lists"):
        async with agent.session.get(agent.base + path, allow_redirects=False) as response:
            assert response.headers["Content-Security-Policy"] == POLICY
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in POLICY


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: DeskStage) -> None:
    person = await desk.hire("wangfang")
    await person.get("/desk/login")
    form = {"csrf": person.fields["csrf"], "login": "wangfang", "password": PASSWORD}
    url = person.base + "/desk/login"
    async with person.session.post(url, data=form, allow_redirects=False) as response:
        (cookie,) = [one for one in response.headers.getall("Set-Cookie") if one.startswith("desk=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_behind_https_the_cookie_is_bound_to_its_host(database_url: str, redis_url: str) -> None:
    async with (
        open_desk(database_url, redis_url, public_url="https://desk.example") as desk,
        ClientSession() as browser,
        browser.get(desk.server.make_url("/desk/login")) as response,
    ):
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk_gate=")
    assert "Secure" in cookie


async def test_log_in_gives_a_new_session_and_ends_the_one_before(desk: DeskStage) -> None:
    agent = await desk.agent()
    (before,) = await desk.stage.pool.fetch("SELECT token_hash FROM agent_sessions")
    agent.session.cookie_jar.clear(lambda cookie: cookie.key != "desk")
    await agent.get("/desk/login", status=303)
    await agent.post("/desk/logout")
    await agent.log_in()
    (after,) = await desk.stage.pool.fetch("SELECT token_hash FROM agent_sessions")
    assert before["token_hash"] != after["token_hash"]


async def test_a_wrong_password_says_so_without_saying_what_was_wrong(desk: DeskStage) -> None:
    person = await desk.hire("wangfang")
    await person.get("/desk/login")
    page = await person.post("/desk/login", {"login": "<b>wangfang", "password": "wrong"}, status=401)
    assert "账号或密码不对" in page
    assert 'value="&lt;b&gt;wangfang"' in page


async def test_an_agent_sees_what_waits_what_is_theirs_and_what_they_served(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    for person in (wang, li, leader):
        await person.get(f"/desk/c/{one}")
    await desk.give(one, wang.id)
    await wang.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}")
    for part in ("", "/live", "/older?before=5", f"/earlier/{one}"):
        await li.get(f"/desk/c/{one}{part}", status=404)
    for act in ("say", "take", "back", "transfer", "close", "accept", "decline"):
        await li.post(f"/desk/c/{one}/{act}", {"text": "x", "act": "0" * 32, "version": "1"}, status=404)
    assert str(one) not in re.findall(r"/desk/c/(\d+)", await li.get("/desk/lists?tab=all"))
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/say", {"as": "reply", "text": "您好"})
    await wang.post(f"/desk/c/{one}/transfer", {"whom": "queue:service"})
    await desk.give(one, li.id, "李雷")
    await wang.get(f"/desk/c/{one}")
    await wang.post(f"/desk/c/{one}/take", status=409)
    assert (await desk.row(one))["assignee"] == li.id


async def test_a_queue_s_skill_decides_who_sees_its_waiting(desk: DeskStage) -> None:
    plain = await desk.agent()
    skilled = await (await desk.hire("lilei", "李雷", skills=("broadband",))).log_in()
    one = await desk.queued()
    await desk.stage.pool.execute("UPDATE conversations SET queue = 'broadband' WHERE id = $1", one)
    await plain.get(f"/desk/c/{one}", status=404)
    assert f"/desk/c/{one}" not in await plain.get("/desk/lists?tab=waiting")
    await skilled.get(f"/desk/c/{one}")
    assert f"/desk/c/{one}" in await skilled.get("/desk/lists?tab=waiting")


async def test_an_earlier_conversation_opens_only_beside_one_of_the_same_contact(desk: DeskStage) -> None:
    agent = await desk.agent()
    one, other = await desk.queued("v:1", words="第一次的秘密"), await desk.queued("v:2")
    await desk.give(one, agent.id)
    contact = await desk.contact(one)
    await desk.stage.reply(contact, agent.id)
    await desk.stage.close(contact, agent.id)
    again = await desk.queued("v:1", words="第二次")
    li = await desk.agent("lilei", "李雷")
    assert "第一次的秘密" in await li.get(f"/desk/c/{again}/earlier/{one}")
    await li.get(f"/desk/c/{other}/earlier/{one}", status=404)
    await li.get(f"/desk/c/{one}", status=404)


async def test_who_served_a_conversation_does_not_read_what_came_after_it(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    one = await desk.queued("v:1", words="第一次")
    await desk.give(one, wang.id)
    contact = await desk.contact(one)
    await desk.stage.reply(contact, wang.id)
    await desk.stage.close(contact, wang.id)
    again = await desk.queued("v:1", words="第二次的秘密")
    await desk.give(again, li.id, "李雷")
    for part in ("", "/live?after=0", "/older?before=99999"):
        assert "第二次的秘密" not in await wang.get(f"/desk/c/{one}{part}")


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_customers_write_is_shown_and_never_run(desk: DeskStage, text: str) -> None:
    agent = await desk.agent()
    one = await desk.queued(name=text, words=text)
    await desk.give(one, agent.id)
    contact = await desk.contact(one)
    await desk.stage.say(text, Address("web", "demo", "v:1"))
    await desk.stage.pool.execute(
        "INSERT INTO questions (contact_id, kind, text, asked) VALUES ($1, 'follow_up', $2, now())", contact, text
    )
    await desk.stage.pool.execute("UPDATE canned_replies SET title = $1, text = $1, key = $1 WHERE key = 'hello'", text)
    pages = [
        await agent.get(path)
        for path in (f"/desk/c/{one}", "/desk/lists?tab=mine", f"/desk/c/{one}/live?after=0", "/desk/questions")
    ]
    pages.append(await agent.get("/desk/alerts"))
    for page in pages:
        assert not TAGS.search(page)
        assert "49{%" not in page


@pytest.mark.parametrize("path", ["/desk/c/99999999999999999999", "/desk/c/0", "/desk/c/9223372036854775808/live"])
async def test_a_number_that_names_nothing_is_not_found(desk: DeskStage, path: str) -> None:
    agent = await desk.agent()
    assert "没有找到" in await agent.get(path, status=404)


async def test_strange_parameters_break_nothing(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await agent.get("/desk?tab=%00'\"<")
    await agent.get(f"/desk/c/{one}/live?after=x", status=404)
    await agent.get(f"/desk/c/{one}/live?after=1&ways=1,2,,3")
    await agent.post(f"/desk/c/{one}/take", {"version": "x"}, status=400)
    await agent.post(f"/desk/c/{one}/take", {"act": "x"}, status=400)
    await agent.post("/desk/presence", {"presence": "asleep"}, status=400)
    await agent.post("/desk/language", {"language": "tlh"}, status=400)


async def test_a_form_larger_than_any_of_ours_is_refused(desk: DeskStage) -> None:
    agent = await desk.agent()
    await agent.post("/desk/presence", {"presence": "x" * 70_000}, status=413)


async def test_a_failure_is_a_page_that_names_nothing_inside(desk: DeskStage) -> None:
    agent = await desk.agent()
    await desk.stage.pool.execute("ALTER TABLE wrapups RENAME TO elsewhere")
    one = await desk.queued()
    page = await agent.get(f"/desk/c/{one}", status=500)
    assert "我们这边出错了" in page
    assert "wrapups" not in page


async def test_the_desk_speaks_the_agent_s_language(desk: DeskStage) -> None:
    agent = await desk.agent()
    await agent.post("/desk/language", {"language": "en"})
    page = await agent.get("/desk")
    assert '<html lang="en"' in page
    assert "Nothing in your hands" in page


async def test_static_files_are_kept_for_ever_under_the_address_of_their_content(desk: DeskStage) -> None:
    agent = await desk.agent()
    page = await agent.get("/desk")
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) > 6
    for file in files:
        async with agent.session.get(agent.base + file) as response:
            assert response.status == 200, file
            assert "immutable" in response.headers["Cache-Control"]
    for wrong in ("/static/000000000000/desk/../../words/zh/desk.toml", files[0] + "x"):
        async with agent.session.get(agent.base + wrong) as response:
            assert response.status == 404
