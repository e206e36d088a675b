"""A form as it is talked about with one customer: what is asked next, what can be tapped, what is summed up."""

from dataclasses import dataclass
from datetime import date, datetime

from msgspec.structs import replace

from router.contact import Contact
from router.conversation import Conversation
from router.decision import Decision, holding
from router.effects import Effect, Option, Say, WriteNote, words
from router.forms.fit import days
from router.forms.form import Form, Step, StepKind
from router.forms.progress import Answer, Progress
from router.world import Binding, World

START, ANEW, PICK = "form:start:", "form:anew:", "form:pick:"
ASK, INVALID, CONFIRM = "form.ask", "form.invalid", "form.confirm"
RESUME = Option("form:resume", words("form.choice.resume"))
BACK = Option("form:back", words("form.choice.back"))
CANCEL = Option("form:cancel", words("form.choice.cancel"))
DONE = Option("form:confirm", words("form.choice.confirm"))
HUMAN = Option("human", words("choice.human"))
NEAR = ("form.choice.today", "form.choice.tomorrow")


@dataclass(frozen=True, slots=True)
class Talk:
    """A customer, a form, and the moment."""

    contact: Contact
    conversation: Conversation
    form: Form
    world: World
    now: datetime

    @property
    def progress(self) -> Progress:
        """How far the customer has got with it."""
        return self.contact.form or Progress(self.form.id, self.form.version, self.now)

    @property
    def title(self) -> str:
        """What the form is called, for this customer."""
        return self.form.title.read(self.contact.language)

    @property
    def today(self) -> date:
        """The day in the operator's zone."""
        return self.now.astimezone(self.world.standard.calendar.zone).date()

    def say(self, *effects: Effect) -> Decision:
        """A decision that leaves the form as it is."""
        return holding(self.contact, self.conversation, *effects)

    def first(self, *before: Effect, agent: int | None = None) -> Decision:
        """Begin with nothing filled in."""
        return self._at(Progress(self.form.id, self.form.version, self.now, agent=agent)).ask(*before)

    def again(self) -> Decision:
        """Ask the step that waits once more, because the customer is at it again."""
        return self._at(self.progress).ask()

    def back(self) -> Decision:
        """Take the last answer back and ask for it again."""
        return self._at(replace(self.progress, answers=self.progress.answers[:-1])).ask()

    def answered(self, step: Step, value: str, *before: Effect) -> Decision:
        """Keep an answer and ask what comes next."""
        answers = (*self.progress.answers, Answer(step.id, value, self.now))
        return self._at(replace(self.progress, answers=answers)).ask(*before)

    def ask(self, *before: Effect) -> Decision:
        """Ask the step that waits; whoever has proved who they are is not asked again."""
        step = self.form.next_step(self.progress)
        if step is None:
            return self.say(*before, *self.sum_up())
        if step.kind is StepKind.IDENTITY and self.contact.customer is not None:
            return self.answered(step, f"customer #{self.contact.customer}", *before)
        if step.kind is StepKind.IDENTITY and self.world.manners.binding is Binding.OFF:
            return self.say(*before, Say(words("form.identity.off"), (HUMAN, CANCEL)))
        if step.kind is StepKind.CHALLENGE and self.contact.customer is None:
            return self.say(*before, Say(words("form.challenge.unknown"), (HUMAN, CANCEL)))
        language = self.contact.language
        place = f"{self.title} {len(self.progress.answers) + 1}/{len(self.form.steps)}"
        lines = [place, step.ask.read(language), *([step.help.read(language)] if step.help else [])]
        return self.say(*before, Say("\n".join(lines), self.options(step), key=ASK))

    def options(self, step: Step) -> tuple[Option, ...]:
        """What can be tapped; nothing beside a number, which would be taken for the number of a choice."""
        if step.kind is StepKind.NUMBER:
            return ()
        picks = [Option(f"{PICK}{pick.id}", pick.label.read(self.contact.language)) for pick in step.picks]
        if step.kind is StepKind.DATE:
            near = days(step, self.today)
            picks.extend(Option(f"{PICK}{day}", words(NEAR[(day - self.today).days])) for day in near)
        human = (HUMAN,) if step.kind in (StepKind.IDENTITY, StepKind.CHALLENGE) else ()
        back = (BACK,) if self.progress.answers else ()
        return (*picks, *human, *back, CANCEL)

    def sum_up(self) -> tuple[Say, Say]:
        """All that was filled in, and whether it is right."""
        return Say(self.summary()), Say(words(CONFIRM), (DONE, BACK, CANCEL))

    def summary(self) -> str:
        """What was filled in, private answers masked."""
        language = self.contact.language
        between = ": " if language.startswith("en") else "："
        shown = self.form.shown(self.progress.answers, language, masked=True)
        return "\n".join([self.title, *(f"{label}{between}{said}" for label, said in shown)])

    def note(self) -> WriteNote:
        """What was filled in, for the person who goes on."""
        return WriteNote(words("form.note.left", summary=self.summary()))

    def _at(self, progress: Progress) -> "Talk":
        contact = replace(self.contact, form=replace(progress, touched=self.now))
        return Talk(contact, self.conversation, self.form, self.world, self.now)
