"""The questionnaire of a survey as data: what is asked beside the stars, and which reasons are offered by score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from msgspec import Struct

from router.forms.form import Wording

STARS = range(1, 6)
NPS = range(11)
"""How likely a customer is to recommend the operator; 9 and 10 are promoters, up to 6 detractors."""


class Answers(Struct, frozen=True):
    """What a customer answers beside the stars and the comment; what is not answered is empty."""

    solved: bool | None = None
    reasons: tuple[str, ...] = ()
    """Ids of the reasons that were chosen."""
    nps: int | None = None
    """0 to 10."""

    def __bool__(self) -> bool:
        """Whether anything is answered."""
        return self != Answers()


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that a customer can choose for a score."""

    id: str
    label: Wording
    stars: frozenset[int]
    """The scores for which it is offered, each of 1 to 5."""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a survey asks, in one version. A question without wording is not asked."""

    version: int = 0
    stars: Wording | None = None
    """The question that the stars answer; ``{agent}`` stands for whoever served."""
    solved: Wording | None = None
    why: Wording | None = None
    """The question that the reasons answer."""
    reasons: tuple[Reason, ...] = ()
    nps: Wording | None = None
    comment: Wording | None = None

    def offered(self, stars: int) -> tuple[Reason, ...]:
        """The reasons that are offered for a score, in the order of the questionnaire."""
        return tuple(reason for reason in self.reasons if stars in reason.stars)

    def asks_more(self, stars: int) -> bool:
        """Whether anything is asked after a score."""
        return bool(self.solved or self.nps or self.comment or self.offered(stars))

    def fitting(self, stars: int, answers: Answers) -> Answers:
        """What of some answers this questionnaire asks for after a score; the rest was not asked."""
        given = frozenset(answers.reasons)
        return Answers(
            answers.solved if self.solved else None,
            tuple(reason.id for reason in self.offered(stars) if reason.id in given),
            answers.nps if self.nps and answers.nps in NPS else None,
        )


UNWRITTEN = Questionnaire()
"""Asks for stars alone."""


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """All versions of the questionnaire: a survey is answered in the one in which it was asked."""

    all: Mapping[int, Questionnaire] = field(default_factory=lambda: MappingProxyType({}))
    """By version."""
    current: int = 0
    """The version in which surveys are asked now."""

    @property
    def latest(self) -> Questionnaire:
        """What is asked now."""
        return self.all.get(self.current, UNWRITTEN)

    def of(self, version: int | None) -> Questionnaire:
        """The questionnaire of a survey; the latest where its version is not known."""
        return self.all.get(version or 0, self.latest)

    def labels(self, language: str) -> Mapping[str, str]:
        """The reasons by id, as the latest version that knows them calls them."""
        return {
            reason.id: reason.label.read(language)
            for version in sorted(self.all)
            for reason in self.all[version].reasons
        }
