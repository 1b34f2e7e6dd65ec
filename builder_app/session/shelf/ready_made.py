"""The ready-made strategies that ship with the program: what each is, and what it did on the sample prices."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from builder_app.flow.codec import loads
from builder_app.flow.values import LogicFlow
from builder_app.quicktest.request import RunResult

EXAMPLE_SUFFIX: Final = ".flow.json"
CATEGORIES: Final = "categories.json"
"""The file beside the examples that says which kind of strategy each is, by its file's name."""
RESULTS: Final = "results.json"
"""The file beside the examples with what each did on the sample prices, worked out by this program."""
CURVE_POINTS: Final = 80
FIGURES: Final = ("total_return", "cagr", "sharpe_ratio", "max_drawdown", "win_rate", "benchmark_return")


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """A test on the default set-up: figures by metric, dates, and curves of the strategy and the benchmark.

    Curves have CURVE_POINTS values, the first one 1. `trades` counts round trips.
    """

    figures: Mapping[str, float]
    trades: int
    first_day: str
    last_day: str
    symbols: tuple[str, ...]
    curve: tuple[float, ...]
    benchmark: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ReadyMade:
    """One ready-made strategy. `category` is one of the store's StrategyCategory."""

    id: str
    name: str
    description: str
    category: str
    flow: LogicFlow
    result: ExampleResult | None = None


def ready_made(folder: Path) -> tuple[ReadyMade, ...]:
    """Every ready-made strategy, by its file's name."""
    categories, results = _read(folder / CATEGORIES), _read(folder / RESULTS)
    found = []
    for path in sorted(folder.glob(f"*{EXAMPLE_SUFFIX}")):
        id = path.name.removesuffix(EXAMPLE_SUFFIX)
        flow = loads(path.read_bytes())
        description = next((note.text for note in flow.notes.values()), "")
        result = result_from(results[id]) if id in results else None
        found.append(ReadyMade(id, flow.name, description, str(categories.get(id, "")), flow, result))
    return tuple(found)


def ready_made_names(folder: Path) -> tuple[str, ...]:
    """The ids of all of them."""
    return tuple(sorted(path.name.removesuffix(EXAMPLE_SUFFIX) for path in folder.glob(f"*{EXAMPLE_SUFFIX}")))


def result_of(result: RunResult) -> ExampleResult:
    """What is kept of a test, rounded so that it reads well in a file."""
    metrics = {name: result.metrics[name] for name in FIGURES if name in result.metrics}
    return ExampleResult(
        {name: float(f"{value:.6g}") for name, value in metrics.items() if np.isfinite(value)},
        len(result.trades),
        str(result.times[0].astype("datetime64[D]")),
        str(result.times[-1].astype("datetime64[D]")),
        result.symbols,
        _curve(result.equity),
        _curve(result.benchmark),
    )


def result_from(written: Mapping[str, Any]) -> ExampleResult:
    """A result out of JSON; raises KeyError or TypeError where it is none."""
    return ExampleResult(
        dict(written["figures"]),
        int(written["trades"]),
        str(written["first_day"]),
        str(written["last_day"]),
        tuple(written["symbols"]),
        tuple(written["curve"]),
        tuple(written["benchmark"]),
    )


def result_to_json(result: ExampleResult) -> dict[str, Any]:
    """A result as JSON."""
    return {
        **asdict(result),
        "symbols": list(result.symbols),
        "curve": list(result.curve),
        "benchmark": list(result.benchmark),
    }


def _curve(values: Any) -> tuple[float, ...]:
    places = np.linspace(0, len(values) - 1, CURVE_POINTS).round().astype(int)
    return tuple(float(f"{value / values[0]:.5g}") for value in values[places])


def _read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found
