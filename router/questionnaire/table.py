"""Reads a questionnaire from its TOML; errors name the line and the table."""

import re

from router.clauses.table import Source, Table, table
from router.forms.form import Wording
from router.questionnaire.questionnaire import STARS, Questionnaire, Reason

KEYS = ("version", "stars", "solved", "reasons", "nps", "comment")
MOST_OFFERED = 8
"""Reasons for one score: what a chat can offer in one message, and what people read before they choose."""
ID = re.compile(r"[a-z][a-z0-9_]{0,31}")


def parse(text: str) -> Questionnaire:
    """Read a questionnaire.

    Args:
        text: the TOML.

    Raises:
        StandardError: it does not hold; the error names the line and the table.
    """
    source = Source(text)
    whole = Table(source, "", source.tables())
    for name in whole.values:
        Table(source, name, {}).known(name, KEYS, name)
    if "stars" not in whole.values:
        raise whole.error('"stars" is missing: a survey asks for them at least')
    why = _written(whole, "reasons", ("zh", "en", "reason"))
    return Questionnaire(
        version=_version(whole),
        stars=_question(whole, "stars"),
        solved=_question(whole, "solved"),
        why=_wording(why) if why else None,
        reasons=_reasons(why) if why else (),
        nps=_question(whole, "nps"),
        comment=_question(whole, "comment"),
    )


def _version(whole: Table) -> int:
    value = whole.values.get("version")
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**31:
        return value
    raise whole.error(f"version: a number from 1 on is expected, not {value!r}", "version")


def _question(whole: Table, name: str) -> Wording | None:
    found = _written(whole, name, ("zh", "en"))
    return _wording(found) if found else None


def _written(whole: Table, name: str, keys: tuple[str, ...]) -> Table | None:
    """The table of a question; None where it is not asked."""
    if name not in whole.values:
        return None
    found = table(whole.source, name, whole.values[name])
    found.only(keys)
    return found


def _reasons(why: Table) -> tuple[Reason, ...]:
    written = why.table("reason").values
    reasons = tuple(_reason(table(why.source, f"reasons.reason.{name}", written[name]), name) for name in written)
    if not reasons:
        raise why.error("one [reasons.reason.NAME] at least is expected")
    for stars in STARS:
        if sum(stars in reason.stars for reason in reasons) > MOST_OFFERED:
            raise why.error(f"more than {MOST_OFFERED} reasons are offered for {stars} stars")
    return reasons


def _reason(one: Table, name: str) -> Reason:
    one.only(("stars", "zh", "en"))
    if ID.fullmatch(name) is None:
        raise one.error(f'"{name}" is no id of small letters, digits and underscores')
    return Reason(name, _wording(one), _stars(one))


def _stars(one: Table) -> frozenset[int]:
    value = one.values.get("stars")
    if not isinstance(value, list) or not value or not all(type(star) is int and star in STARS for star in value):
        raise one.error(f"stars: a list of scores from 1 to 5 is expected, not {value!r}", "stars")
    if len(set(value)) < len(value):
        raise one.error("stars: a score is said twice", "stars")
    return frozenset(value)


def _wording(one: Table) -> Wording:
    return Wording(one.required("zh"), one.required("en"))
