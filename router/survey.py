"""Asking for a score after the service (clause ``survey.online``), and understanding what comes back."""

import re
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from router.contact import Contact, Survey
from router.decision import Decision
from router.effects import (
    DeferSurvey,
    MarkSurveyAsked,
    Option,
    RecordAnswers,
    RecordComment,
    RecordScore,
    Say,
    words,
)
from router.events import Filled, Said, SurveyDue
from router.questionnaire.questionnaire import STARS, Answers, Questionnaire
from router.world import World

ASK = "survey.ask"
COMMENT = "survey.comment"
SKIP = Option("survey:skip", words("survey.skip"))
THANKS = words("survey.thanks")
ASKED_AT_CLOSE = frozenset({"wechat_kf"})
"""Channels that ask with the words that end a conversation: a day later their platform may take nothing any more."""
CHOICE = re.compile(r"survey:(?P<survey>[0-9]{1,18}):(?P<stars>[1-5])")
"""The id of a star in the menu of a survey."""
REASON = re.compile(r"survey:(?P<survey>[0-9]{1,18}):reason:(?P<reason>[a-z][a-z0-9_]{0,31})")
"""The id of a reason in the menu after a score."""


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


def due(contact: Contact, event: SurveyDue, world: World, now: datetime) -> Decision:
    """Ask now, unless the contact is in a chat: then the survey waits for its end."""
    if contact.conversation is not None:
        return Decision(contact, (DeferSurvey(event.survey_id),))
    return ask(contact, event, world, now)


def ask(contact: Contact, event: SurveyDue, world: World, now: datetime) -> Decision:
    """Ask for the score, by the questionnaire that holds now."""
    version = world.questionnaires.latest.version
    options = tuple(Option(f"survey:{event.survey_id}:{star}", words(f"survey.score.{star}")) for star in STARS)
    asked = replace(contact, survey=Survey(event.survey_id, event.agent, now, None, version))
    question = Say(words(ASK, agent=event.agent), options, survey=True)
    return Decision(asked, (MarkSurveyAsked(event.survey_id, version), question))


def taken(contact: Contact, event: Said, choice: str, text: str, world: World, now: datetime) -> Decision | None:
    """The decision where a customer's words are about a survey, else None.

    A tapped survey choice always means the survey. A bare number has been turned into a choice already, and
    only where the survey was the last thing said.

    Args:
        contact: the contact as it stands.
        event: what was said.
        choice: the id of the choice that was tapped or typed as a number.
        text: the words as phrases are compared.
        world: phrases and manners.
        now: aware UTC.
    """
    if choice == SKIP.id:
        return Decision(contact, (Say(THANKS),))
    if choice.startswith("survey:"):
        return _scored(contact, choice, world, now) or _reasoned(contact, choice)
    if choice or contact.conversation is not None:
        return None
    if text in world.phrases.thanks and contact.last_said.startswith("survey."):
        return _thanked(contact)
    if _is_comment(contact, event, text, world, now):
        assert contact.survey is not None
        record = RecordComment(contact.survey.id, event.text)
        return Decision(contact, (record, Say(words("survey.comment.thanks"))))
    return None


def filled(contact: Contact, event: Filled, now: datetime) -> Decision:
    """The page of a survey was sent in."""
    more = (RecordAnswers(event.survey_id, event.answers),) if event.answers else ()
    comment = (RecordComment(event.survey_id, event.comment),) if event.comment.strip() else ()
    if event.stars is None:
        return Decision(contact, (*more, *comment))
    pending = contact.survey
    if pending is not None and pending.id == event.survey_id:
        contact = replace(contact, survey=replace(pending, scored=pending.scored or now))
    return Decision(contact, (RecordScore(event.survey_id, event.stars), *more, *comment))


def normalised(stars: int) -> int:
    """A score of 1-5 stars on the standard's scale of 0-100 (STANDARD, reading rules).

    Raises:
        ValueError: not one of the five.
    """
    if stars not in STARS:
        raise ValueError(f"{stars} stars")
    return (stars - 1) * 25


def _scored(contact: Contact, choice: str, world: World, now: datetime) -> Decision | None:
    """One score of one survey; whether it is the first is found when it is saved."""
    found = CHOICE.fullmatch(choice)
    if found is None:
        return None
    number, stars = int(found["survey"]), int(found["stars"])
    pending = contact.survey
    if pending is None or pending.id != number:
        contact = replace(contact, survey=(pending := Survey(number, "", scored=now)))
    elif pending.scored is None:
        contact = replace(contact, survey=replace(pending, scored=now))
    asked = world.questionnaires.of(pending.questionnaire)
    again = Say(words("survey.already"))
    first = _more(asked, number, stars, contact.language) if contact.conversation is None else Say(THANKS)
    return Decision(contact, (RecordScore(number, stars, first, again),))


def _more(asked: Questionnaire, number: int, stars: int, language: str) -> Say:
    """Thanks for a score, with what a chat asks after it: reasons to tap, and a comment in the customer's own words."""
    reasons = tuple(
        Option(f"survey:{number}:reason:{reason.id}", reason.label.read(language)) for reason in asked.offered(stars)
    )
    if asked.comment is None:
        return Say(THANKS)
    if asked.why is None or not reasons:
        return Say(words(COMMENT), (SKIP,))
    return Say(words("survey.reason", why=asked.why.read(language)), (*reasons, SKIP), key=COMMENT)


def _reasoned(contact: Contact, choice: str) -> Decision | None:
    """A reason was tapped; a comment may still follow."""
    found = REASON.fullmatch(choice)
    if found is None:
        return None
    number, pending = int(found["survey"]), contact.survey
    more = contact.conversation is None and pending is not None and pending.id == number
    said = Say(words("survey.reason.thanks"), (SKIP,), key=COMMENT) if more else Say(THANKS)
    return Decision(contact, (RecordAnswers(number, Answers(reasons=(found["reason"],))), said))


def _thanked(contact: Contact) -> Decision:
    """Thanks for a survey open nothing; while the score is still to come, the question stays the last thing said."""
    return Decision(contact) if contact.last_said == ASK else Decision(contact, (Say(words("thanks")),))


def _is_comment(contact: Contact, event: Said, text: str, world: World, now: datetime) -> bool:
    """A text right after the score is its comment, unless it clearly asks for something."""
    survey = contact.survey
    if survey is None or survey.scored is None or contact.last_said != COMMENT:
        return False
    if event.found.direct or text in world.phrases.human or text in world.phrases.greetings:
        return False
    return bool(event.text.strip()) and now - survey.scored <= world.manners.comment_window
