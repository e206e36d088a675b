"""What is said of tickets: the same in both languages, and nothing that a ticket can come to is without words."""

import re
import tomllib
from pathlib import Path

import pytest

import router
from bot.tickets.shown import ACTS, ANSWERS_TO
from bot.words import LANGUAGES, TEMPLATES, words
from router.standard import parse
from router.tickets.grades import LISTS
from router.tickets.ticket import Grade, State, TicketKind

pytestmark = pytest.mark.pure

FOLDER = Path(router.__file__).parent
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted((FOLDER / "tickets").glob("*.py")))
STANDARD = parse((FOLDER / "standard.toml").read_text("utf-8"))
CLAUSES = [clause.id for clause in STANDARD.clauses if clause.subject in ("ticket", "complaint")]
FIELD = re.compile(r"\{(\w+)\}")


def read(language: str) -> dict[str, str]:
    return tomllib.loads((TEMPLATES / "words" / language / "tickets.toml").read_text(encoding="utf-8"))


def quoted(pattern: str) -> list[str]:
    """What the decisions about tickets say by key."""
    found = sorted({key for keys in re.findall(pattern, SOURCE) for key in re.findall(r'"([a-z_.]+)"', keys)})
    assert found
    return found


def test_both_languages_say_the_same_of_tickets_with_the_same_fields() -> None:
    chinese, english = read("zh"), read("en")
    assert chinese.keys() == english.keys()
    for key, text in chinese.items():
        assert set(FIELD.findall(text)) == set(FIELD.findall(english[key])), key
        assert text.strip(), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_act_clause_and_reason_has_words(language: str) -> None:
    said = words(language)
    wanted = [f"desk.ticket.state.{state}" for state in State]
    wanted += [f"desk.ticket.kind.{kind}" for kind in TicketKind] + [f"desk.ticket.grade.{grade}" for grade in Grade]
    wanted += [f"desk.ticket.{part}.{act}" for act in ACTS for part in ("act", "hint")]
    wanted += [f"standard.clause.{clause}" for clause in CLAUSES]
    wanted += [f"desk.ticket.reason.{code}" for code in (*LISTS, "repeat", "people", "loss")]
    wanted += [f"desk.ticket.told.{way}" for way in ("queued", "held", "sent", "failed", "in_doubt")]
    assert [key for key in wanted if key not in said] == []
    assert set(CLAUSES) == set(ANSWERS_TO), "an act meets each limit"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_decision_says_has_words(language: str) -> None:
    said = words(language)
    steps = quoted(r"Step\(([^)\n]*)")
    assert [step for step in steps if f"desk.ticket.step.{step}" not in said and step not in _fields()] == []
    told = quoted(r"words\((\"ticket\.told[^,)]*)")
    assert [key for key in told if key not in said] == []
    refusals = quoted(r"refused\(\w+(?:\.\w+)?, ([^)\n]*)\)")
    assert [key for key in refusals if f"refused.{key}" not in said] == []
    lacking = re.findall(r'return "([a-z_]+)"', SOURCE[SOURCE.index("def lacks") : SOURCE.index("def proposal")])
    assert [key for key in lacking if f"refused.ticket.incomplete.{key}" not in said] == []
    alarms = quoted(r"Alarm\(Whom\.\w+, ([^)\n]*)\)")
    assert [key for key in alarms if f"desk.alert.{key}" not in said] == []


def _fields() -> set[str]:
    """Names of values beside the keys of steps."""
    return {
        "business",
        "department",
        "before",
        "grade",
        "name",
        "into",
        "number",
        "conversation",
        "until",
        "team",
        "clause",
        "rung",
    }


def test_a_number_is_in_everything_that_a_customer_is_told() -> None:
    chinese = read("zh")
    told = [key for key in chinese if key.startswith("ticket.told.")]
    assert len(told) > 8
    assert [key for key in told if "{number}" not in chinese[key]] == []
