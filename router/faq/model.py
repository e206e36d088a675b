"""The small calibrated model: from signals to the chance that an entry is the right answer."""

import numpy as np
from numpy.typing import NDArray

from router.faq.match import Thresholds
from router.faq.signals import NAMES

SHIPPED = Thresholds(answer=0.88, suggest=0.2)
"""Answer where even at the border nearly nine of ten answers are right: of all direct answers then 95 % and more are,
on sets that the weights were not trained on too. Suggest where the first is meant one time in five: about four of five
questions that have an entry and no answer are then helped, and four of five without an entry draw nothing."""

_WEIGHTS = {
    "one": -6.916,
    "mean": -3.298,
    "logit": 1.284,
    "chance": 0.130,
    "words": -16.069,
    "notions": -6.752,
    "bonds": -5.186,
    "kin": 0.221,
    "kin_mean": 0.349,
    "kin_lead": -0.006,
    "covered": 2.800,
    "met": 1.535,
    "odd": -0.781,
    "amiss": -0.186,
    "mutual": 3.056,
    "known": 0.884,
    "length": 1.202,
}
"""As ``bot.knowledge.train`` found them."""

WEIGHTS = np.array([_WEIGHTS[name] for name in NAMES])


def chances(signals: NDArray[np.float64], weights: NDArray[np.float64] = WEIGHTS) -> NDArray[np.float64]:
    """The chance of each candidate; what is missing to 1 is the chance that none of them is meant.

    Args:
        signals: Questions by candidates by ``NAMES``; all zero where there is no candidate.
        weights: One a signal.

    Returns:
        Questions by candidates; 0 where there is no candidate.
    """
    score = np.where(signals[..., 0] == 0.0, -np.inf, signals @ weights)
    top = np.maximum(score.max(axis=-1, keepdims=True), 0.0)
    parts = np.exp(score - top)
    return np.asarray(parts / (parts.sum(axis=-1, keepdims=True) + np.exp(-top)))
