"""Whether everybody can use a page: what axe finds in it."""

from pathlib import Path

import axe_playwright_python  # type: ignore[import-untyped]
from playwright.async_api import Page as Tab

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SCHEMES = ("light", "dark")


async def grave(tab: Tab) -> list[str]:
    """What is serious or worse, in each theme; axe comes by devtools, for the pages allow no script of others."""
    found: list[str] = []
    if not await tab.evaluate("typeof axe !== 'undefined'"):
        await tab.evaluate(AXE.read_text("utf-8"))
    for scheme in SCHEMES:
        await tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        broken = (await tab.evaluate("axe.run(document, {resultTypes: ['violations']})"))["violations"]
        serious = [one for one in broken if one["impact"] in ("serious", "critical")]
        found += [f"{scheme} {one['id']}: {node['html']}" for one in serious for node in one["nodes"]]
    return found
