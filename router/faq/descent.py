"""Finds the least value of a smooth function."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float64]
_REMEMBERED = 8
_SLOPE = 1e-4
_HALVINGS = 20


def least(function: Callable[[Point], tuple[float, Point]], start: Point, *, steps: int) -> Point:
    """Where a function is least, by limited-memory BFGS with backtracking.

    Args:
        function: Gives value and gradient at a point.
        start: Where to begin.
        steps: Steps at most; fewer where the function no longer falls.
    """
    point = start
    value, slope = function(point)
    moves: list[tuple[Point, Point]] = []
    for _ in range(steps):
        way = -_scaled(slope, moves)
        fall = _dot(way, slope)
        stride = 1.0 if moves else 1.0 / max(float(np.abs(slope).sum()), 1.0)
        for _ in range(_HALVINGS):
            there = point + stride * way
            value_there, slope_there = function(there)
            if value_there <= value + _SLOPE * stride * fall:
                break
            stride /= 2
        else:
            return point
        if value - value_there <= 1e-7 * abs(value):
            return there
        step, turn = there - point, slope_there - slope
        if _dot(step, turn) > 0:
            moves = [*moves[-_REMEMBERED + 1 :], (step, turn)]
        point, value, slope = there, value_there, slope_there
    return point


def _scaled(slope: Point, moves: list[tuple[Point, Point]]) -> Point:
    """The slope times the inverse curvature that the last moves tell (two-loop recursion)."""
    way = slope.copy()
    parts = []
    for step, turn in reversed(moves):
        part = _dot(step, way) / _dot(step, turn)
        way -= part * turn
        parts.append(part)
    if moves:
        step, turn = moves[-1]
        way *= _dot(step, turn) / _dot(turn, turn)
    for (step, turn), part in zip(moves, reversed(parts), strict=True):
        way += (part - _dot(turn, way) / _dot(step, turn)) * step
    return way


def _dot(one: Point, other: Point) -> float:
    """The inner product, in this thread: a linear algebra library would wake others and let them spin."""
    return float(np.einsum("i,i->", one, other))
