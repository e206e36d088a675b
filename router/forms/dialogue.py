"""The guided dialogue: one step after the other, with questions in between, to a request on record.

    begin ── ask ── answer ──→ ask ── … ──→ summary ── confirm ──→ the request is filed
              ↑ │                             └── back, cancel
              │ └── another question ── its answer, with the offer to go on ── resume ──┐
              └──────────────────────────────────────────────────────────────────────────┘

Whether words answer a step is told by what was said last (``Contact.last_said``); the form itself stays with the
contact until it is filed or given up, over closing times and restarts (clause ``business.guided``).
"""

from datetime import datetime

from msgspec.structs import replace

from router import binding, handoff
from router.acts import ENDED, STALE
from router.contact import Contact
from router.conversation import Conversation, Status
from router.decision import Decision, holding
from router.effects import Alert, Audience, CheckCode, CheckTail, FileRequest, Say, WantCode, WriteNote, words
from router.events import FormBegun, Kind, Said
from router.forms import challenge
from router.forms.fit import asks, fit
from router.forms.form import Form, Step, StepKind, veiled
from router.forms.talk import ANEW, ASK, BACK, CANCEL, CONFIRM, DONE, HUMAN, INVALID, PICK, RESUME, START, Talk
from router.world import World

PREFIX = "form:"
TALK = frozenset({ASK, INVALID, CONFIRM})
"""What was said last where the next words answer a step."""
PROVING = frozenset({binding.CODE, binding.WRONG, "phone.over", "phone.limited"})
"""The same where the step asks who the customer is."""


def taken(
    contact: Contact, conversation: Conversation, event: Said, choice: str, text: str, world: World, now: datetime
) -> Decision | None:
    """The decision where a customer's words are about guided business, else None."""
    conversation = replace(conversation, spoke=now)
    if (wanted := _wanted(conversation, choice, text, world)) is not None:
        return _wished(Talk(contact, conversation, wanted, world, now), choice)
    if contact.form is None:
        return holding(contact, conversation, Say(words("form.gone"))) if choice.startswith(PREFIX) else None
    form = world.form_of(contact.form)
    if form is None:
        return None
    talk = Talk(contact, conversation, form, world, now)
    if form.version != contact.form.version and (choice.startswith(PREFIX) or contact.last_said in TALK | PROVING):
        return talk.first(Say(words("form.changed")))
    if (choice == HUMAN.id or text in world.phrases.human) and not conversation.with_people:
        return handoff.start(contact, conversation, world, now, before=(talk.note(),))
    return _continued(talk, event, choice, text)


def begun(contact: Contact, act: FormBegun, world: World, now: datetime) -> Decision:
    """An agent starts a form for the customer whom they serve."""
    conversation, form = contact.conversation, world.forms.get(act.form)
    if conversation is None or conversation.status is not Status.ASSIGNED:
        return Decision(contact, (ENDED,))
    if form is None or conversation.version != act.version or conversation.assignee != act.agent:
        return Decision(contact, (STALE,))
    talk = Talk(contact, conversation, form, world, now)
    return talk.first(WriteNote(words("form.note.begun", form=talk.title), act.agent), agent=act.agent)


def offered(decision: Decision, world: World, now: datetime) -> Decision:
    """An answer of the bot in the middle of a form, with the offer to go on."""
    contact, said = decision.contact, decision.effects[-1] if decision.effects else None
    held, (form, _) = contact.conversation, current(contact, world)
    if form is None or held is None or held.status is not Status.BOT or not isinstance(said, Say):
        return decision
    if said.options:
        return Decision(contact, (*decision.effects[:-1], replace(said, options=(*said.options, RESUME))))
    title = Talk(contact, held, form, world, now).title
    return Decision(contact, (*decision.effects, Say(words("form.offer", form=title), (RESUME, CANCEL))))


def checked(contact: Contact, found: binding.Checked, world: World, now: datetime) -> Decision:
    """What a one-time code leads to: the right one answers the step that asked who the customer is."""
    decision = binding.checked(contact, found)
    form, step = current(contact, world)
    if found.proof is None or found.verdict is not binding.Verdict.RIGHT or contact.conversation is None:
        return decision
    if form is None or step is None or step.kind is not StepKind.IDENTITY:
        return decision
    talk = Talk(contact, contact.conversation, form, world, now)
    return talk.answered(step, f"{found.proof.means} {found.proof.shown}", *decision.effects[:1])


def compared(contact: Contact, found: challenge.Compared, world: World, now: datetime) -> Decision:
    """What the answer to a masked challenge leads to."""
    form, step = current(contact, world)
    if form is None or step is None or step.kind is not StepKind.CHALLENGE or contact.conversation is None:
        return Decision(contact)
    return challenge.compared(Talk(contact, contact.conversation, form, world, now), step, found)


def current(contact: Contact, world: World) -> tuple[Form | None, Step | None]:
    """The form under way and the step that waits for an answer."""
    form = world.form_of(contact.form)
    if form is None or contact.form is None or form.version != contact.form.version:
        return None, None
    return form, form.next_step(contact.form)


