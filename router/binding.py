"""Binding a telephone number: the customer names it, gets a one-time code, and sends the code back.

    "绑定手机号" ──→ phone.ask ── number ──→ phone.code ── right code ──→ phone.bound
                        ↑                     │   └── wrong code ──→ phone.wrong ──→ …
                        └──── start again ────┘

Where the customer stands in it is what was said last (``Contact.last_said``), so any other message just ends it.
"""

import re
from enum import StrEnum

from msgspec import Struct

from router.contact import Contact
from router.customers import Proof
from router.decision import Decision
from router.effects import CheckCode, Join, Option, Refuse, Say, Unjoin, WantCode, WriteNote, words
from router.events import Kind, Said, Unjoined
from router.world import Binding, World

TALK = "phone."
"""How the keys of the dialogue about telephone numbers begin."""
ASK, AGAIN, CODE, WRONG = "phone.ask", "phone.invalid", "phone.code", "phone.wrong"
START = Option("phone:start", words("phone.choice.start"))
RESTART = Option("phone:start", words("phone.choice.again"))
CANCEL = Option("phone:cancel", words("phone.choice.cancel"))
UNBIND = Option("phone:unbind", words("phone.choice.unbind"))
KEEP = Option("phone:cancel", words("phone.choice.keep"))
HUMAN = Option("human", words("choice.human"))

MINUTES = 5
"""How long a code is good."""
TRIES = 5
"""How often it may be tried."""
PHONE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
"""A Chinese mobile number (numbering plan of the ministry: 11 digits from 13 to 19)."""
LOOSE = re.compile(r"[\s\-()（）]")
CODE_FORM = re.compile(r"[0-9]{6}")
LONG = re.compile(r"[0-9]{4,}")
DIGITS = re.compile(r"[0-9]")


class CodeState(StrEnum):
    """What became of the wish for a code."""

    SENT = "sent"
    LIMITED = "limited"
    """Too many codes for this number or this contact."""
    OFF = "off"
    """Nothing can be sent here."""


class Verdict(StrEnum):
    """What a code was found to be."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"
    """Its time or its tries have run out, or none was sent."""
    TAKEN = "taken"
    """It is right, but the number belongs to another of the operator's customers."""


class Checked(Struct, frozen=True):
    """A code as it was found."""

    verdict: Verdict
    left: int = 0
    """Tries that are left after a wrong one."""
    proof: Proof | None = None
    """What a right one proves."""


def taken(contact: Contact, event: Said, choice: str, text: str, world: World) -> Decision | None:
    """The decision where a customer's words are about a telephone number, else None."""
    if choice.startswith("phone:"):
        return _chosen(contact, choice, world)
    if text in world.phrases.bind:
        return _asked(contact, world)
    if text in world.phrases.unbind:
        return _asked_back(contact)
    if contact.last_said in (ASK, AGAIN):
        return _numbered(contact, event, text, world)
    if contact.last_said in (CODE, WRONG):
        return _coded(contact, event, text, world)
    return None


def sent(contact: Contact, state: CodeState, shown: str, world: World) -> Decision:
    """What the customer is told once a code is on its way, or is not."""
    match state:
        case CodeState.SENT if world.manners.binding is Binding.DEMO:
            said = words("phone.demo", phone=shown, minutes=MINUTES, code=world.manners.demo_code)
            return Decision(contact, (Say(said, (RESTART, CANCEL), key=CODE),))
        case CodeState.SENT:
            return Decision(contact, (Say(words(CODE, phone=shown, minutes=MINUTES), (RESTART, CANCEL)),))
        case CodeState.LIMITED:
            return Decision(contact, (Say(words("phone.limited")),))
        case CodeState.OFF:
            return Decision(contact, (Say(words("phone.off"), (HUMAN,)),))


def checked(contact: Contact, found: Checked) -> Decision:
    """What a code leads to."""
    match found.verdict:
        case Verdict.RIGHT:
            assert found.proof is not None
            return Decision(contact, (Join(found.proof), Say(words("phone.bound", phone=found.proof.shown))))
        case Verdict.WRONG:
            return Decision(contact, (Say(words(WRONG, left=found.left), (RESTART, CANCEL)),))
        case Verdict.OVER:
            return Decision(contact, (Say(words("phone.over"), (RESTART, CANCEL)),))
        case Verdict.TAKEN:
            return Decision(contact, (Say(words("phone.taken"), (HUMAN,)),))


def unjoined(contact: Contact, act: Unjoined) -> Decision:
    """A leader takes a contact away from its customer; the thread keeps who and why, the customer hears nothing."""
    if contact.customer is None:
        return Decision(contact, (Refuse("stale"),))
    note = WriteNote(words("customer.unjoined", reason=act.reason), act.agent)
    return Decision(contact, (Unjoin(act.reason, act.agent), note))


def phone_in(text: str) -> str:
    """The mobile number that a text is; empty where it is none."""
    found = PHONE.fullmatch(LOOSE.sub("", text))
    return found[1] if found else ""


def discreet(text: str) -> str:
    """A message of this dialogue as it is stored: numbers and codes masked."""
    return LONG.sub(lambda found: masked(found[0]) if len(found[0]) > 7 else "*" * len(found[0]), LOOSE.sub("", text))


def masked(phone: str) -> str:
    """A number as people may see it: 138****1234."""
    return f"{phone[:3]}****{phone[-4:]}"


def _chosen(contact: Contact, choice: str, world: World) -> Decision:
    if choice == START.id:
        return _asked(contact, world)
    if choice == UNBIND.id and contact.customer is not None:
        return Decision(contact, (Unjoin("customer"), Say(words("phone.unbound"))))
    return _cancelled(contact)


def _asked(contact: Contact, world: World) -> Decision:
    if world.manners.binding is Binding.OFF:
        return Decision(contact, (Say(words("phone.off"), (HUMAN,)),))
    return Decision(contact, (Say(words(ASK), (CANCEL,)),))


def _asked_back(contact: Contact) -> Decision:
    if contact.customer is None:
        return Decision(contact, (Say(words("phone.none"), (START,)),))
    return Decision(contact, (Say(words("phone.unbind"), (UNBIND, KEEP)),))


def _numbered(contact: Contact, event: Said, text: str, world: World) -> Decision | None:
    if text in world.phrases.cancel:
        return _cancelled(contact)
    if phone := phone_in(event.text):
        return Decision(contact, (WantCode(phone),))
    if event.kind is Kind.TEXT and len(DIGITS.findall(text)) * 2 > len(text):
        return Decision(contact, (Say(words(AGAIN), (CANCEL,)),))
    return None


def _coded(contact: Contact, event: Said, text: str, world: World) -> Decision | None:
    if text in world.phrases.cancel:
        return _cancelled(contact)
    code = LOOSE.sub("", event.text)
    if CODE_FORM.fullmatch(code):
        return Decision(contact, (CheckCode(code),))
    return None


def _cancelled(contact: Contact) -> Decision:
    return Decision(contact, (Say(words("phone.cancelled")),))
