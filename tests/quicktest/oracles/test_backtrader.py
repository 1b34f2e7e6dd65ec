"""Fills equal those of the package `backtrader` 1.9.78, one by one, on AAPL and GOOG and on a hundred symbols.

It decides at a close and fills at the next open as we do, with the same commission. Two of its rules differ: what is
open at the end stays open, and a stop sent with the entry is not live in the entry bar and measured from the price of
the decision, so that only orders without stops are compared here.
"""

from pathlib import Path

import pytest

from tests.quicktest.oracles.cases import SHARES, Signals, hundred, ours, samples, theirs
from tests.quicktest.oracles.environment import OracleMissing, oracle_python


@pytest.fixture(scope="module")
def oracle() -> Path:
    try:
        return oracle_python("backtrader")
    except OracleMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=["AAPL and GOOG", "a hundred symbols"])
def case(request: pytest.FixtureRequest) -> Signals:
    return samples() if request.param == "AAPL and GOOG" else hundred(150)


def test_crossovers_fill_alike(oracle: Path, case: Signals, tmp_path: Path) -> None:
    """Left out: the close of what is open at the end, which is ours alone."""
    place = {symbol: number for number, symbol in enumerate(case.pool.symbols)}
    mine = []
    for trade in ours(case, []).trades:
        mine.append((place[trade.symbol], trade.entry_bar, trade.entry_price, SHARES))
        if trade.exit_reason != "end of test":
            mine.append((place[trade.symbol], trade.exit_bar, trade.exit_price, -SHARES))
    others = sorted((int(r[0]), int(r[1]), r[2], r[3]) for r in theirs(oracle, "backtrader_driver.py", case, tmp_path))
    assert len(mine) > 90
    assert [row[:2] for row in sorted(mine)] == [row[:2] for row in others]
    for one, other in zip(sorted(mine), others, strict=True):
        assert one[2:] == pytest.approx(other[2:], rel=1e-9)
