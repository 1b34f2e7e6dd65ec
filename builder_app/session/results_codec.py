"""A test's result as JSON for `quick_tests.test_result`, and back: NaN becomes null, arrays become lists."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from builder_app.quicktest.request import Rejection, RunResult, Trade


def metrics_to_json(metrics: Mapping[str, float]) -> dict[str, float | None]:
    """Metrics by name; one without a value is null."""
    return {name: None if not math.isfinite(value) else float(value) for name, value in metrics.items()}


def result_to_json(result: RunResult) -> dict[str, Any]:
    """Everything that the results panel shows. Times are ISO text; traces are not kept."""
    return {
        "times": np.datetime_as_string(result.times, unit="s").tolist(),
        "equity": _numbers(result.equity),
        "benchmark": _numbers(result.benchmark),
        "drawdown": _numbers(result.drawdown),
        "trades": [dataclasses.asdict(trade) for trade in result.trades],
        "rejections": [dataclasses.asdict(rejection) for rejection in result.rejections],
        "metrics": metrics_to_json(result.metrics),
        "code_hash": result.code_hash,
        "data_fingerprint": result.data_fingerprint,
        "seconds": result.seconds,
        "symbols": list(result.symbols),
        "notes": list(result.notes),
    }


def result_from_json(content: Mapping[str, Any]) -> RunResult:
    """The result; raises ValueError, KeyError or TypeError where the content is not one."""
    return RunResult(
        times=np.array(content["times"], dtype="datetime64[ns]"),
        equity=_array(content["equity"]),
        benchmark=_array(content["benchmark"]),
        drawdown=_array(content["drawdown"]),
        trades=tuple(Trade(**trade) for trade in content["trades"]),
        rejections=tuple(Rejection(**rejection) for rejection in content["rejections"]),
        metrics={name: math.nan if value is None else value for name, value in content["metrics"].items()},
        code_hash=content["code_hash"],
        data_fingerprint=content["data_fingerprint"],
        seconds=content["seconds"],
        symbols=tuple(content["symbols"]),
        notes=tuple(content["notes"]),
    )


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _array(values: list[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
