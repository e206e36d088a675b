"""The small calibrated model: from signals to the chance that an entry is the right answer."""

import numpy as np
from numpy.typing import NDArray

from router.faq.match import Thresholds

SHIPPED = Thresholds(answer=0.9, suggest=0.25)
"""Answer where nine of ten answers are right even at the border, so that well over 93 % of all are; suggest where a
suggestion still helps more often than every fourth time."""

WEIGHTS = np.array(
    [
        -13.265,  # one
        -0.762,  # best
        1.881,  # second
        -0.655,  # mean
        1.072,  # logit
        0.464,  # chance
        -0.120,  # lead
        -0.011,  # ahead
        -1.730,  # units
        -1.449,  # runs
        -1.333,  # notions
        9.482,  # pairs
        2.532,  # covered_units
        0.196,  # covered_runs
        1.490,  # met_units
        0.052,  # met_runs
        0.829,  # odd
        0.457,  # amiss
        1.902,  # known_units
        0.875,  # known_runs
        3.197,  # length
        1.172,  # phrasings
    ]
)


def chances(signals: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of each candidate; what is missing to 1 is the chance that none of them is meant.

    Args:
        signals: Questions by candidates by signals.

    Returns:
        Questions by candidates.
    """
    raw = np.exp(np.clip(signals @ WEIGHTS, -30, 30))
    result: NDArray[np.float64] = raw / (1.0 + raw.sum(axis=1, keepdims=True))
    return result
