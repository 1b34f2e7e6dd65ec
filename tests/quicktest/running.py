"""Texts to run, and runs of them, for the tests of the runner and of its processes."""

import sys

import numpy as np
import pytest

from builder_app.quicktest.request import (
    RunFailure,
    RunRequest,
    RunResult,
    TestConfig,
)
from builder_app.quicktest.runner import Runner
from tests.quicktest.engine.random_cases import random_pool
from tests.quicktest.trading import leg, panel_from, without_empty_bars

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the lock of the operating system is Linux's")
POOL = without_empty_bars(random_pool(np.random.default_rng(11), 300, 3))
PANEL = panel_from(POOL)
PRICES = (PANEL.open, PANEL.high, PANEL.low, PANEL.close, PANEL.volume)

HEAD = f"""import numpy as np
import pandas as pd
import talib as ta
RULES = {{"legs": [{leg()!r}], "portfolio": {{"maximum_positions": 2}}}}
"""
GOOD = (
    HEAD
    + """
def signals(prices):
    close = prices["close"]
    average = ta.SMA(close, timeperiod=5)
    smooth = pd.Series(close).ewm(span=4).mean().to_numpy()
    return {"buy": close > average, "sell": close < smooth}
"""
)


def text(body: str) -> str:
    """A strategy whose signals() has this body before it returns two arrays."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return (
        HEAD + f"def signals(prices):\n{lines}    return {{'buy': prices['close'] > 9, 'sell': prices['close'] < 1}}\n"
    )


def run(
    runner: Runner, source: str, config: TestConfig | None = None, time_limit: float = 30.0
) -> RunResult | RunFailure:
    return runner.run(RunRequest(source, config or TestConfig(), PANEL, time_limit))


def failure(runner: Runner, source: str, config: TestConfig | None = None, time_limit: float = 30.0) -> RunFailure:
    result = run(runner, source, config, time_limit)
    assert isinstance(result, RunFailure), result
    assert result.message.endswith(".")
    assert "Traceback" not in result.message
    return result


def result_of(result: RunResult | RunFailure) -> RunResult:
    assert isinstance(result, RunResult), result
    return result


ENDLESS = text("while True:\n    pass")
