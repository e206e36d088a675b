"""The demo's canned replies and wrap-up codes can be loaded as they stand."""

import re
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

DEMO = Path(__file__).parents[2] / "templates" / "demo"
FIELDS = {"customer", "agent"}


def rows(file: str, table: str) -> list[dict[str, str]]:
    """The rows of a demo file; every value is text."""
    read = tomllib.loads((DEMO / file).read_text(encoding="utf-8"))[table]
    return [{key: str(value) for key, value in row.items()} for row in read]


def test_every_canned_reply_has_a_key_of_its_own_and_known_fields_only() -> None:
    replies = rows("replies.toml", "reply")
    assert len(replies) >= 20
    assert len({reply["key"] for reply in replies}) == len(replies)
    assert all(reply["title"].strip() and reply["text"].strip() for reply in replies)
    assert {name for reply in replies for name in re.findall(r"\{(\w*)\}", reply["text"])} <= FIELDS


def test_every_wrapup_code_is_labelled_in_both_languages_and_comes_after_its_heading() -> None:
    codes: set[str] = set()
    for row in rows("wrapups.toml", "wrapup"):
        assert row["code"] not in codes
        assert row["label_zh"].strip()
        assert row["label_en"].strip()
        assert row.get("parent", row["code"]) in codes | {row["code"]}
        codes.add(row["code"])


def test_no_heading_of_wrapup_codes_is_empty() -> None:
    wrapups = rows("wrapups.toml", "wrapup")
    headings = {row["code"] for row in wrapups if "parent" not in row}
    assert headings == {row["parent"] for row in wrapups if "parent" in row}


def test_silence_is_no_wrapup_code_that_a_person_could_choose() -> None:
    assert "idle" not in {row["code"] for row in rows("wrapups.toml", "wrapup")}
