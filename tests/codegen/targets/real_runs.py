"""Run a target's file for real, in its own environment, and the quick test of the same flow on the same prices."""

import csv
import io
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.flow.values import LogicFlow
from builder_app.market.exported import prices_files
from builder_app.market.prices import read_prices
from builder_app.nodes import validate_parameters
from builder_app.quicktest.request import RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session.runs.config_codec import config_to_json
from tests.codegen.flows import CATALOGUE
from tests.environments import CHECKOUT, python_with

SAMPLE: Final = CHECKOUT / "resources" / "samples" / "stocks.csv.gz"
FREE: Final = TestConfig(initial_capital=1e7, commission_rate=0.0, slippage=0.0)
FREQTRADE_DRIVER: Final = Path(__file__).parent / "freqtrade_driver.py"
SECONDS: Final = 200


@dataclass(frozen=True, slots=True)
class Fill:
    """One round trip: dates as text, prices, and why it ended (empty where the engine does not say)."""

    symbol: str
    direction: str
    quantity: float
    entry_time: str
    entry_price: float
    exit_time: str
    exit_price: float
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other one."""
        return self.symbol, self.entry_time, self.direction


def program_for(target: str, flow: LogicFlow) -> Program:
    """The target's file, or a failure that says the problems."""
    outcome = compile_flow(flow, CATALOGUE, target, validate_parameters)
    assert isinstance(outcome, Program), [problem.message for problem in outcome]
    return outcome


def quick_result(flow: LogicFlow, symbols: Sequence[str], config: TestConfig = FREE) -> RunResult:
    """The quick test of the flow on the sample prices of these symbols."""
    panel = read_prices([SAMPLE], tuple(symbols), config.start_date, config.end_date)
    with Runner() as runner:
        result = runner.run(RunRequest(program_for("standalone", flow).source, config, panel))
    assert isinstance(result, RunResult), result
    return result


def quick_trades(flow: LogicFlow, symbols: Sequence[str], config: TestConfig = FREE) -> list[Fill]:
    """Its round trips by entry."""
    result = quick_result(flow, symbols, config)
    days = [str(time)[:10] for time in result.times]
    fills = [
        Fill(
            trade.symbol,
            "long" if trade.direction > 0 else "short",
            trade.quantity,
            days[trade.entry_bar],
            trade.entry_price,
            days[trade.exit_bar],
            trade.exit_price,
            trade.exit_reason,
        )
        for trade in result.trades
    ]
    return sorted(fills, key=lambda fill: fill.key)


def environment_of(target: str, installed_only: bool = False) -> Path:
    """The Python that has the target's engine; skips where it is not there and may not be, or cannot be, installed."""
    if installed_only and not (CHECKOUT / f".oracle-target-{target}" / "requirements.sha256").exists():
        pytest.skip(f"The environment of {target} is not there yet; the long tests install it.")
    try:
        return python_with(f"target-{target}", (*TARGETS[target].requirements, "TA-Lib>=0.8"))
    except subprocess.CalledProcessError as reason:
        pytest.skip(f"{target} could not be installed here: {reason}")


def write_folder(folder: Path, program: Program, symbols: Sequence[str], config: TestConfig) -> None:
    """What an exported folder has: the file, its set-up, the reader of prices."""
    folder.mkdir(exist_ok=True)
    (folder / "strategy.py").write_text(program.source, encoding="utf-8")
    document: dict[str, Any] = config_to_json(config) | {"stock_pool": list(symbols)}
    (folder / "config.json").write_text(json.dumps(document), encoding="utf-8")
    for name, text in prices_files().items():
        path = folder / "prices" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def target_trades(
    python: Path, folder: Path, flow: LogicFlow, symbols: Sequence[str], config: TestConfig = FREE
) -> list[Fill]:
    """The round trips that the file prints when it runs there; the folder's name is the target's."""
    write_folder(folder, program_for(folder.name, flow), symbols, config)
    command: list[str | Path] = [python, "strategy.py", SAMPLE]
    if folder.name == "freqtrade":  # it is not a program: freqtrade loads it
        command = [python, FREQTRADE_DRIVER, folder, SAMPLE]
    answer = run_there(command, folder)
    return fills_from(answer[answer.index("symbol,") :])


def run_there(command: Sequence[str | Path], folder: Path, **more: str) -> str:
    """What the command prints; fails with what it says where it ends badly."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | more
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def fills_from(text: str) -> list[Fill]:
    """Round trips from CSV, by entry."""
    fills = [
        Fill(
            row["symbol"],
            row["direction"],
            float(row["quantity"]),
            row["entry_time"][:10],
            float(row["entry_price"]),
            row["exit_time"][:10],
            float(row["exit_price"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    ]
    return sorted(fills, key=lambda fill: fill.key)


def assert_equal(mine: Sequence[Fill], theirs: Sequence[Fill], relative: float = 1e-9) -> None:
    """Bars and directions exactly, prices and quantities to `relative`; the price at the end is left out."""
    assert [fill.key for fill in mine] == [fill.key for fill in theirs]
    for ours, other in zip(mine, theirs, strict=True):
        assert other.quantity == pytest.approx(ours.quantity, rel=max(relative, 1e-6)), ours
        assert other.entry_price == pytest.approx(ours.entry_price, rel=relative), ours
        assert other.exit_time == ours.exit_time, ours
        if ours.reason != "end of test":
            assert other.exit_price == pytest.approx(ours.exit_price, rel=relative), ours
