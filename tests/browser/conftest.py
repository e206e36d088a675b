"""A real Chromium for pages that are shown to people."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.day import Day, Look, looks_of
from tests.browser.office import open_office
from tests.servers import Addresses

expect.set_options(timeout=20_000)  # A busy machine takes longer than a person's; what is there costs no time.

CHROMIUM = ("chromium-headless-shell", "chromium")
"""Debian's, the first that is there: without the frame of a window, a new visitor costs a fifth of the CPU."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP desk.test 127.0.0.1",
]


def chromium_path() -> str | None:
    """Where the Chromium is that pages are shown in; None where there is none."""
    return os.environ.get("HUIYING_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium without a window, or the one that ``HUIYING_CHROMIUM`` names.

    Without one the test is skipped, except in CI, where that is a failure.
    """
    found = chromium_path()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, and CI is set: install Debian's package chromium")
        pytest.skip("no Chromium here: install Debian's package chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        await chromium.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every journey has a look."""
    if "look" in metafunc.fixturenames:
        metafunc.parametrize("look", looks_of(metafunc), ids=str)


@pytest_asyncio.fixture(loop_scope="session")
async def day(servers: Addresses, template: str, browser: Browser, look: Look) -> AsyncIterator[Day]:
    """A desk on which somebody goes through a day."""
    async with open_office(servers, template, browser) as office:
        yield Day(office, look)
