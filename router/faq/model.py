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
    "one": -6.368,
    "mean": -3.849,
    "logit": 1.306,
    "chance": 0.160,
    "words": -16.183,
    "notions": -7.263,
    "bonds": -5.557,
    "kin": 0.228,
    "kin_mean": 0.392,
    "kin_lead": -0.027,
    "covered": 2.864,
    "met": 1.642,
    "odd": -0.776,
    "amiss": -0.186,
    "mutual": 2.715,
    "told": 5.560,
    "known": 0.568,
    "length": 1.099,
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
