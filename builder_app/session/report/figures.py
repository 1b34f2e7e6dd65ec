"""Figures as text: percent to two places, money to the cent, thousands separated, a real minus, “–” for no value."""

import math
from collections.abc import Mapping
from typing import Final, Protocol

MINUS: Final = "−"
NO_VALUE: Final = "–"
_SPACE: Final = "\N{NO-BREAK SPACE}"
_CHANGES: Final = (
    "return",
    "cagr",
    "alpha",
    "drawdown",
    "expectancy",
    "pnl",
    "profit",
    "best",
    "worst",
    "average_win",
    "average_loss",
)
"""Words in a metric's name that say its value is a change, so that its sign is always shown."""


class MetricDefinition(Protocol):
    """A metric's written definition: what it is called, in which unit it is, what it means, how it is computed."""

    @property
    def name(self) -> str:
        """The key in `RunResult.metrics`."""

    @property
    def title(self) -> str:
        """Its name in words."""

    @property
    def unit(self) -> str:
        """One of fraction, ratio, money, bars, count."""

    @property
    def definition(self) -> str:
        """What it means, in a sentence."""

    @property
    def formula(self) -> str:
        """How it is computed."""

    @property
    def edge_cases(self) -> str:
        """When it has no value (NaN), and why."""


def number(value: float, places: int = 2, *, signed: bool = False) -> str:
    """`1,234.56`, `−0.50`, with `signed` also `+0.50`; `–` for NaN and `∞` for infinity. Zero has no sign."""
    if math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{abs(value):,.{places}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def percent(fraction: float, *, signed: bool = False) -> str:
    """A fraction as percent to two places: 0.124 is `12.40 %`."""
    text = number(fraction * 100.0, signed=signed)
    return text if text == NO_VALUE else f"{text}{_SPACE}%"


def money(amount: float, *, signed: bool = False) -> str:
    """An amount to the cent, thousands separated."""
    return number(amount, 2, signed=signed)


def is_change(name: str, unit: str) -> bool:
    """Whether the metric is a gain or a loss, so that its sign is shown: a return is one, a win rate is not."""
    return unit in {"fraction", "money"} and any(word in name for word in _CHANGES)


def metric_text(definition: MetricDefinition, value: float) -> str:
    """The metric's value in its unit."""
    signed = is_change(definition.name, definition.unit)
    match str(definition.unit):
        case "fraction":
            return percent(value, signed=signed)
        case "money":
            return money(value, signed=signed)
        case "bars" | "count":
            return number(value, 0 if math.isnan(value) or value == round(value) else 1)
        case _:
            return number(value)


def benchmark_value(name: str, metrics: Mapping[str, float]) -> float | None:
    """The benchmark's value of the metric `name` where the engine gives one: `benchmark_<name>`; else None."""
    for key in (f"benchmark_{name}", f"benchmark_{name.removeprefix('total_')}"):
        if key in metrics:
            return metrics[key]
    return None


def is_benchmark(name: str, metrics: Mapping[str, float]) -> bool:
    """Whether the metric is shown beside another one, so that it needs no row of its own."""
    stem = name.removeprefix("benchmark_")
    return name.startswith("benchmark_") and (stem in metrics or f"total_{stem}" in metrics)
