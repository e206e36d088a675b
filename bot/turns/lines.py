"""Deadlines as the statements of a batch take them: new, moved, fired or otherwise changed."""

from bot.turns.values import seconds
from router.ledger import Line


def line_row(contact_id: int, line: Line) -> tuple[object, ...]:
    """A new deadline, as the statement ``add_lines`` takes it."""
    return (
        line.id, contact_id, line.subject, line.subject_id, line.clause, line.generation, line.opened, line.due,
        ",".join(step.isoformat() for step in line.steps), line.step, line.next_at, line.warned, line.breached,
        line.met, line.voided, line.edition,
    )  # fmt: skip


def changed_line_row(line: Line) -> tuple[object, ...]:
    """A changed deadline, as the statement ``change_lines`` takes it."""
    return (
        line.id, line.generation, line.opened, line.due, ",".join(step.isoformat() for step in line.steps), line.step,
        line.next_at, line.warned, line.breached, line.met, line.voided, line.edition,
    )  # fmt: skip


def stepped_line_row(line: Line) -> tuple[object, ...]:
    """A deadline that only fired, as the statement ``step_lines`` takes it."""
    return line.id, line.step, seconds(line.next_at), seconds(line.warned), seconds(line.breached)


def only_stepped(before: Line, after: Line) -> bool:
    """Whether a deadline has fired and runs on: whatever moves it counts its generation up."""
    return after.running and after.generation == before.generation and after.edition == before.edition


def only_moved(line: Line) -> bool:
    """Whether a deadline without warnings runs to a new time, and no more: what most messages do to one."""
    fired = line.step or line.warned is not None or line.breached is not None
    return line.running and not fired and line.steps == (line.due,) and line.next_at == line.due


def moved_line_row(line: Line) -> tuple[object, ...]:
    """A deadline that only moved, as the statement ``save_usual`` takes it."""
    return (line.id, line.generation, line.opened.timestamp(), line.due.timestamp(), line.edition)
