"""Writes what ``docs/channels.md`` shows of the contract: which door keeps which row, and the smallest door.

python -m tests.channels.contract_page            see whether the page is stale
python -m tests.channels.contract_page --write    bring it up to date
"""

import re
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from tests.channels.contract import Contract
from tests.channels.rows import ROWS, Row

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
PAGE = DOCS / "channels.md"
EXAMPLE = DOCS / "example_door.py"
WRITES = "python -m tests.channels.contract_page --write"
FIRST = ("wechat", "wechat_kf", "web", "app", "telegram", "hotline", "outlet")
"""The order of the columns; other doors follow by name."""

Contracts = tuple[type[Contract], ...]


def contracts() -> Contracts:
    """All doors under contract, each in a ``test_*_contract.py``."""
    for file in sorted(HERE.glob("test_*_contract.py")):
        import_module(f"tests.channels.{file.stem}")
    found = [one for one in Contract.__subclasses__() if one.__module__.endswith("_contract")]
    return tuple(sorted(found, key=_place))


def _place(one: type[Contract]) -> tuple[int, str]:
    return FIRST.index(one.channel) if one.channel in FIRST else len(FIRST), one.channel


def table(doors: Contracts) -> str:
    """The contract as a table, and below it why rows do not apply, numbered."""
    reasons: dict[str, int] = {}
    lines = [f"| | | {' | '.join(f'`{door.channel}`' for door in doors)} |", f"|---|---|{':-:|' * len(doors)}"]
    group = ""
    for row in ROWS:
        cells = " | ".join(_cell(door, row, reasons) for door in doors)
        lines.append(f"| {f'**{row.group}**' if row.group != group else ''} | {row.sentence} | {cells} |")
        group = row.group
    return "\n".join([*lines, "", *_notes(reasons)])


def _cell(door: type[Contract], row: Row, reasons: dict[str, int]) -> str:
    why = door.why_not(row)
    return f"– <sup>{reasons.setdefault(why, len(reasons) + 1)}</sup>" if why else "✓"


def _notes(reasons: dict[str, int]) -> Iterable[str]:
    return (f"{number}. {why[0].upper()}{why[1:]}." for why, number in reasons.items())


def capabilities(doors: Contracts) -> str:
    """What each platform can carry, as the doors' classes tell."""
    lines = ["| channel | text | buttons | pushed | answers in the request | window | quota |"]
    lines.append("|---|--:|:-:|:-:|:-:|--:|--:|")
    for door in doors:
        can = door.capabilities
        window = "–" if can.reply_window is None else f"{can.reply_window.total_seconds() / 3600:.0f} h"
        told = [str(can.text_limit or "–"), *(("–", "✓")[one] for one in (can.choices, can.pushes, can.passive))]
        lines.append(f"| `{door.channel}` | {' | '.join([*told, window, str(can.quota or '–')])} |")
    return "\n".join(lines)


def rewritten(page: str) -> str:
    """The page with its generated parts as they should be."""
    doors = contracts()
    example = f"```python\n{EXAMPLE.read_text(encoding='utf-8').rstrip()}\n```"
    parts = {"contract": table(doors), "capabilities": capabilities(doors), "example": example}
    for name, part in parts.items():
        between = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- end -->)", re.DOTALL)
        page = between.sub(lambda found, part=part: f"{found[1]}\n{part}\n\n{found[2]}", page)  # type: ignore[misc]
    return page


def main() -> int:
    """Write the page, or tell whether it is stale."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = rewritten(page)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(fresh, encoding="utf-8")
        return 0
    if fresh != page:
        sys.stderr.write(f"{PAGE.name} is stale: {WRITES}\n")
    return int(fresh != page)


if __name__ == "__main__":
    sys.exit(main())
