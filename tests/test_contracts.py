"""The house's contracts hold, and each is seen to fail when it is violated."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sql import load

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "channels", "router")
NOT_PURE = frozenset({"now", "utcnow", "today", "open", "print", "input", "exec", "eval", "read_text", "write_text"})
"""Names that the router never calls: they read a clock, a file or a person."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The start of every module of the rooms, in a folder where a test may plant something."""
    folder = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=lambda _, names: [n for n in names if n == "__pycache__"])
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_all_contracts_hold(house: Path) -> None:
    linted = lint(house)
    assert linted.returncode == 0, linted.stdout
    assert " 0 broken" in linted.stdout


@pytest.mark.parametrize(
    ("module", "violation", "contract"),
    [
        ("router/decide.py", "import channels.door", "Rooms"),
        ("router/decide.py", "import bot.db", "Rooms"),
        ("channels/door.py", "import bot.db", "Rooms"),
        ("router/decide.py", "import asyncio", "The router is pure"),
        ("router/survey.py", "import random", "The router is pure"),
        ("router/calendar.py", "import time", "The router is pure"),
        ("router/faq/match.py", "import aiohttp", "The router is pure"),
        ("router/standard.py", "import pathlib", "The router is pure"),
        ("channels/door.py", "import asyncpg", "Doors do not know the database"),
        ("channels/wechat/door.py", "from redis.asyncio import Redis", "Doors do not know the database"),
        ("channels/web/door.py", "import channels.wechat.door", "No door knows another door"),
        ("channels/wechat/door.py", "from channels.web import answers", "No door knows another door"),
        ("channels/weixin/xml.py", "import channels.wechat.parse", "What WeChat's doors share"),
    ],
)
def test_a_violation_breaks_its_contract(house: Path, module: str, violation: str, contract: str) -> None:
    file = house / module
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n{violation}\n", encoding="utf-8")
    try:
        linted = lint(house)
    finally:
        file.write_text(before, encoding="utf-8")
    assert linted.returncode == 1, linted.stderr
    broken = [line for line in linted.stdout.splitlines() if "BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), linted.stdout


def test_every_door_is_in_the_contract() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = document["tool"]["importlinter"]["contracts"]
    named = next(set(one["modules"]) for one in contracts if one["type"] == "independence")
    assert named == set(_doors())


def _doors() -> Iterator[str]:
    """Folders with a door are doors, and so is a module with routes of its own."""
    for path in (ROOT / "channels").iterdir():
        if (path / "door.py").exists():
            yield f"channels.{path.name}"
        elif path.suffix == ".py" and path.stem != "door" and "def routes(" in path.read_text(encoding="utf-8"):
            yield f"channels.{path.stem}"


@pytest.mark.parametrize("file", sorted((ROOT / "router").rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_router_calls_no_clock_and_no_file_and_awaits_nothing(file: Path) -> None:
    assert list(_impure(file.read_text(encoding="utf-8"))) == []


def test_what_is_not_pure_is_seen() -> None:
    impure = "from datetime import datetime\nasync def f():\n    open(datetime.now())\n    import os\n"
    assert list(_impure(impure)) == [
        "line 2: async",
        "line 4: an import inside a function",
        "line 3: open",
        "line 3: now",
    ]


def _impure(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield f"line {node.lineno}: async"
        elif isinstance(node, ast.Call) and (name := _called(node)) in NOT_PURE:
            yield f"line {node.lineno}: {name}"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in node.body:
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield f"line {inner.lineno}: an import inside a function"


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


BY_KEY = ("turns.sql", "load_fired")
"""Compares with the running time so that its rows are looked up by their keys."""


COMPARED = re.compile(
    r"[<>]=? *\(?clock_timestamp\(\)|\bBETWEEN clock_timestamp"
    r"|clock_timestamp\(\)(?: [-+] (?:interval '[^']*'|\w+\([^)]*\)|\$\d\S*))? [<>]"
)


def test_statements_compare_with_a_time_that_an_index_can_be_asked_for() -> None:
    """The running time is another for every row, so a statement that compares with it reads all of them."""
    running = [
        (file.name, name)
        for file in (ROOT / "bot").rglob("*.sql")
        if "migrations" not in file.parts
        for name, statement in load(__file__, os.path.relpath(file, ROOT / "tests")).items()
        if COMPARED.search(statement)
    ]
    assert running == [BY_KEY]
