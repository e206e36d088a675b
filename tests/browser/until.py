"""Waits for a page whose policy makes no script of text: Playwright's own wait does so from its second look on."""

import asyncio

from playwright.async_api import Page


async def until(tab: Page, holds: str, *, seconds: float = 30) -> None:
    """Wait until an expression holds in a page.

    Args:
        tab: where it is looked at.
        holds: JavaScript that is true in the end.
        seconds: how long to wait at the most.

    Raises:
        TimeoutError: it did not come to hold.
    """
    async with asyncio.timeout(seconds):
        while not await tab.evaluate(holds):  # noqa: ASYNC110 - a page sets no event
            await asyncio.sleep(0.05)
