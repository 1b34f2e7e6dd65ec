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
        "lower": metrics_to_json(result.lower),
        "upper": metrics_to_json(result.upper),
        "versions": dict(result.versions),
        "seed": result.seed,
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
        metrics=_metrics(content["metrics"]),
        code_hash=content["code_hash"],
        data_fingerprint=content["data_fingerprint"],
        seconds=content["seconds"],
        symbols=tuple(content["symbols"]),
        notes=tuple(content["notes"]),
        lower=_metrics(content.get("lower", {})),  # kept since results have intervals and say what made them
        upper=_metrics(content.get("upper", {})),
        versions=dict(content.get("versions", {})),
        seed=content.get("seed", 0),
    )


def _metrics(content: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else value for name, value in content.items()}


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _array(values: list[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
