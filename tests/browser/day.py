"""A working day at the desk, gone through in one language and theme: who comes, and what is said to them."""

import os
from dataclasses import dataclass

import pytest
from playwright.async_api import Page as Tab
from playwright.async_api import expect

from bot.people.rights import Role
from bot.words import fill, words
from tests.bot.desk_stage import PASSWORD, Person
from tests.browser.office import Office


@dataclass(frozen=True)
class Look:
    """A language and a theme."""

    language: str
    scheme: str

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}"

    def says(self, key: str, **fields: str | int) -> str:
        """Words of the desk."""
        return fill(words(self.language)[f"desk.{key}"], fields.items())


LOOKS = tuple(Look(language, scheme) for language in ("zh", "en") for scheme in ("light", "dark"))


def looks_of(metafunc: pytest.Metafunc) -> list[Look]:
    """In which looks a journey is gone: one after the other in turn, or as ``HUIYING_LOOK`` says (``all``)."""
    wanted = os.environ.get("HUIYING_LOOK", "")
    if wanted:
        return [look for look in LOOKS if wanted in (str(look), "all")]
    names = [name for name in vars(metafunc.module) if name.startswith("test_")]
    return [LOOKS[names.index(metafunc.function.__name__) % len(LOOKS)]]


@dataclass
class Day:
    """An office where everybody has the same look."""

    office: Office
    look: Look

    def says(self, key: str, **fields: str | int) -> str:
        """Words of the desk in the language of this day."""
        return self.look.says(key, **fields)

    async def come(
        self,
        login: str,
        name: str = "王芳",
        role: Role = Role.AGENT,
        *,
        path: str = "",
        skills: tuple[str, ...] = (),
    ) -> tuple[Person, Tab]:
        """Somebody is taken in, logs in with a browser of their own, comes online if they serve, opens a page."""
        person = await self.office.desk.hire(login, name, role=role, skills=skills)
        pool = self.office.desk.stage.pool
        await pool.execute("UPDATE agents SET language = $2 WHERE id = $1", person.id, self.look.language)
        tab = await self.enter(login)
        online = tab.locator("button[name=presence][value=online]")
        if await online.count():
            await online.click()
            await expect(online).to_have_attribute("aria-pressed", "true")
        if path:
            await tab.goto(self.office.url(path))
        return person, tab

    async def enter(self, login: str, password: str = PASSWORD) -> Tab:
        """Log in with a browser of one's own."""
        tab = await (await self.office.window(scheme=self.look.scheme)).new_page()
        await tab.goto(self.office.url("/desk"))
        await tab.fill("#login", login)
        await tab.fill("#password", password)
        await tab.click("button.primary")
        await expect(tab.locator(".rail")).to_be_visible()
        return tab

    async def serve(self, name: str = "刘伟") -> tuple[Person, Tab, int]:
        """Wang Fang at the desk with a conversation of hers open."""
        wang, tab = await self.come("wangfang")
        one = await self.office.desk.queued(name=name)
        await self.office.desk.give(one, wang.id)
        await tab.click(f'[data-open="{one}"]')
        await expect(tab.locator("#composer")).to_have_attribute("data-mode", "mine")
        await expect(tab.locator("#text")).to_be_focused()
        return wang, tab, one


async def note(tab: Tab, text: str) -> None:
    """Write a note into the open conversation."""
    await tab.check("input[name=as][value=note]", force=True)
    await tab.fill("#text", text)
    await tab.press("#text", "Enter")
    await expect(tab.locator(".m-note .text", has_text=text)).to_be_visible()


async def choose_whom(tab: Tab, whom: str) -> None:
    """Open the dialog for passing on, wait for how things stand, and choose somebody or a queue."""
    await tab.evaluate("document.getElementById('transfer-choices').dataset.old = 'yes'")
    await tab.click("#transfer-button")
    await expect(tab.locator("#transfer-choices[data-old]")).to_have_count(0)
    await tab.locator(f'.target:has(input[value="{whom}"])').click()
