"""From the picture to trades: every curated block through the locked worker and the engine, and from a folder."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from builder_app.flow.templates import NodeTemplate
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import RunFailure, RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session.code.export import Export, exported_files
from tests.codegen.block_flows import curated, strategy_of
from tests.codegen.flows import compiled
from tests.codegen.panels import POOL, SYMBOLS, random_bars
from tests.codegen.test_panels import factors


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as shared:
        yield shared


def panel(seed: int = 1, bars: int = 150) -> Panel:
    """Four symbols to trade and one to look at."""
    found = random_bars(seed, bars)
    fields = [
        np.ascontiguousarray(np.column_stack([found.others[symbol][place] for symbol in SYMBOLS])) for place in range(5)
    ]
    digest = hashlib.sha256(b"".join(field.tobytes() for field in fields)).hexdigest()
    opens, highs, lows, closes, volumes = fields
    return Panel(SYMBOLS, found.times, opens, highs, lows, closes, volumes, digest)


@pytest.mark.parametrize("template", curated(), ids=lambda template: template.name)
def test_block_trades_in_the_worker_and_the_engine(template: NodeTemplate, runner: Runner) -> None:
    program = compiled(strategy_of(template))
    result = runner.run(RunRequest(program.source, TestConfig(stock_pool=POOL, benchmark="SPY"), panel()))
    assert isinstance(result, RunResult), result
    assert np.isfinite(result.equity).all()
    assert result.trades or result.rejections
    for variable in program.variables.values():
        assert variable in result.traces, variable


def test_strategy_in_steps_gives_the_same_numbers_from_its_folder(tmp_path: Path, runner: Runner) -> None:
    picture, prices = factors(), panel()
    program, config = compiled(picture), TestConfig(stock_pool=POOL)
    result = runner.run(RunRequest(program.source, config, prices))
    assert isinstance(result, RunResult)
    assert len(result.trades) > 3
    rows = ["symbol,date,open,high,low,close,volume"]
    for column, symbol in enumerate(prices.symbols):
        for bar in np.flatnonzero(~np.isnan(prices.close[:, column])):
            values = [getattr(prices, name)[bar, column] for name in ("open", "high", "low", "close", "volume")]
            rows.append(",".join([symbol, str(prices.times[bar])[:10], *map(repr, map(float, values))]))
    for name, text in exported_files(Export(picture, program, config, result, "\n".join(rows) + "\n")).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "strategy.py", "prices.csv", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    metrics = json.loads(ran.stdout)["metrics"]
    for name, value in result.metrics.items():
        if not np.isnan(value):
            assert metrics[name] == pytest.approx(value, rel=1e-9), name


def test_missing_other_symbol_is_said_with_the_block_that_looks_at_it(runner: Runner) -> None:
    prices = panel()
    known = [column for column, symbol in enumerate(SYMBOLS) if symbol != "SPY"]
    names = ("open", "high", "low", "close", "volume")
    opens, highs, lows, closes, volumes = (np.ascontiguousarray(getattr(prices, name)[:, known]) for name in names)
    without = Panel(POOL, prices.times, opens, highs, lows, closes, volumes, "without")
    result = runner.run(RunRequest(compiled(factors()).source, TestConfig(), without))
    assert isinstance(result, RunFailure)
    assert "The block 'Market' looks at SPY" in result.message
