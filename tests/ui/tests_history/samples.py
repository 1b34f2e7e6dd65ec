"""Kept tests and comparisons made by hand."""

import datetime

import numpy as np

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import EMPTY_FLOW
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.runs.comparison import ComparedTest, Comparison, compare, judged, uncertainty_of
from builder_app.session.runs.tests_history import KeptTest
from builder_app.store.vocabulary import TestStatus

START = datetime.datetime(2024, 5, 20, 15, 0, tzinfo=datetime.UTC)


def kept(number: int, **more: object) -> KeptTest:
    """The test of this number; a greater one is newer."""
    at = START + datetime.timedelta(minutes=number)
    metrics = {"total_return": number / 100, "sharpe_ratio": number / 10, "max_drawdown": -number / 100}
    values: dict[str, object] = {"reason": "", "seconds": 0.1, "is_starred": False, **more}
    status = values.pop("status", TestStatus.COMPLETED)
    return KeptTest(f"id {number}", "strategy", f"Test {number}", at, status, metrics, **values)  # type: ignore[arg-type]


def compared(number: int, days: int = 300, config: TestConfig = TestConfig()) -> ComparedTest:  # noqa: B008
    """A test of so many days whose equity grows by its number in hundredths."""
    times = (np.datetime64("2020-01-01") + np.arange(days)).astype("datetime64[ns]")
    noise = np.random.default_rng(abs(number)).normal(0.0, 0.01, days).cumsum()
    equity = 100_000.0 * (1.0 + np.linspace(0.0, number / 100, days) + noise - noise * np.linspace(0.0, 1.0, days))
    result = RunResult(
        times=times,
        equity=equity,
        benchmark=equity,
        drawdown=np.zeros(days),
        trades=(),
        rejections=(),
        metrics={"total_return": number / 100, "sharpe_ratio": number / 10, "trade_count": float(number)},
        code_hash="a" * 64,
        data_fingerprint="b" * 64,
        seconds=0.1,
    )
    return ComparedTest(f"id {number}", f"Test {number}", config, EMPTY_FLOW, result)


def comparison(*tests: ComparedTest) -> Comparison:
    """These side by side."""
    return judged(compare(tests, Catalogue({})), uncertainty_of)
