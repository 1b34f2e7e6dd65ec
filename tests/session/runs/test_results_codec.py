"""A result comes back from the store as it was."""

import json
import math

import numpy as np

from builder_app.quicktest.request import Reading, Rejection, RunResult, Trade
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
        long=equity + 1.0,
        short=np.zeros(50),
        read_otherwise=Reading(equity * 3, (Trade("IBM", -1, 1.0, 1, 2.0, 3, 4.0, "target", 5.0, 6.0, 7.0),), 4),
    )
    back = result_from_json(json.loads(json.dumps(result_to_json(result), allow_nan=False)))
    for name in ("times", "equity", "benchmark", "drawdown", "long", "short"):
        np.testing.assert_array_equal(getattr(back, name), getattr(result, name))
    assert (back.trades, back.rejections, back.notes, back.symbols) == (
        result.trades,
        result.rejections,
        result.notes,
        result.symbols,
    )
    assert math.isnan(back.metrics["sharpe_ratio"])
    assert back.metrics["total_return"] == 0.1
    assert back.read_otherwise is not None
    assert result.read_otherwise is not None
    np.testing.assert_array_equal(back.read_otherwise.equity, result.read_otherwise.equity)
    assert back.read_otherwise.trades == result.read_otherwise.trades
    assert back.read_otherwise.rejections == 4


def test_a_result_kept_before_exposure_was_of_money_reads_with_its_time_in_the_market() -> None:
    content = {
        "times": ["2020-01-01T00:00:00"], "equity": [1.0], "benchmark": [1.0], "drawdown": [0.0], "trades": [],
        "rejections": [], "metrics": {"exposure": 0.75}, "code_hash": "", "data_fingerprint": "", "seconds": 0.0,
        "symbols": ["A"], "notes": [], "lower": {"exposure": 0.5}, "upper": {"exposure": 0.75},
    }  # fmt: skip
    back = result_from_json(content)
    assert (back.metrics, back.lower, back.upper) == tuple({"time_in_market": one} for one in (0.75, 0.5, 0.75))
    assert (back.long, back.short, back.read_otherwise, back.replay) == (None, None, None, None)
