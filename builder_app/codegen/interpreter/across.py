"""What the words that look across symbols mean, bar by bar, from their definitions; independent of the prelude."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.calendar import moments, period_of
from builder_app.codegen.interpreter.statistics import total

Table = NDArray[Any]


def _by_bar(work: Callable[[list[float]], list[float]]) -> Callable[[Table], Table]:
    """The work done on the known values of each bar; what is unknown stays so."""

    def worked(values: Table) -> Table:
        answers = np.full(values.shape, math.nan)
        for bar in range(values.shape[0]):
            known = [column for column in range(values.shape[1]) if not math.isnan(values[bar, column])]
            done = work([float(values[bar, column]) for column in known])
            for column, answer in zip(known, done, strict=True):
                answers[bar, column] = answer
        return answers

    return worked


def _ranks(row: list[float]) -> list[float]:
    return [sum(other > own for other in row) + (row.count(own) + 1) / 2 for own in row]


def _orders(row: list[float]) -> list[float]:
    places = sorted(range(len(row)), key=lambda place: (-row[place], place))
    return [float(places.index(place) + 1) for place in range(len(row))]


def _percentiles(row: list[float]) -> list[float]:
    if len(row) == 1:
        return [50.0]
    return [100 * (sum(other < own for other in row) + (row.count(own) - 1) / 2) / (len(row) - 1) for own in row]


def _z_scores(row: list[float]) -> list[float]:
    if not row or max(row) == min(row):
        return [math.nan] * len(row)
    mean = total(row) / len(row)
    spread = math.sqrt(total([(value - mean) * (value - mean) for value in row]) / len(row))
    return [(value - mean) / spread if spread else math.nan for value in row]


def _top(values: Table, count: float, begins: list[int]) -> Table:
    """At each bar the choice that was made where its period began."""
    orders = _by_bar(_orders)(values)
    rows = [[bool(order <= count) for order in orders[begin]] for begin in begins]
    return np.array(rows, dtype=bool).reshape(values.shape)


def periods_begin(times: NDArray[Any], timeframe: str) -> list[int]:
    """For each bar the bar at which its period began; itself for the period "bar"."""
    begins: list[int] = []
    periods = [(bar,) if timeframe == "bar" else period_of(each, timeframe) for bar, each in enumerate(moments(times))]
    for bar, period in enumerate(periods):
        begins.append(begins[-1] if bar and periods[bar - 1] == period else bar)
    return begins


def last_known(values: Table) -> list[float]:
    """The last value that is known at each bar."""
    known, answers = math.nan, []
    for value in values.tolist():
        known = known if math.isnan(value) else value
        answers.append(known)
    return answers


def _elsewhere(*_: object) -> Table:
    raise AssertionError("The interpreter looks these up itself.")


COMPARED: dict[str, Callable[..., Table]] = {
    "rank_across": _by_bar(_ranks),
    "order_across": _by_bar(_orders),
    "percentile_across": _by_bar(_percentiles),
    "z_score_across": _by_bar(_z_scores),
    "top_across": _top,
    "of_symbol": _elsewhere,
    "of_benchmark": _elsewhere,
}