def discreet(before: Contact, after: Contact, text: str, world: World) -> str:
    """A message as it is stored: the answer to a private step masked, and all long numbers said in its place."""
    _, step = current(before, world)
    if step is not None and step.kind is StepKind.CHALLENGE:
        return challenge.discreet(text)
    if step is None or not step.private or not _listens(before, step):
        return text
    answered = step.kind is StepKind.TEXT and before.form is not after.form
    return veiled(text) if answered else binding.discreet(text)


def _listens(contact: Contact, step: Step | None) -> bool:
    """Whether the customer's next words answer this step; None stands for the summary."""
    proving = step is not None and step.kind is StepKind.IDENTITY
    return contact.last_said in (TALK | PROVING if proving else TALK)


def _wanted(conversation: Conversation, choice: str, text: str, world: World) -> Form | None:
    """The form that somebody asks for, by a choice or a phrase of its own; people are not interrupted by phrases."""
    for prefix in (START, ANEW):
        if choice.startswith(prefix):
            return world.forms.get(choice.removeprefix(prefix))
    name = "" if choice or conversation.with_people else world.form_phrases.get(text, "")
    return world.forms.get(name)


def _wished(talk: Talk, choice: str) -> Decision:
    other, _ = current(talk.contact, talk.world)
    if other is None or choice.startswith(ANEW):
        return talk.first()
    if other.id == talk.form.id:
        return talk.ask()
    language = talk.contact.language
    anew = replace(RESUME, id=f"{ANEW}{talk.form.id}", label=words("form.choice.anew", form=talk.title))
    return talk.say(Say(words("form.already", form=other.title.read(language)), (RESUME, anew)))


def _continued(talk: Talk, event: Said, choice: str, text: str) -> Decision | None:
    """What a choice or a word about the form under way leads to; None where it is about something else."""
    phrases, step = talk.world.phrases, talk.form.next_step(talk.progress)
    listening = _listens(talk.contact, step)
    if choice == CANCEL.id or (listening and (choice == binding.CANCEL.id or text in phrases.cancel)):
        given_up = replace(talk.contact, form=None)
        return holding(given_up, talk.conversation, Say(words("form.cancelled", form=talk.title)))
    resumes = text in phrases.resume and not talk.conversation.with_people
    if choice == RESUME.id or resumes or (listening and choice == binding.START.id):
        return talk.again()
    if choice == BACK.id:
        return talk.back()
    if step is None:
        return _confirmed(talk, choice, text) if listening or choice == DONE.id else None
    if choice in {option.id for option in talk.options(step)}:
        return _picked(talk, step, choice.removeprefix(PICK))
    return _read(talk, step, event, text) if listening else None


def _read(talk: Talk, step: Step, event: Said, text: str) -> Decision | None:
    """Words while a step waits: its answer, a question in between (None), or neither."""
    if step.kind is StepKind.IDENTITY:
        if proof := _proving(talk.contact, event):
            return talk.say(proof)
    elif step.kind is StepKind.CHALLENGE:
        if challenge.TAIL.fullmatch(event.text.strip()):
            return talk.say(CheckTail(event.text.strip()))
    elif event.kind is Kind.TEXT and not _between(talk, event, text):
        value = _meant(step, text, talk.world) or fit(step, event.text, talk.today)
        if value is not None:
            return _picked(talk, step, value)
    if event.found.entries or text in talk.world.phrases.greetings:
        return None
    problem = words(f"{INVALID}.{step.kind.value}", least=step.least, most=step.most)
    return talk.say(Say(problem, talk.options(step), key=INVALID))


def _between(talk: Talk, event: Said, text: str) -> bool:
    """Whether words are about something else, though they could be an answer: the bot is greeted, or asked."""
    return text in talk.world.phrases.greetings or (event.found.direct and asks(event.text))


def _picked(talk: Talk, step: Step, value: str) -> Decision:
    """Keep an answer; of an agreement that is not given, nothing comes."""
    if step.kind is not StepKind.AGREEMENT:
        return talk.answered(step, value)
    if value == "no":
        return talk.say(Say(words("form.declined"), talk.options(step), key=ASK))
    return talk.answered(step, step.edition)


def _proving(contact: Contact, event: Said) -> WantCode | CheckCode | None:
    if phone := binding.phone_in(event.text):
        return WantCode(phone)
    code = binding.LOOSE.sub("", event.text)
    waits = contact.last_said in (binding.CODE, binding.WRONG)
    return CheckCode(code) if waits and binding.CODE_FORM.fullmatch(code) else None


def _meant(step: Step, text: str, world: World) -> str:
    """What a phrase means where a step can be answered by yes or no."""
    if step.kind not in (StepKind.YES_NO, StepKind.AGREEMENT):
        return ""
    return "yes" if text in world.phrases.yes else "no" if text in world.phrases.no else ""


def _confirmed(talk: Talk, choice: str, text: str) -> Decision | None:
    """All is filled in: it is filed where the customer says so."""
    if choice == DONE.id or text in talk.world.phrases.yes:
        filed = FileRequest(talk.progress, talk.title, talk.form.urgent, talk.form.call)
        alert = (Alert(Audience.LEADER, "business"),) if talk.form.urgent else ()
        return holding(replace(talk.contact, form=None), talk.conversation, filed, *alert)
    return talk.say(*talk.sum_up()) if text in talk.world.phrases.no else None
