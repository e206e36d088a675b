"""Asking for a score after the service (clause ``survey.online``), and understanding what comes back."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from router.contact import Contact, Survey
from router.decision import Decision
from router.effects import (
    DeferSurvey,
    MarkSurveyAsked,
    Option,
    RecordComment,
    RecordScore,
    Say,
    words,
)
from router.events import Filled, Said, SurveyDue
from router.world import World

ASK = "survey.ask"
COMMENT = "survey.comment"
SKIP = Option("survey:skip", words("survey.skip"))
STARS = range(1, 6)


class Asking(Struct, frozen=True):
    """A survey as a subject of the standard; ``ended`` and ``asked`` are aware UTC marks."""

    id: int
    ended: datetime
    asked: datetime | None = None

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return "survey"

    def fact(self, name: str) -> str | None:
        """A survey has no facts that clauses ask for."""
        return None

    def mark(self, name: str) -> datetime | None:
        """The mark of that name."""
        return {"ended": self.ended, "asked": self.asked}.get(name)

    def extended(self, clause_id: str) -> datetime | None:
        """No clause of a survey can be extended."""
        return None


def due(contact: Contact, event: SurveyDue, now: datetime) -> Decision:
    """Ask now, unless the contact is in a chat: then the survey waits for its end."""
    if contact.conversation is not None:
        return Decision(contact, (DeferSurvey(event.survey_id),))
    options = tuple(Option(f"survey:{event.survey_id}:{star}", words(f"survey.score.{star}")) for star in STARS)
    asked = replace(contact, survey=Survey(event.survey_id, event.agent, asked=now))
    question = Say(words(ASK, agent=event.agent), options, survey=True)
    return Decision(asked, (MarkSurveyAsked(event.survey_id), question))


def taken(contact: Contact, event: Said, choice: str, world: World, now: datetime) -> Decision | None:
    """The decision where a customer's words are about a survey, else None.

    A tapped survey choice always means the survey. A bare number has been turned into a choice already, and
    only where the survey was the last thing said.
    """
    if choice == SKIP.id:
        return Decision(replace(contact, survey=None), (Say(words("survey.comment.thanks")),))
    if choice.startswith("survey:"):
        return _scored(contact, choice, now)
    if _is_comment(contact, event, choice, world, now):
        assert contact.survey is not None
        record = RecordComment(contact.survey.id, event.text)
        return Decision(replace(contact, survey=None), (record, Say(words("survey.comment.thanks"))))
    return None


def filled(contact: Contact, event: Filled) -> Decision:
    """The page of a survey was sent in."""
    comment = (RecordComment(event.survey_id, event.comment),) if event.comment.strip() else ()
    return Decision(replace(contact, survey=None), (RecordScore(event.survey_id, event.stars), *comment))


def normalised(stars: int) -> int:
    """A score of 1-5 stars on the standard's scale of 0-100 (STANDARD, reading rules).

    Raises:
        ValueError: not one of the five.
    """
    if stars not in STARS:
        raise ValueError(f"{stars} stars")
    return (stars - 1) * 25


def _scored(contact: Contact, choice: str, now: datetime) -> Decision | None:
    """One score of one survey; a second tap changes nothing."""
    _, number, stars = (*choice.split(":"), "", "")[:3]
    if not (number.isdecimal() and stars.isdecimal() and int(stars) in STARS):
        return None
    pending = contact.survey
    if pending is not None and pending.id == int(number) and pending.scored is not None:
        return Decision(contact, (Say(words("survey.already")),))
    scored = Survey(int(number), pending.agent if pending else "", pending.asked if pending else now, now)
    record = RecordScore(int(number), int(stars))
    return Decision(replace(contact, survey=scored), (record, Say(words(COMMENT), (SKIP,))))


def _is_comment(contact: Contact, event: Said, choice: str, world: World, now: datetime) -> bool:
    """A text right after the score is its comment, unless it clearly asks for something."""
    survey = contact.survey
    if survey is None or survey.scored is None or contact.last_said != COMMENT or contact.conversation is not None:
        return False
    if choice or event.found.direct or event.text.strip().lower() in world.phrases.human:
        return False
    return bool(event.text.strip()) and now - survey.scored <= world.manners.comment_window
