"""What a result's charts and tables show beside its own arrays, for views: series, contributions, other conventions.

Pure functions of the quick test's room, named here so that views need not look past the session.
"""

from builder_app.quicktest.chart_series import (
    Contribution,
    Exposure,
    Fall,
    Months,
    contributions,
    deepest_falls,
    exposure,
    histogram,
    monthly_returns,
    rolling_sharpe,
    rolling_window,
    yearly_returns,
)
from builder_app.quicktest.conventions.measuring import TITLES as CONVENTION_TITLES
from builder_app.quicktest.conventions.measuring import Convention, Measures, definitions_of, measure_as
from builder_app.quicktest.engine.replay import Levels, Replay
from builder_app.quicktest.engine.returns import daily_returns, last_bars

__all__ = [
    "CONVENTION_TITLES",
    "Contribution",
    "Convention",
    "Exposure",
    "Fall",
    "Levels",
    "Measures",
    "Months",
    "Replay",
    "contributions",
    "daily_returns",
    "deepest_falls",
    "definitions_of",
    "exposure",
    "histogram",
    "last_bars",
    "measure_as",
    "monthly_returns",
    "rolling_sharpe",
    "rolling_window",
    "yearly_returns",
]
