"""The verdict on a second run: identical to the byte or not, what changed, and where the results part."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.quicktest.request import FailureKind, RunFailure, RunResult, Trade
from builder_app.session.runs.run_again import content_of, result_digest, verdict

VERSIONS = {"Engine": "abc", "NumPy": "2.0"}


def result(bars: int = 30) -> RunResult:
    equity = 100_000.0 + np.random.default_rng(3).normal(size=bars).cumsum()
    trades = tuple(
        Trade(symbol, 1, 10.0, entry, 100.0 + entry, entry + 3, 101.0, "signal", 10.0, 1.0, 0.01)
        for symbol, entry in (("AAPL", 1), ("IBM", 5), ("MSFT", 9))
    )
    return RunResult(
        times=np.arange("2020-01-01", "2020-12-31", dtype="datetime64[D]")[:bars].astype("datetime64[ns]"),
        equity=equity,
        benchmark=equity,
        drawdown=np.zeros(bars),
        trades=trades,
        rejections=(),
        metrics={"total_return": 0.1},
        code_hash="c" * 64,
        data_fingerprint="d" * 64,
        seconds=0.01,
    )


def kept() -> dict[str, Any]:
    """A result as it comes back from the store."""
    content: dict[str, Any] = json.loads(json.dumps(content_of(result(), VERSIONS)))
    return content


def test_same_bytes_are_identical_however_long_the_run_took() -> None:
    found = verdict("Mine", kept(), kept() | {"seconds": 9.0})
    assert found.is_identical
    assert "the same 3 trades and 30 points of the curve." in found.message


@given(st.integers(0, 29), st.booleans())
def test_the_smallest_change_of_the_curve_is_seen_and_its_day_is_named(bar: int, up: bool) -> None:
    again = kept()
    again["equity"][bar] = float(np.nextafter(again["equity"][bar], np.inf if up else -np.inf))
    found = verdict("Mine", kept(), again)
    assert not found.is_identical
    day = np.datetime_as_string(result().times[bar], unit="D")
    assert f"The trades are the same; the equity parts on {day}." in found.message
    assert "please report it" in found.message, "nothing that the result depends on had changed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda again: again["trades"][1].update(exit_price=101.5), "number 2, IBM, entered on 2020-01-06."),
        (lambda again: again["trades"].pop(), "There are 2 trades instead of 3."),
        (lambda again: [again[name].pop() for name in ("times", "equity")], "29 points instead of 30."),
        (lambda again: again["times"].__setitem__(3, "2020-01-04T12:00:00"), "the times of the bars are not."),
    ],
)
def test_it_is_said_where_the_results_part(change: Callable[[dict[str, Any]], object], said: str) -> None:
    again = kept()
    change(again)
    found = verdict("Mine", kept(), again)
    assert not found.is_identical
    assert found.message.endswith(said)


def test_what_changed_is_named_prices_code_and_versions() -> None:
    again = kept() | {"data_fingerprint": "e" * 64, "code_hash": "f" * 64, "versions": {"Engine": "xyz", "numba": "1"}}
    again["equity"][0] += 1.0
    message = verdict("Mine", kept(), again).message
    for sentence in (
        "The prices are not what they were (eeeeeeee… instead of dddddddd…).",
        "The strategy's code is not what it was (ffffffff… instead of cccccccc…).",
        "Engine is xyz instead of abc.",
        "NumPy is none instead of 2.0.",
        "numba is 1 instead of none.",
    ):
        assert sentence in message


def test_results_kept_without_versions_are_compared_and_it_is_said() -> None:
    old = kept()
    del old["versions"]
    found = verdict("Mine", old, kept())
    assert found.is_identical
    assert "was not kept" in found.message


def test_failure_and_damage_are_said_in_sentences() -> None:
    failed = verdict("Mine", kept(), RunFailure(FailureKind.WORKER_LOST, "The worker was gone."))
    assert (failed.is_identical, failed.message) == (False, "'Mine' could not be run again: The worker was gone.")
    damaged = verdict("Mine", {"equity": "no"}, kept())
    assert not damaged.is_identical
    assert "cannot be read" in damaged.message


def test_digest_is_over_curve_and_trades_alone() -> None:
    assert result_digest(kept()) == result_digest(kept() | {"notes": ["Other."], "seconds": 1.0, "versions": {}})
    other = kept()
    other["trades"][0]["costs"] = 2.0
    assert result_digest(other) != result_digest(kept())
