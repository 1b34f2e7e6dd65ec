"""The two numbers that stand for many."""

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def high(values: Sequence[float]) -> float:
    """The 95th percentile; of a few values the largest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
