"""The ledger of deadlines, derived: what runs is compared with what the marks say should run, and brought in line."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from router.clauses.due import stays
from router.standard import Due, Standard, Subject, open_deadlines, rules


class Line(Struct, frozen=True, gc=False):
    """One limit of one subject: it runs, was met, ran out, or no longer applies. All times are aware UTC."""

    id: int
    subject: str
    subject_id: int
    clause: str
    opened: datetime
    due: datetime
    steps: tuple[datetime, ...]
    """The warnings, then the due time, then what the ladder names after it."""
    step: int = 0
    """How many of them have fired."""
    next_at: datetime | None = None
    """The next one to fire; None when all have, or when the line has ended."""
    generation: int = 1
    """Counts up when the line is re-based, so that what was armed before means nothing."""
    warned: datetime | None = None
    breached: datetime | None = None
    met: datetime | None = None
    voided: datetime | None = None
    edition: int = 0
    """The edition of the standard that it runs under; 0 for the shipped one."""

    @property
    def running(self) -> bool:
        """Whether somebody still waits for its mark."""
        return self.met is None and self.voided is None

    @property
    def due_step(self) -> int:
        """Which step the due time is, from 1."""
        return bisect_left(self.steps, self.due) + 1


def bring_in_line(
    lines: tuple[Line, ...],
    subject: Subject,
    subject_id: int,
    standard: Standard,
    now: datetime,
    new_id: Callable[[], int],
    edition: int = 0,
) -> tuple[Line, ...]:
    """Compare the running lines of a subject with its marks.

    Args:
        lines: the lines of this subject that ran before.
        subject: the subject as it now stands.
        subject_id: its id.
        standard: the standard that it is measured by.
        now: aware UTC.
        new_id: gives the id of a new line.
        edition: the number of that standard. A line of another edition is re-based; one whose clause this edition
            does not have applies no longer.

    Returns:
        The lines as they now stand, ended and new ones included; an unchanged line is the same object, and so are the
        lines where nothing changed.
    """
    if len(lines) == 1 and _holds(lines[0], subject, standard, edition):
        return lines
    wanted = {due.clause_id: due for due in open_deadlines(subject, standard)}
    kept: list[Line] = []
    for line in lines:
        if not line.running:
            kept.append(line)
            continue
        clause = standard.find(line.clause)
        until = subject.mark(clause.until) if clause else None
        due = wanted.get(line.clause)
        if until is not None and until >= line.opened:
            kept.append(_met(line, until))
        elif clause is None or due is None:
            kept.append(replace(line, voided=now, next_at=None))
        elif clause.every is not None and due.opened > line.opened:
            kept.append(replace(line, met=due.opened, next_at=None))
        else:
            kept.append(_goes_on(line, due, now, edition))
            del wanted[line.clause]
    kept.extend(_opened(due, subject, subject_id, now, new_id(), edition) for due in wanted.values())
    return tuple(kept)


def fire(line: Line, now: datetime) -> Line:
    """The line after all steps that have come by ``now``; several missed ones count as the latest only."""
    step = bisect_right(line.steps, now)
    return replace(
        line,
        step=step,
        next_at=line.steps[step] if step < len(line.steps) else None,
        warned=line.warned or (now if step and line.steps[0] < line.due else None),
        breached=line.breached or (now if line.due <= now else None),
    )


def _holds(line: Line, subject: Subject, standard: Standard, edition: int) -> bool:
    """Whether the only line runs on as it was, which nearly every message leaves it: it is of the only rule, no mark of
    its end is set, and the limit comes out the same."""
    found = rules(subject, standard)
    if len(found) != 1 or not found[0].plain or line.edition != edition or not line.running:
        return False
    return found[0].clause.id == line.clause and stays(subject, found[0], line.due)


def _met(line: Line, until: datetime) -> Line:
    """The line with its mark reached; the mark says whether that was in time, however late it became known."""
    return replace(line, met=until, next_at=None, breached=None if until <= line.due else line.breached or until)


def _goes_on(line: Line, due: Due, now: datetime, edition: int) -> Line:
    """The line as it runs on: as it was, moved, or under another edition of the standard."""
    if due.due != line.due or (edition != line.edition and due.thresholds != line.steps):
        return _based(line, due, now, edition)
    return line if edition == line.edition else replace(line, edition=edition)


def _opened(due: Due, subject: Subject, subject_id: int, now: datetime, new_id: int, edition: int) -> Line:
    step = _first_step(due, now)
    return Line(
        id=new_id,
        subject=subject.kind,
        subject_id=subject_id,
        clause=due.clause_id,
        opened=due.opened,
        due=due.due,
        steps=due.thresholds,
        step=step,
        next_at=due.thresholds[step],
        edition=edition,
    )


def _based(line: Line, due: Due, now: datetime, edition: int) -> Line:
    step = _first_step(due, now)
    return replace(
        line,
        generation=line.generation + 1,
        opened=due.opened,
        due=due.due,
        steps=due.thresholds,
        step=step,
        next_at=due.thresholds[step],
        breached=None,
        warned=None,
        edition=edition,
    )


def _first_step(due: Due, now: datetime) -> int:
    """Warnings that lie in the past are passed over; the due time itself always fires."""
    return min(bisect_right(due.thresholds, now), due.thresholds.index(due.due))
