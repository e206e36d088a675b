"""A form that lies half filled in: its customer is reminded once, then it ends with words (clause ``form.idle``)."""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from router.contact import SPOKEN, Contact
from router.decision import Decision
from router.effects import Effect, Option, Say, WriteNote, words
from router.forms.form import Form
from router.forms.progress import Progress
from router.forms.talk import CANCEL, RESUME, START
from router.world import World

KIND = "form"


@dataclass(frozen=True, slots=True)
class HalfFilled:
    """A contact's form as a subject of clauses; without one nothing runs."""

    progress: Progress | None

    @property
    def kind(self) -> str:
        """Its kind."""
        return KIND

    def fact(self, name: str) -> str | None:
        """Which form it is."""
        return self.progress.form if self.progress and name == "form" else None

    def mark(self, name: str) -> datetime | None:
        """A mark of the form."""
        match name, self.progress:
            case _, None:
                return None
            case "touched", Progress(touched=touched, started=started):
                return touched or started
            case "reminded", Progress(reminded=reminded):
                return reminded
            case _:
                return None

    def extended(self, _clause_id: str) -> datetime | None:
        """Nobody extends these limits."""
        return None


def fired(contact: Contact, act: str, world: World, now: datetime) -> Decision:
    """What the clock does to a form that lies: ``remind`` or ``end``; whoever is with a person is not disturbed."""
    progress, form = contact.form, world.form_of(contact.form)
    if progress is None:
        return Decision(contact)
    if act == "remind":
        reminded = replace(contact, form=replace(progress, reminded=now))
        return Decision(reminded, _told(contact, form, "form.remind", (RESUME, CANCEL)))
    if act == "end":
        again = () if form is None else (Option(f"{START}{form.id}", words("form.choice.again")),)
        return Decision(replace(contact, form=None), _told(contact, form, "form.expired", again))
    return Decision(contact)


def _told(contact: Contact, form: Form | None, key: str, options: tuple[Option, ...]) -> tuple[Effect, ...]:
    if form is None:
        return ()
    said = words(key, form=form.title.read(contact.language))
    served = contact.conversation is not None and contact.conversation.with_people
    if served or contact.channel in SPOKEN:
        return (WriteNote(said, None),) if key == "form.expired" else ()
    return (Say(said, options),)
