"""Whether everybody can use a page: what axe finds in it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import axe_playwright_python  # type: ignore[import-untyped]
from playwright.async_api import Page as Tab

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SCHEMES: Mapping[Literal["light", "dark"], Mapping[str, object]] = MappingProxyType(
    {"light": {}, "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}}}
)
"""Themes, and what axe is told to look for in them; nothing: everything."""


async def grave(tab: Tab) -> list[str]:
    """What is serious or worse; in the other theme only contrasts differ.

    axe comes by devtools, for the pages allow no script of others.
    """
    found: list[str] = []
    if not await tab.evaluate("typeof axe !== 'undefined'"):
        await tab.evaluate(AXE.read_text("utf-8"))
    for scheme, rules in SCHEMES.items():
        await tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        broken = (await tab.evaluate("rules => axe.run(document, rules)", {"resultTypes": ["violations"], **rules}))[
            "violations"
        ]
        serious = [one for one in broken if one["impact"] in ("serious", "critical")]
        found += [f"{scheme} {one['id']}: {node['html']}" for one in serious for node in one["nodes"]]
    return found
