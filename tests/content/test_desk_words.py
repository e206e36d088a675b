"""The desk's words: complete in both languages, and every one that a page or a script asks for is there."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.audit.audit import Deed
from bot.desk.lists import LEADERS_TABS, TABS
from bot.doors.known import CAPABILITIES
from bot.outbox.page import CLOSED, reason_of
from bot.wall.thresholds import Measure
from bot.words import LANGUAGES, TEMPLATES, words
from channels.telegram.verdicts import KNOWN
from channels.wechat.calls import verdicts
from router.snags import Snag

ASKED = re.compile(r"""\bt\(\s*["']([a-z_.0-9]+)["']\s*[,)]""")
SPOKEN = re.compile(r"""\bsay\("([a-z_]+)\"""")
FIELD = re.compile(r"\{(\w+)\}")
LACKS = ("text", "business", "department", "cause")
"""What a ticket can lack that is not complete."""
CLAUSES = ("enquiry.first_response", "enquiry.next_response", "enquiry.follow_up", "message.overnight")


FILES = ("desk", "leads", "standard", "tables")


def read(language: str) -> dict[str, str]:
    folder = TEMPLATES / "words" / language
    texts = [path.read_text("utf-8") for name in FILES for path in sorted(folder.glob(f"{name}*.toml"))]
    return {key: said for text in texts for key, said in tomllib.loads(text).items()}


def text_of(folder: Path, suffix: str, stem: str = "*") -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"{stem}{suffix}")))


def test_both_languages_say_the_same_things_with_the_same_fields() -> None:
    chinese, english = read("zh"), read("en")
    assert chinese.keys() == english.keys()
    for key, text in chinese.items():
        assert set(FIELD.findall(text)) == set(FIELD.findall(english[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_a_template_or_a_script_asks_for_is_there(language: str) -> None:
    said = words(language)
    asked = set(ASKED.findall(text_of(TEMPLATES / "desk", ".html")))
    assert len(asked) > 80
    assert [key for key in sorted(asked) if f"desk.{key}" not in said] == []
    spoken = set(SPOKEN.findall(text_of(TEMPLATES / "static" / "desk", ".js")))
    assert [key for key in sorted(spoken) if f"desk.script.{key}" not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alarm_of_a_conversation_and_every_refusal_has_words(language: str) -> None:
    said = words(language)
    kinds = ["assigned", "abandoned", "undelivered", "in_doubt", "offers_passed"]
    kinds += ["transfer_accepted", "transfer_returned", "overflowed", "invited", "presence_forced", "absent"]
    kinds += [
        "whispered",
        "joined",
        "urged",
        "taken_over",
        "given_back",
        "reassigned",
        "snoozed.time",
        "snoozed.deadline",
    ]
    kinds += [f"{step}.{clause}" for step in ("warned", "breached") for clause in CLAUSES]
    kinds.append("breached.hotline.pickup")
    assert [kind for kind in kinds if f"desk.alert.{kind}" not in said] == []
    assert [
        reason
        for reason in (
            "stale",
            "ended",
            "unfit",
            "answered",
            "offer",
            "offer.gone",
            "gone",
            "away",
            "snooze.time",
            "snooze.near",
        )
        if f"refused.{reason}" not in said
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_channel_has_a_name_at_the_desk(language: str) -> None:
    said = words(language)
    assert [channel for channel in CAPABILITIES if not said.get(f"desk.channel.{channel}")] == []


def test_no_template_of_the_desk_trusts_stored_text_or_carries_scripts_and_styles() -> None:
    for path in sorted((TEMPLATES / "desk").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert path.name == "icons.html" or "|safe" not in text, path.name
        assert not re.search(r"\s(on\w+|style)=|<style|javascript:|hx-on", text), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_trouble_of_the_doors_has_plain_words(language: str) -> None:
    said = words(language)
    troubles = {*verdicts.TROUBLES.values(), "day_quota"}
    assert [kind for kind in sorted(troubles) if f"desk.trouble.{kind}" not in said] == []
    assert [kind for kind in sorted(troubles) if f"desk.alert.trouble.{kind}" not in said] == []
    reasons = [*CLOSED, *KNOWN.values(), "timeout", "sender_gone", "told_lost"]
    assert [reason for reason in reasons if f"desk.reason.{reason}" not in said] == []
    assert reason_of("http_502", language) == said["desk.reason.http"]
    assert "E9" in reason_of("E9", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tab_and_every_snag_has_words(language: str) -> None:
    said = words(language)
    assert [tab for tab in {*TABS, *LEADERS_TABS} if f"desk.tab.{tab}" not in said] == []
    assert [
        tab for tab in {*TABS, *LEADERS_TABS} for end in ("", ".hint") if f"desk.empty.{tab}{end}" not in said
    ] == []
    assert [kind for kind in Snag if f"desk.snag.{kind}" not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_wrong_with_a_table_has_words(language: str) -> None:
    said = words(language)
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.parent.glob("bot/**/*.py")))
    rows = re.findall(r'WrongField\([^,()]+, "(\w+)"', source)
    files = re.findall(r'WrongFile\("(\w+)"', source)
    assert len(rows) > 15
    assert [what for what in (*rows, *LACKS, "refused") if f"table.wrong.{what}" not in said] == []
    assert [what for what in files if f"table.file.{what}" not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deed_of_the_trail_has_words(language: str) -> None:
    assert [deed for deed in Deed if f"desk.deed.{deed}" not in words(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_wall_says_what_it_means(language: str) -> None:
    said = words(language)
    assert [one for one in Measure for end in ("", ".def") if f"desk.wall.{one}{end}" not in said] == []
