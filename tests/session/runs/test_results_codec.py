"""A result comes back from the store as it was."""

import json
import math

import numpy as np

from builder_app.quicktest.request import Rejection, RunResult, Trade
from builder_app.session.runs.results_codec import result_from_json, result_to_json


def test_result_comes_back_from_its_json_bit_for_bit() -> None:
    generator = np.random.default_rng(7)
    equity = generator.normal(size=50).cumsum()
    equity[3] = math.nan
    result = RunResult(
        times=np.arange("2020-01-01", "2020-02-20", dtype="datetime64[D]").astype("datetime64[ns]"),
        equity=equity,
        benchmark=equity * 2,
        drawdown=-np.abs(equity),
        trades=(Trade("AAPL", 1, 10.0, 1, 100.1, 5, 1 / 3, "stop", -5.0, 0.1, -0.05, ambiguous=True),),
        rejections=(Rejection("IBM", 3, -1, "not enough cash"),),
        metrics={"total_return": 0.1, "sharpe_ratio": math.nan},
        code_hash="a" * 64,
        data_fingerprint="b" * 64,
        seconds=0.01,
        symbols=("AAPL", "IBM"),
        notes=("Few trades.",),
    )
    back = result_from_json(json.loads(json.dumps(result_to_json(result), allow_nan=False)))
    for name in ("times", "equity", "benchmark", "drawdown"):
        np.testing.assert_array_equal(getattr(back, name), getattr(result, name))
    assert (back.trades, back.rejections, back.notes, back.symbols) == (
        result.trades,
        result.rejections,
        result.notes,
        result.symbols,
    )
    assert math.isnan(back.metrics["sharpe_ratio"])
    assert back.metrics["total_return"] == 0.1
