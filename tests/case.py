"""A ticket as a transcript: acts and hours, and what runs, was said and alarmed since. It plays the writer's part."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from router import events, ledger
from router.effects import Words
from router.ledger import Line
from router.tickets.acts import Draft, TicketAct
from router.tickets.alarms import fired
from router.tickets.decide import decide_ticket, merged
from router.tickets.decision import Alarm, By, Circumstances, Step, TicketDecision
from router.tickets.opening import opened
from router.tickets.ticket import Ticket, TicketKind
from router.world import World
from tests.dialog import MONDAY_MORNING, world

FAULT = Draft(TicketKind.MATTER, "光猫红灯，宽带断了两天", "broadband.fault")
SUGGESTION = Draft(TicketKind.SUGGESTION, "希望营业厅晚一点关门", "other.matter")
COMPLAINT = Draft(TicketKind.COMPLAINT, "多扣了一个月的月租", "charge.dispute", cause="charge")
GRAVE = Draft(TicketKind.COMPLAINT, "再不退钱我就找工信部", "charge.dispute", cause="charge")
MAJOR = Draft(TicketKind.COMPLAINT, "整个小区断网三天", "broadband.fault", cause="network")
WANG = By(7, "王芳")
LEAST = timedelta(microseconds=1)


@dataclass
class Case:
    """One customer's tickets, an agent, and a clock."""

    written: bool = True
    """Whether what we write reaches the customer."""
    world: World = field(default_factory=world)
    now: datetime = MONDAY_MORNING
    tickets: dict[int, Ticket] = field(default_factory=dict)
    lines: dict[tuple[str, int], tuple[Line, ...]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    told: list[Words] = field(default_factory=list)
    refused: str = ""
    _rungs: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    """By which rungs the customer has heard, by ticket and clause."""
    _ids: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def open(self, draft: Draft, by: By = WANG, *, repeats: int = 0) -> int:
        """Write a ticket down; returns its number, 0 where it was refused."""
        self._tick()
        decision = opened(draft, by, self._at, repeats=repeats)
        if decision.refused:
            self.refused = decision.refused
            return 0
        number = len(self.tickets) + 1
        self._keep(decision, number)
        return number

    def do(self, act: TicketAct, number: int = 1, *, version: int = 0) -> "Case":
        """Let the agent do something."""
        self._tick()
        ticket = self.tickets[number]
        self._keep(decide_ticket(ticket, act, version or ticket.version, WANG, self._at, self.world.standard), number)
        return self

    def merge(self, number: int, into: int) -> "Case":
        """Let a ticket go into another one."""
        self._tick()
        gone, kept = merged(self.tickets[number], self.tickets[into], self._at)
        self._keep(gone, number)
        if not gone.refused:
            self._keep(kept, into)
            self.refused = ""
        return self

    def later(self, **passed: float) -> "Case":
        """Let time pass; what comes due meanwhile fires at its moment."""
        end = self.now + timedelta(**passed)
        while (line := min(self._armed(end), key=lambda one: one.next_at or end, default=None)) is not None:
            assert line.next_at is not None
            self.now = max(self.now + LEAST, line.next_at)
            self._fire(line)
        self.now = max(self.now, end)
        return self

    @property
    def ticket(self) -> Ticket:
        """The first one."""
        return self.tickets[1]

    def running(self, number: int = 1) -> dict[str, datetime]:
        """Due times of what runs, by clause."""
        return {line.clause: line.due for line in self.all_lines(number) if line.running}

    def all_lines(self, number: int = 1) -> list[Line]:
        """All lines that the ledger ever had."""
        return [line for kind in ("ticket", "complaint") for line in self.lines.get((kind, number), ())]

    def line(self, clause: str, number: int = 1) -> Line:
        """The latest line of a clause."""
        return [line for line in self.all_lines(number) if line.clause == clause][-1]

    @property
    def heard(self) -> set[str]:
        """Keys of what the customer was told."""
        return {said.key.removeprefix("ticket.told.") for said in self.told}

    @property
    def _at(self) -> Circumstances:
        return Circumstances(self.now, self.world.tickets, "zh", self.written)

    def _tick(self) -> None:
        self.later(microseconds=1)
        self.refused = ""

    def _keep(self, decision: TicketDecision, number: int) -> None:
        self.refused = decision.refused
        if decision.refused:
            return
        fields = {name: getattr(decision.ticket, name) for name in Ticket.__struct_fields__}
        ticket = self.tickets[number] = Ticket(**(fields | {"id": number}))
        self.steps.extend(decision.steps)
        self.alarms.extend(decision.alarms)
        self.told.extend([decision.told] if decision.told else [])
        for subject in ticket.subjects:
            key = subject.kind, number
            before = self.lines.get(key, ())
            self.lines[key] = ledger.bring_in_line(before, subject, number, self.world.standard, self.now, self._ids)

    def _armed(self, end: datetime) -> list[Line]:
        found = [line for lines in self.lines.values() for line in lines if line.running]
        return [line for line in found if line.next_at is not None and line.next_at <= end]

    def _fire(self, line: Line) -> None:
        key = line.subject, line.subject_id
        after = ledger.fire(line, self.now)
        self.lines[key] = tuple(after if one.id == line.id else one for one in self.lines[key])
        whose = line.clause, line.subject, line.subject_id
        event = events.Fired(*whose, after.step, line.due_step, before=line.step)
        clause = self.world.standard.clause(line.clause)
        ticket = self.tickets[line.subject_id]
        decision = fired(ticket, event, clause, self._at, heard=self._rungs.get((ticket.id, clause.id), ()))
        rungs = [value for step in decision.steps for name, value in step.fields if name == "rung"]
        self._rungs.setdefault((ticket.id, clause.id), []).extend(rungs)
        self._keep(decision, line.subject_id)
