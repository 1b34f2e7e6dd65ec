"""What only the conventions share; returns, falls and the last bars of days are those of the engine's metrics."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def divided(above: float, below: float) -> float:
    """The quotient; NaN where there is nothing to divide by."""
    return float(above) / float(below) if below != 0.0 else float("nan")


def mean_of(values: FloatArray) -> float:
    """The mean; NaN of nothing."""
    return float(values.mean()) if values.size else float("nan")
