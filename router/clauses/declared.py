"""What a pack says of itself: its name, and the kinds of record that its clauses are about.

    pack = "miit_appeals"
    title = { zh = "工信部申诉", en = "MIIT appeals" }

    [subjects.appeal]
    title = { zh = "申诉", en = "Appeal" }
    marks.received = { zh = "收到", en = "received" }
    facts.route = ["operator", "body"]

The first mark is the one with which a record begins. A standard without ``pack`` is the house's own, and is about the
house's kinds.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from router.clauses.subjects import STAFF, SUBJECTS, SubjectKind
from router.clauses.table import Source, Table, table

NAME = re.compile(r"[a-z][a-z_]{0,40}")


class Head(NamedTuple):
    """What stands above the clauses."""

    kinds: Mapping[str, SubjectKind]
    pack: str
    title: Mapping[str, str]


def read(source: Source, tables: dict[str, object]) -> Head:
    """Take the head out of a document's tables.

    Raises:
        StandardError: it does not hold; the error names the line.
    """
    names = ("pack", "title") if "pack" in tables else ()
    top = Table(source, "", {name: tables.pop(name) for name in names if name in tables})
    declared = table(source, "subjects", tables.pop("subjects", {}))
    pack = top.text("pack")
    if not pack:
        if declared.values:
            raise source.error(
                f"subjects.{next(iter(declared.values))}",
                'what declares its own subjects is a pack, and needs a name: pack = "…"',
            )
        return Head(SUBJECTS, "", {})
    if not NAME.fullmatch(pack):
        raise source.error("", "pack: a name is lower-case letters and underscores", "pack")
    kinds = {name: _kind(source, name, value) for name, value in declared.values.items()}
    if not kinds:
        raise source.error("", "a pack declares what its clauses are about: [subjects.…]", "pack")
    return Head(MappingProxyType(kinds), pack, top.titles("title") or {"zh": pack, "en": pack})


def _kind(source: Source, name: str, value: object) -> SubjectKind:
    found = table(source, f"subjects.{name}", value)
    if name in SUBJECTS or not NAME.fullmatch(name):
        why = "is a kind of the house already" if name in SUBJECTS else "is no name such as appeal"
        raise found.error(f'"{name}" {why}')
    found.only(("title", "marks", "facts"))
    marks, facts = found.table("marks"), found.table("facts")
    if len(marks.values) < 2:
        raise found.error("marks: a record begins with one mark and ends with another", "marks")
    return SubjectKind(
        marks=tuple(marks.values),
        facts=MappingProxyType({fact: facts.texts(fact) for fact in facts.values}),
        audiences=STAFF,
        title=found.titles("title") or {"zh": name, "en": name},
        mark_titles=MappingProxyType({mark: marks.titles(mark) for mark in marks.values}),
    )
