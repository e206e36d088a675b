"""The commands that check and show a standard."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.standards.cli import app

pytestmark = pytest.mark.pure

SHIPPED = Path(__file__).parents[2] / "router" / "standard.toml"
run = CliRunner()


def test_the_shipped_standard_holds() -> None:
    result = run.invoke(app, ["check", str(SHIPPED)])
    assert result.exit_code == 0
    assert "33 clauses" in result.stdout


def test_a_standard_that_does_not_hold_is_named_by_line_and_clause(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8").replace('until = "transferred"', 'until = "transfered"')
    line = text.splitlines().index('until = "transfered"') + 1
    broken = tmp_path / "standard.toml"
    broken.write_text(text, "utf-8")
    result = run.invoke(app, ["check", str(broken)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert f'line {line}, ticket.transfer: until: "transfered" is unknown; meant "transferred"?' in result.stderr
    result = run.invoke(app, ["check", "--json", str(broken)])
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["ok"], found["line"], found["where"]) == (False, line, "ticket.transfer")


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "standard.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in run.invoke(app, ["check", str(binary)]).stderr
    assert run.invoke(app, ["check", str(tmp_path / "missing.toml")]).exit_code == 2


def test_a_standard_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    marked = tmp_path / "standard.toml"
    marked.write_text(SHIPPED.read_text("utf-8"), "utf-8-sig")
    assert run.invoke(app, ["check", str(marked)]).exit_code == 0


def test_the_standard_is_shown_as_one_json_document() -> None:
    found = json.loads(run.invoke(app, ["show", "--json"]).stdout)
    clauses = {clause["id"]: clause for clause in found["clauses"]}
    assert clauses["enquiry.first_response"]["within_seconds"] == 1800
    assert clauses["enquiry.first_response"]["warn_seconds"] == [600, 180]
    assert clauses["message.overnight"]["by"] == "08:00"
    assert clauses["conversation.closing"]["by"] == "closing"
    assert not clauses["survey.online"]["promise"]
    assert found["calendars"]["service"]["week"]["sun"] == ["08:00-22:00"]
    assert found["calendars"]["working"]["holiday"] == []
    assert "2026-10-10" in found["calendars"]["working"]["workdays"]


def test_the_difference_between_two_standards_is_told_clause_by_clause(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8").replace(
        'within = "30m"\nwarn = ["10m", "3m"]', 'within = "20m"\nwarn = ["10m", "3m"]', 1
    )
    changed = tmp_path / "standard.toml"
    changed.write_text(text.replace('["survey.revisit"]', '["survey.again"]'), "utf-8")
    result = run.invoke(app, ["diff", str(changed)])
    assert result.exit_code == 1
    said = result.stdout.splitlines()
    assert said == ["+ survey.again", "- survey.revisit", "~ enquiry.first_response within_seconds: 1800.0 -> 1200.0"]
    found = json.loads(run.invoke(app, ["diff", "--json", str(changed)]).stdout)
    assert found["changed"] == {"enquiry.first_response": {"within_seconds": [1800.0, 1200.0]}}
    assert run.invoke(app, ["diff", str(SHIPPED)]).exit_code == 0


def test_a_shipped_pack_holds_and_keeps_the_hours_of_the_house() -> None:
    pack = SHIPPED.parent / "packs" / "miit_appeals.toml"
    assert "2 clauses" in run.invoke(app, ["check", str(pack)]).stdout
    found = json.loads(run.invoke(app, ["show", "--json", str(pack)]).stdout)
    assert (found["pack"], found["subjects"]) == (
        "miit_appeals",
        {"appeal": ["complained", "answered", "appealed", "decided"]},
    )
    assert found["calendars"]["working"]["week"]["mon"] == ["09:00-18:00"]


def test_the_standard_is_shown_as_a_table() -> None:
    result = run.invoke(app, ["show"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "enquiry.first_response" in result.stdout
    assert "24h, then every 24h" in result.stdout
    assert "daily 08:00-22:00" in result.stdout
