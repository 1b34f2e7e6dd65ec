"""A test's result as JSON for `quick_tests.test_result`, and back: NaN becomes null, arrays become lists."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from builder_app.quicktest.request import Reading, Rejection, RunResult, Trade


def metrics_to_json(metrics: Mapping[str, float]) -> dict[str, float | None]:
    """Metrics by name; one without a value is null."""
    return {name: None if not math.isfinite(value) else float(value) for name, value in metrics.items()}


def result_to_json(result: RunResult) -> dict[str, Any]:
    """Everything that the results panel shows. Times are ISO text; traces and the way to levels are not kept."""
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
        "long": None if result.long is None else _numbers(result.long),
        "short": None if result.short is None else _numbers(result.short),
        "read_otherwise": _reading_to_json(result.read_otherwise),
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
        long=_array(content["long"]) if content.get("long") is not None else None,
        short=_array(content["short"]) if content.get("short") is not None else None,
        read_otherwise=_reading(content.get("read_otherwise")),
    )


def _reading_to_json(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    trades = [dataclasses.asdict(trade) for trade in reading.trades]
    return {"equity": _numbers(reading.equity), "trades": trades, "rejections": reading.rejections}


def _reading(content: Mapping[str, Any] | None) -> Reading | None:
    if content is None:
        return None
    trades = tuple(Trade(**trade) for trade in content["trades"])
    return Reading(_array(content["equity"]), trades, int(content["rejections"]))


def _metrics(content: Mapping[str, float | None]) -> dict[str, float]:
    if "exposure" in content and "time_in_market" not in content:  # so it was called before exposure was of money
        content = {"time_in_market" if name == "exposure" else name: value for name, value in content.items()}
    return {name: math.nan if value is None else value for name, value in content.items()}


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _array(values: list[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
