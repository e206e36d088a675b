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
    "one": -6.967,
    "mean": -3.829,
    "logit": 1.294,
    "chance": 0.158,
    "words": -16.089,
    "notions": -7.309,
    "bonds": -5.222,
    "kin": 0.230,
    "kin_mean": 0.363,
    "kin_lead": -0.016,
    "covered": 2.858,
    "met": 1.695,
    "odd": -0.804,
    "amiss": -0.131,
    "mutual": 2.816,
    "told": 7.923,
    "known": 0.758,
    "length": 1.197,
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
