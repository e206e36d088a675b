"""Whom a survey asks, and what a low score is: the standard's table ``surveys``.

[surveys]
low = 70          # a score below opens a call-back (clause survey.low)
apart = "7d"      # a contact is asked at most once in this time

[[surveys.exclude]]
wrapup = ["test", "spam"]
channel = "app"
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from router.clauses.table import Source, table

LOW = 70
"""The standard's own (§5.2)."""
FACTS = ("channel", "wrapup", "queue", "region", "level")
"""What a rule can ask for: of the contact and of the conversation that has ended."""


@dataclass(frozen=True, slots=True)
class AskingRules:
    """The rules of a standard."""

    low: int = LOW
    """Scores below it, on the scale of 0 to 100, are low."""
    apart: timedelta = timedelta()
    """A contact is asked at most once in this time; zero: whenever there was a service."""
    exclude: tuple[Mapping[str, frozenset[str]], ...] = field(default=())
    """Services that fit one of these are not asked about; all facts of a rule must hold."""

    def excludes(self, facts: Mapping[str, str]) -> bool:
        """Whether a service with these facts is not asked about."""
        return any(all(facts.get(name, "") in values for name, values in rule.items()) for rule in self.exclude)


def read(source: Source, value: object) -> AskingRules:
    """Read the table ``surveys``.

    Raises:
        StandardError: it does not hold; the error names the line.
    """
    found = table(source, "surveys", value)
    found.only(("low", "apart", "exclude"))
    low = found.values.get("low", LOW)
    if not isinstance(low, int) or isinstance(low, bool) or not 0 <= low <= 100:
        raise found.error("low: a score from 0 to 100 is expected", "low")
    rules = found.values.get("exclude", [])
    if not isinstance(rules, list):
        raise found.error("exclude: rules stand in [[surveys.exclude]]", "exclude")
    return AskingRules(low, found.duration("apart") or timedelta(), tuple(_rule(source, rule) for rule in rules))


def _rule(source: Source, value: object) -> Mapping[str, frozenset[str]]:
    rule = table(source, "surveys.exclude", value)
    rule.only(FACTS)
    if not rule.values:
        raise rule.error("a rule without facts would exclude everything")
    return {name: frozenset(rule.texts(name)) for name in rule.values}
